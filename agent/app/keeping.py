"""What the store is given: every alarm event, the readings worth keeping, and nothing that names a resident."""

from collections.abc import Callable

from agent.alarms.alarm import AlarmEvent, State
from agent.clock import Clock
from agent.residents import Site
from agent.store.entry import ALARM, Entry, Lane
from agent.store.readings import ReadingLog
from agent.store.store import Store
from drivers.reading import Reading


class Keeping:
    """Turns events into entries; returns at once, whatever the disk does."""

    def __init__(self, store: Store, clock: Clock, site: Site, new_id: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._site = site
        self._readings = ReadingLog(new_id)

    def alarm_event(self, event: AlarmEvent) -> None:
        """Into the alarms lane, with the whole alarm after it: that row is what a restart restores."""
        alarm = event.alarm
        entry = Entry(
            event.id,
            ALARM.format(happened=event.happened.value),
            self._clock.stamp(event.at),
            alarm.subject.id,
            {
                "happened": event.happened.value,
                "alarm": alarm.to_json(),
                "reasons": [reason.to_json() for reason in event.reasons],
            },
            event.actor,
            alarm.id,
            alarm.state is not State.CLOSED,
        )
        self._store.put(Lane.ALARMS, entry)

    def reading(self, reading: Reading) -> None:
        """Into the telemetry lane, if it tells something new."""
        entry = self._readings.take(reading, self._clock.stamp(reading.at), self._subject(reading.device))
        if entry is not None:
            self._store.put(Lane.TELEMETRY, entry)

    def flush(self) -> None:
        """The last thinned values of devices that fell silent; called now and then."""
        for entry in self._readings.flush(self._clock.monotonic(), self._clock.stamp, self._subject):
            self._store.put(Lane.TELEMETRY, entry)

    def _subject(self, device: str) -> str:
        return self._site.subject_of(device).id
