"""What keeps the buzzer quiet for a while: audio pause, shelves, and the thinning of a flood. Pure.

Each has a name and an end; nothing here touches a button, smoke, gas or a fall.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from agent.alarms.alarm import Alarm, CommandError, State
from agent.alarms.settings import AlarmSettings
from agent.alarms.sounding import Flood, Thinning
from agent.alarms.standing import Noted, Pause, Shelf, StandingEvent
from agent.moment import DAY_S, Moment, clock_text
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason, because

FLOOD = "alarm_flood"


def calls(alarms: Iterable[Alarm]) -> Iterator[Alarm]:
    """Those of `alarms` that call for help, and that nobody has seen."""
    return (one for one in alarms if one.state is State.RAISED and KINDS[one.kind].unsuppressible)


class Quiet:
    """Holds the pause, the shelves and the count of a flood."""

    def __init__(self, settings: AlarmSettings, new_id: Callable[[], str]) -> None:
        self._settings = settings
        self._new_id = new_id
        self._flood = Flood(settings.flood)
        self._flood_told = False
        self._thinning = Thinning()
        self._shelves: dict[str, Shelf] = {}
        self.audio_paused: Pause | None = None

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        """What is shelved now."""
        return tuple(self._shelves.values())

    @property
    def flood(self) -> bool:
        """Whether low and medium sounds are thinned."""
        return self._flood.on

    @property
    def due(self) -> float:
        """When the first of it ends."""
        paused = self.audio_paused.until if self.audio_paused else math.inf
        return min(paused, self._flood.due, min((shelf.until for shelf in self._shelves.values()), default=math.inf))

    def shown(self, alarms: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
        """The alarms as annunciators get them."""
        if self.audio_paused is None and not self._flood.on:
            return alarms
        return self._thinning.shown(alarms, self.audio_paused, self._flood.on)

    def pause(self, by: str, seconds: float, alarms: tuple[Alarm, ...], moment: Moment) -> StandingEvent:
        """Pause the sound of what is open for `seconds`, at most the settings' longest. Raises `CommandError`.

        Pausing again replaces the pause that there is, record and all: a restart would bring the first one back. What
        calls for help is paused once, and for longer only after somebody has seen it.
        """
        sounding = [alarm.priority for alarm in alarms if alarm.sounding]
        if not sounding:
            raise CommandError("nothing_sounds", "nothing sounds; there is nothing to pause")
        if not 0 < seconds <= self._settings.pause_s:
            raise CommandError("bad_value", f"a pause lasts 1 to {self._settings.pause_s:g} seconds")
        for alarm in calls(alarms):
            if alarm.paused_until and moment.monotonic + seconds > alarm.paused_until:
                raise _paused_already(alarm, moment)
        now, known = moment.monotonic, self.audio_paused
        id_ = known.id if known else self._new_id()
        self.audio_paused = Pause(id_, by, now, now + seconds, max(sounding))
        return self._event(Noted.PAUSED, self.audio_paused, moment, by)

    def resume(self, by: str, moment: Moment, *reasons: Reason) -> Iterator[StandingEvent]:
        """End the pause, if there is one."""
        paused, self.audio_paused = self.audio_paused, None
        if paused is not None:
            yield self._event(Noted.RESUMED, paused, moment, by, *reasons)

    def broken_by(self, alarm: Alarm, moment: Moment) -> Iterator[StandingEvent]:
        """An alarm that is new, or worse, or sounds again, ends the pause: a graver one, or one that nothing quiets."""
        paused = self.audio_paused
        if paused is None or alarm.state is not State.RAISED:
            return
        if alarm.priority > paused.priority or KINDS[alarm.kind].unsuppressible:
            yield from self.resume("system", moment, because("pause_broken", kind=alarm.kind))

    def broken_before(self, alarm: Alarm, known: Alarm | None, moment: Moment) -> Iterator[StandingEvent]:
        """`alarm`, from before a restart, had broken the pause, and the store does not know; it has `known` of it."""
        paused = self.audio_paused
        if paused is None:
            return
        if known is None:
            news = alarm.raised_at > paused.since
        else:
            climbed, changed = alarm.step != known.step, alarm.changed_at > known.changed_at
            worse = alarm.priority > known.priority or known.state is not State.RAISED
            news = worse or (changed and not climbed)
        if news:
            yield from self.broken_by(alarm, moment)

    def shelve(
        self, kind: str, subject: str, by: str, why: str, until: float, latest: float | None, moment: Moment
    ) -> StandingEvent:
        """Put alarms of `kind` about `subject` aside until monotonic `until`, no later than `latest`.

        Raises `CommandError`: no such kind, one that may never be shelved, no reason, no time left.
        """
        if kind not in KINDS:
            raise CommandError("bad_value", f"there is no kind of alarm {kind!r}")
        if KINDS[kind].unsuppressible:
            raise CommandError("never_shelved", f"{kind} is never shelved: it would be somebody's call for help")
        if not why.strip() or not by.strip() or not subject:
            raise CommandError("bad_value", "shelving needs whom or what it is about, a name and a reason")
        now = moment.monotonic
        end = min(until, now + self._settings.shelf_s if latest is None else latest)
        if end <= now:
            raise CommandError("bad_value", "that time is over already")
        shelf = Shelf(self._new_id(), kind, subject, by, why.strip()[:200], now, end)
        self._shelves[shelf.id] = shelf
        return self._event(Noted.SHELVED, shelf, moment, by)

    def unshelve(self, id_: str, by: str, moment: Moment, *reasons: Reason) -> StandingEvent:
        """Take it off the shelf; raises `CommandError` for one that is not there."""
        shelf = self._shelves.pop(id_, None)
        if shelf is None:
            raise CommandError("unknown_alarm", f"there is no shelf {id_}; it may have ended")
        return self._event(Noted.UNSHELVED, shelf, moment, by, *reasons)

    def restore(self, record: Pause | Shelf, moment: Moment) -> Iterator[StandingEvent]:
        """From before a restart; one whose time is over ends now, or the next restart would find it again."""
        if record.until <= moment.monotonic:
            ended = Noted.RESUMED if isinstance(record, Pause) else Noted.UNSHELVED
            yield self._event(ended, record, moment, "system", because("time_over"))
        elif isinstance(record, Pause):
            self.audio_paused = record
        else:
            self._shelves[record.id] = record

    def raised(self, moment: Moment) -> None:
        """An alarm was raised."""
        self._flood.raised(moment.monotonic)

    def was_raised(self, alarm: Alarm) -> None:
        """`alarm` comes from before a restart; that of a flood ends with the flood."""
        if alarm.kind == FLOOD:
            self.was_flood()
        else:
            self._flood.raised(alarm.raised_at)

    def was_flood(self) -> None:
        """Staff know of a flood from before a restart."""
        self._flood_told = True

    def flood_changed(self) -> bool | None:
        """Whether a flood has begun (True) or ended (False) since this was asked last; None: neither."""
        if self._flood.on is self._flood_told:
            return None
        self._flood_told = self._flood.on
        return self._flood_told

    def tick(self, moment: Moment) -> Iterator[StandingEvent]:
        """End what has lasted for its time."""
        self._flood.look(moment.monotonic)
        if self.audio_paused is not None and self.audio_paused.until <= moment.monotonic:
            yield from self.resume("system", moment, because("time_over"))
        for shelf in self.shelves:
            if shelf.until <= moment.monotonic:
                yield self.unshelve(shelf.id, "system", moment, because("time_over"))

    def within(self, latest: float | None, moment: Moment) -> Iterator[StandingEvent]:
        """No shelf outlives the shift, which ends at `latest`: the clock may be set late, or the roster edited."""
        for shelf in self.shelves:
            if latest is not None and shelf.until >= latest + 1.0:  # not for the rounding of each look at the clock
                self._shelves[shelf.id] = shorter = replace(shelf, until=latest)
                yield self._event(Noted.SHELVED, shorter, moment, "system", because("shift_ends"))

    def _event(
        self, noted: Noted, record: Pause | Shelf, moment: Moment, actor: str, *reasons: Reason
    ) -> StandingEvent:
        stands = noted in (Noted.PAUSED, Noted.SHELVED)
        return StandingEvent(self._new_id(), noted, record, stands, moment.monotonic, actor, reasons)


def _paused_already(alarm: Alarm, moment: Moment) -> CommandError:
    """Why the sound of `alarm` is not paused again: who did it, until when, and what to do."""
    until_s = (moment.time_of_day_s + alarm.paused_until - moment.monotonic) % DAY_S
    facts = {"by": alarm.paused_by, "until": clock_text(until_s) if moment.wall_known else "--:--"}
    kind, where = KINDS[alarm.kind], alarm.subject.room or alarm.subject.id
    return CommandError(
        "paused_already",
        f"{kind.en} ({where}) was paused by {facts['by']} until {facts['until']}, and nobody has seen it:"
        " mark it seen, or go there",
        **facts,
        zh=f"{kind.zh}（{where}）",
        en=f"{kind.en} ({where})",
    )
