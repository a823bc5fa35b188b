"""Lives a day again: lines of a day file in, lines about alarms out, on the time of the file. Deterministic."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, Happened
from agent.alarms.settings import AlarmSettings
from agent.detection.acts import ACTS, Act
from agent.judge import Judge, Verdict
from agent.moment import NIGHT, Moment
from agent.replay import told
from agent.replay.day import parse
from agent.replay.line import CommandLine, DayError, EventLine, Line, SiteLine
from agent.replay.orders import ALARM_ORDERS
from agent.replay.quieting import quieted
from agent.replay.site_book import SiteBook
from agent.replay.timeline import Timeline
from agent.residents import Site, Subject
from agent.rules.finding import Priority
from agent.rules.settings import RuleSettings
from agent.rules.settings.devices import Silence
from drivers.reading import Reading

LATE_S = 60.0  # a reading older than this against the file's own time is one out of a device's memory
REJECTED_KEPT = 50
# Pictures are on no line of a file, so a camera that sees nothing to tell is not silent: `no_frames` and `link` say so.
CAMERA_SILENCE = Silence(medium_s=172_800, link_counts=True)
TICK_S = 0.1  # time goes on even if somebody asks to be asked at once for ever

Output = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was left out or made the best of, and why; 0: no line of its own."""

    number: int
    why: str


