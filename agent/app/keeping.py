"""What the store is given: every alarm event, the readings worth keeping, and nothing that names a resident."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from agent.alarms.alarm import Alarm, AlarmEvent, Happened, State
from agent.alarms.standing import StandingEvent, Suppressed, subject_of, to_json
from agent.clock import Clock
from agent.detection.acts import ACTS, Act
from agent.judge import Verdict
from agent.residents import Site
from agent.rules.finding import Decline, Prompt
from agent.store.entry import ACT, ALARM, AUDIT, DECISION, STANDING, Entry, Lane
from agent.store.readings import ReadingLog
from agent.store.recall import Recall, devices_about
from agent.store.store import Store
from drivers.reading import Reading

FLUSH_S = 10.0  # what is thinned is due a minute after the last value kept: looking each second would find nothing


class Keeping:
    """Turns events into entries; returns at once, whatever the disk does."""

    def __init__(self, store: Store, clock: Clock, site: Site, new_id: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._site = site
        self._new_id = new_id
        self._readings = ReadingLog(new_id)
        self._recall = Recall(new_id)
        self._flushed_at = clock.monotonic()

    def use(self, site: Site) -> None:
        """Site facts have changed."""
        self._site = site

    def verdict(self, verdict: Verdict) -> None:
        """What was decided: alarms and what stands beside them first, then what was held back, left or asked."""
        for event in verdict.events:
            self._alarm(event)
        for standing in verdict.standing:
            self._standing(standing)
        for held in verdict.suppressed:
            why = {"priority": held.priority.label, "until": self._clock.stamp(held.until).wall, "by": held.by}
            self._decision("suppressed", held, held.since, why)
        for left in verdict.declined:
            self._decision("declined", left, left.at, {})
        for asked in verdict.prompts:
            self._asked(asked)

    def called(self, word: str, subject: str, data: Mapping[str, Any]) -> None:
        """What became of a call or a question about `subject`: an inquiry asks who was told, and when."""
        told = {"decision": word, **data}
        self._store.put(Lane.TELEMETRY, Entry(self._new_id(), DECISION, self._clock.stamp(), subject, told))

    def audited(self, action: str, subject: str, data: Mapping[str, Any], actor: str) -> None:
        """What a person did to `subject` that no act stands for: who set a camera, and what they said of it."""
        told = {"action": action, **data}
        self._store.put(Lane.ALARMS, Entry(self._new_id(), AUDIT, self._clock.stamp(), subject, told, actor))

    def act(self, act: Act) -> None:
        """What a person did; the newest one of a standing topic is what a restart restores."""
        state = {**asdict(act), "record": "act"}
        data = {"act": act.name, "state": state}
        record = f"act:{act.topic}:{act.subject.id}" if ACTS[act.name].standing else ""
        entry = Entry(
            self._new_id(), ACT, self._clock.stamp(act.at), act.subject.id, data, act.actor, record, bool(record)
        )
        self._store.put(Lane.ALARMS, entry)

    def _alarm(self, event: AlarmEvent) -> None:
        """Into the alarms lane, with the whole alarm after it: that row is what a restart restores."""
        alarm = event.alarm
        data = {
            "happened": event.happened.value,
            "alarm": alarm.to_json(),
            "reasons": [reason.to_json() for reason in event.reasons],
        }
        stamp = self._clock.stamp(event.at)
        type_ = ALARM.format(happened=event.happened.value)
        open_ = alarm.state is not State.CLOSED
        self._store.put(
            Lane.ALARMS, Entry(event.id, type_, stamp, alarm.subject.id, data, event.actor, alarm.id, open_)
        )
        if event.happened is Happened.RAISED:
            self._remember(alarm)

    def _standing(self, event: StandingEvent) -> None:
        record = event.record
        data = {
            "noted": event.noted.value,
            "state": to_json(record),
            "reasons": [reason.to_json() for reason in event.reasons],
        }
        stamp = self._clock.stamp(event.at)
        entry = Entry(
            event.id, STANDING, stamp, subject_of(record) or "gateway", data, event.actor, record.id, event.open
        )
        self._store.put(Lane.ALARMS, entry)

    def _decision(self, word: str, one: Suppressed | Decline, at: float, why: Mapping[str, Any]) -> None:
        """Into the telemetry lane: many a night, and no alarm waits for them."""
        data = {"decision": word, "kind": one.kind, "device": one.device, **why}
        data["reasons"] = [reason.to_json() for reason in one.reasons]
        self._store.put(Lane.TELEMETRY, Entry(self._new_id(), DECISION, self._clock.stamp(at), one.subject.id, data))

    def _asked(self, prompt: Prompt) -> None:
        """That a room was to be asked, and why: an alarm may have waited for the answer."""
        data = {"decision": "asked", "text": prompt.text, "reasons": [reason.to_json() for reason in prompt.reasons]}
        stamp = self._clock.stamp(prompt.at)
        self._store.put(Lane.TELEMETRY, Entry(self._new_id(), DECISION, stamp, prompt.subject.id, data))

    def _remember(self, alarm: Alarm) -> None:
        """What its devices said in the last minutes and say in the next ones, each reading of it."""
        devices = (*devices_about(self._site, alarm.subject), *alarm.devices)
        entry = self._recall.alarm(alarm.id, alarm.subject.id, devices, self._clock.stamp())
        self._store.put(Lane.TELEMETRY, entry)

    def reading(self, reading: Reading) -> None:
        """Into the telemetry lane, if it tells something new; into memory in any case."""
        self._recall.take(reading)
        entry = self._readings.take(reading, self._clock.stamp(reading.at), self._subject(reading.device))
        if entry is not None:
            self._store.put(Lane.TELEMETRY, entry)

    def flush(self) -> None:
        """What waits for its time: readings around alarms, last values of devices that fell silent. Each second."""
        now = self._clock.monotonic()
        self._write(self._recall.due(now, self._clock.stamp, self._subject))
        if now - self._flushed_at >= FLUSH_S:
            self._flushed_at = now
            self._write(self._readings.flush(now, self._clock.stamp, self._subject))

    def close(self) -> None:
        """The same at the end, and nothing is left to wait."""
        now = self._clock.monotonic()
        self._write(self._recall.due(now, self._clock.stamp, self._subject, at_once=True))
        self._write(self._readings.flush(now, self._clock.stamp, self._subject))

    def _write(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._store.put(Lane.TELEMETRY, entry)

    def _subject(self, device: str) -> str:
        return self._site.subject_of(device).id