class Player:
    """One replay. `feed` gives what each line brings about; `end` what was still to come, and the summary.

    `asks_in`: rooms with a loudspeaker, which always works here.
    """

    def __init__(self, rules: RuleSettings, alarms: AlarmSettings, asks_in: Iterable[str] = ()) -> None:
        self._rules = replace(rules, silent_device=replace(rules.silent_device, camera=CAMERA_SILENCE))
        self._asks_in = frozenset(asks_in)
        self._alarms = alarms
        self._book = SiteBook()
        self._teller = told.Teller()
        self._judge: Judge | None = None
        self._timeline = Timeline()
        self._ticked = -math.inf
        self._now = 0.0  # monotonic: seconds since the beginning
        self._muted: set[str] = set()  # alarms that would sound but for a pause or a flood
        self._lines = 0
        self._ids = 0
        self._site_is_new = False
        self.rejected: list[Rejected] = []
        self.odd: list[Rejected] = []
        self._unusable = 0
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._priorities: Counter[str] = Counter()

    @property
    def judge(self) -> Judge:
        """The judge; made of the site lines when it is first needed."""
        if self._judge is None or self._site_is_new:
            escalation = self._book.settings().to_escalation(self._alarms)
            if self._judge is None:
                self._judge = Judge.of(self._rules, escalation, self._new_id)
                self._judge.rules.ground.voices.rooms = self._asks_in
            else:
                self._judge.use(escalation)
            self._site_is_new = False
        return self._judge

    @property
    def left_out(self) -> int:
        """Lines, and rows of site lines, that could not be used."""
        return self._unusable + self._book.left_out

    @property
    def warnings(self) -> tuple[Rejected, ...]:
        """What was odd but could be made the best of."""
        return tuple(sorted((*(Rejected(*one) for one in self._book.told), *self.odd), key=lambda one: one.number))

    @property
    def wall(self) -> float:
        """UTC seconds of the time that the replay has reached."""
        return self._timeline.start + self._now

    def feed(self, text: str | bytes) -> Iterator[Output]:
        """One line of the file; a line that cannot be used is counted and told, and changes nothing."""
        self._lines += 1
        if not text.strip():
            return
        try:
            line = parse(text)
            self._tell_odd(line.odd)
            yield from self._play(line)
        except (DayError, CommandError) as error:
            self._unusable += 1
            if len(self.rejected) < REJECTED_KEPT:
                self.rejected.append(Rejected(self._lines, str(error)))

    def end(self, until: float | None = None) -> Iterator[Output]:
        """Let time pass to UTC seconds `until` (no further than the last line if None), then the summary."""
        self._timeline.begin()
        yield from self._pass_time(self._now if until is None else max(self._now, until - self._timeline.start))
        yield {"summary": self._summary()}

    def _play(self, line: Line) -> Iterator[Output]:
        if isinstance(line, SiteLine) and not self._timeline.began:
            self._timeline.told_before(line.t)
            self._take(line)
            return
        at, jumped = self._timeline.at(line.t, self._now)
        self._tell_odd(jumped)
        yield from self._pass_time(at)
        if isinstance(line, SiteLine):
            self._take(line)
        elif isinstance(line, EventLine):
            yield from self._event(line, at)
        else:
            yield from self._command(line, at)

    def _take(self, line: SiteLine) -> None:
        self._book.take(line, self._lines)
        self._site_is_new = True

    def _tell_odd(self, why: str) -> None:
        if why and len(self.odd) < REJECTED_KEPT:
            self.odd.append(Rejected(self._lines, why))

    def _event(self, line: EventLine, at: float) -> Iterator[Output]:
        event = replace(line.event, at=at)
        if isinstance(event, Reading) and self._now - at > LATE_S:
            event = replace(event, stored=True)
            late = f"{self._now - at:.0f} s older than a line before it"
            self._tell_odd(f"{late}: taken as one out of the device's memory, which raises and clears nothing")
        if line.resident:
            self._belongs(event.device, line)
        yield from self._tell(self.judge.feed(event, self._moment()))

    def _belongs(self, device: str, line: EventLine) -> None:
        """The line says whose it is: a device that nobody bound, or that goes from one resident to the next."""
        known = self.judge.rules.ground.site.bindings.get(device)
        if known is None or (known.resident and known.resident != line.resident):
            role = {"role": known.role.value} if known else {}
            self._take(SiteLine(line.t, "binding", ({"device": device, "resident": line.resident, **role},)))

    def _command(self, line: CommandLine, at: float) -> Iterator[Output]:
        if line.name in ACTS:
            act = Act(line.name, self._subject(line), at, line.by, line.value)
            yield from self._tell(self.judge.feed(act, self._moment()))
        elif line.name in ALARM_ORDERS:
            for alarm in self._meant(line):
                cause = Cause(line.more.get("cause") or "other") if line.name == "closed" else None
                command = Command(Action(line.name), alarm.id, line.by, cause)
                yield from self._tell(self.judge.command(command, self._moment()))
        else:
            yield from self._tell(quieted(self.judge, self._alarms, line, self._moment()))

    def _meant(self, line: CommandLine) -> list[Alarm]:
        site = self.judge.rules.ground.site
        matching = [alarm for alarm in self.judge.engine.open if _is_meant(alarm, line, site)]
        if not matching:
            about = line.alarm or line.kind or line.resident or line.device or line.place or "anybody"
            raise DayError(f"{line.name}: no open alarm of {about}")
        return matching

    def _subject(self, line: CommandLine) -> Subject:
        site = self.judge.rules.ground.site
        if line.resident:
            resident = site.residents.get(line.resident)
            if resident is None:
                raise DayError(f"{line.name}: no resident {line.resident!r}; site lines come first")
            return site.resident_subject(resident)
        if line.place:
            if line.place not in self._places():
                raise DayError(f"{line.name}: no place {line.place!r} is on a site line")
            return site.place_subject(line.place)
        if line.device:
            return site.device_subject(line.device)
        raise DayError(f"{line.name}: about whom? give resident, place or device")

    def _places(self) -> set[str]:
        """All places that site lines name: a room needs no line of its own."""
        site = self.judge.rules.ground.site
        rooms = {one.room for one in site.residents.values()} | {one.room for one in site.bindings.values()}
        return {*site.places, *(place.room for place in site.places.values()), *rooms}

    def _pass_time(self, to: float) -> Iterator[Output]:
        judge = self.judge
        while (due := judge.due) <= to:
            self._now = max(self._now if self._now > self._ticked else self._ticked + TICK_S, due)
            self._ticked = self._now
            yield from self._tell(judge.tick(self._moment()))
        self._now = max(self._now, to)

    def _moment(self) -> Moment:
        return Moment(self._now, self.wall)

    def _tell(self, verdict: Verdict) -> Iterator[Output]:
        if not verdict:
            return
        for event in verdict.events:
            yield from self._count(self._teller.tell(event, self.wall))
            if event.happened in (Happened.RAISED, Happened.SOUNDED_AGAIN) or _got_louder(event):
                yield from self._sound(event.alarm)
        for held in verdict.suppressed:
            line = told.left_alone(self.wall, held.kind, held.priority.label, held.subject, held.reasons)
            yield from self._count([line])
        for one in verdict.declined:
            yield from self._count([told.left_alone(self.wall, one.kind, "", one.subject, one.reasons)])
        if self._muted and (verdict.standing or verdict.events):
            yield from self._unmute()

    def _sound(self, alarm: Alarm) -> Iterator[Output]:
        """The buzzer of the replay sounds in the same moment; low ones only shine at night, quieted ones later."""
        moment = self._moment()
        if not alarm.sounding or (alarm.priority is Priority.LOW and NIGHT.holds(moment)):
            return
        if not any(one.sounding for one in self.judge.engine.audible if one.id == alarm.id):
            self._muted.add(alarm.id)
            return
        self._muted.discard(alarm.id)
        event = self.judge.engine.sounded(alarm.id, self._now, self._now, moment)
        if event is not None:
            yield from self._count(self._teller.tell(event, self.wall))

    def _unmute(self) -> Iterator[Output]:
        """What a pause or a flood kept quiet sounds when that is over, unless somebody has seen it."""
        for alarm in [one for one in self.judge.engine.audible if one.id in self._muted]:
            if alarm.sounding:
                yield from self._sound(alarm)
        unseen = {one.id for one in self.judge.engine.open if one.sounding}
        self._muted &= unseen

    def _count(self, lines: Iterable[Output]) -> Iterator[Output]:
        for line in lines:
            self._counts[line["event"]] += 1
            if line["event"] == "raised":
                self._kinds[line["kind"]] += 1
                self._priorities[line["priority"]] += 1
            yield line

    def _summary(self) -> Mapping[str, Any]:
        return {
            "from": told.utc(self._timeline.start),
            "to": told.utc(self.wall),
            "lines": self._lines,
            "rejected": self.left_out,
            "events": dict(sorted(self._counts.items())),
            "raised": dict(sorted(self._kinds.items())),
            "priorities": dict(sorted(self._priorities.items())),
            "open": [alarm.id for alarm in self.judge.engine.open],
        }

    def _new_id(self) -> str:
        self._ids += 1
        return f"a-{self._ids}"


def _got_louder(event: AlarmEvent) -> bool:
    """Whether new evidence made the alarm begin to sound anew."""
    return event.happened is Happened.CHANGED and event.alarm.changed_at == event.at and event.alarm.sounding


def _is_meant(alarm: Alarm, line: CommandLine, site: Site) -> bool:
    if line.alarm == alarm.id:
        return True
    place = site.place_subject(line.place).room if line.place else ""
    wanted = (
        (line.kind, (alarm.kind,)),
        (line.resident, (alarm.subject.id,)),
        (line.device, (*alarm.devices, alarm.subject.id)),
        (place, (alarm.subject.room,)),
    )
    return any(want for want, _ in wanted) and all(want in have for want, have in wanted if want)
