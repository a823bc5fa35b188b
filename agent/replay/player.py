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
from agent.replay.day import ALARM_ORDERS, CommandLine, DayError, EventLine, Line, SiteLine, parse, seconds_of
from agent.replay.site_book import SiteBook
from agent.residents import Site, Subject
from agent.rules.finding import Priority
from agent.rules.settings import RuleSettings
from drivers.reading import Reading

LATE_S = 60.0  # a reading older than this against the file's own time is one out of a device's memory
REJECTED_KEPT = 50
TICK_S = 0.1  # time goes on even if somebody asks to be asked at once for ever

Output = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was left out, and why."""

    number: int
    why: str


class Player:
    """One replay. `feed` gives what each line brings about; `end` what was still to come, and the summary.

    `asks_in`: rooms with a loudspeaker, which always works here.
    """

    def __init__(self, rules: RuleSettings, alarms: AlarmSettings, asks_in: Iterable[str] = ()) -> None:
        self._rules = rules
        self._asks_in = frozenset(asks_in)
        self._alarms = alarms
        self._book = SiteBook()
        self._teller = told.Teller()
        self._judge: Judge | None = None
        self._start: float | None = None  # UTC seconds of the first line
        self._ticked = -math.inf
        self._now = 0.0  # monotonic: seconds since the first line
        self._lines = 0
        self._ids = 0
        self._site_is_new = False
        self.rejected: list[Rejected] = []
        self.left_out = 0
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
    def warnings(self) -> tuple[str, ...]:
        """What was odd but could be lived with."""
        return tuple(self._book.warnings)

    @property
    def wall(self) -> float:
        """UTC seconds of the time that the replay has reached."""
        return (self._start or 0.0) + self._now

    def feed(self, text: str | bytes) -> Iterator[Output]:
        """One line of the file; a line that cannot be used is counted and told, and changes nothing."""
        self._lines += 1
        if not text.strip():
            return
        try:
            yield from self._play(parse(text))
        except (DayError, CommandError) as error:
            self.left_out += 1
            if len(self.rejected) < REJECTED_KEPT:
                self.rejected.append(Rejected(self._lines, str(error)))

    def end(self, until: float | None = None) -> Iterator[Output]:
        """Let time pass to UTC seconds `until` (no further than the last line if None), then the summary."""
        yield from self._pass_time(self._now if until is None else max(self._now, until - (self._start or 0.0)))
        yield {"summary": self._summary()}

    def _play(self, line: Line) -> Iterator[Output]:
        if self._start is None:
            self._start = line.t
        at = line.t - self._start
        if isinstance(line, SiteLine):
            self._book.take(line)
            self._site_is_new = True
            return
        yield from self._pass_time(at)
        if isinstance(line, EventLine):
            yield from self._event(line, at)
        else:
            yield from self._command(line, at)

    def _event(self, line: EventLine, at: float) -> Iterator[Output]:
        event = replace(line.event, at=at)
        if isinstance(event, Reading) and self._now - at > LATE_S:
            event = replace(event, stored=True)
        if line.resident and event.device not in self.judge.rules.ground.site.bindings:
            self._book.take(SiteLine(line.t, "binding", ({"device": event.device, "resident": line.resident},)))
            self._site_is_new = True
        yield from self._tell(self.judge.feed(event, self._moment()))

    def _command(self, line: CommandLine, at: float) -> Iterator[Output]:
        if line.name in ACTS:
            act = Act(line.name, self._subject(line), at, line.by, _act_value(line))
            yield from self._tell(self.judge.feed(act, self._moment()))
        elif line.name in ALARM_ORDERS:
            for alarm in self._meant(line):
                cause = Cause(line.more.get("cause") or "other") if line.name == "closed" else None
                command = Command(Action(line.name), alarm.id, line.by, cause)
                yield from self._tell(self.judge.command(command, self._moment()))
        else:
            raise DayError(f"{line.name}: is no order that a replay carries out")

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
            return site.place_subject(line.place)
        if line.device:
            return site.device_subject(line.device)
        raise DayError(f"{line.name}: about whom? give resident, place or device")

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

    def _sound(self, alarm: Alarm) -> Iterator[Output]:
        """The buzzer of the replay sounds in the same moment; low ones only shine at night."""
        moment = self._moment()
        if not alarm.sounding or (alarm.priority is Priority.LOW and NIGHT.holds(moment)):
            return
        event = self.judge.engine.sounded(alarm.id, self._now, moment)
        if event is not None:
            yield from self._count(self._teller.tell(event, self.wall))

    def _count(self, lines: Iterable[Output]) -> Iterator[Output]:
        for line in lines:
            self._counts[line["event"]] += 1
            if line["event"] == "raised":
                self._kinds[line["kind"]] += 1
                self._priorities[line["priority"]] += 1
            yield line

    def _summary(self) -> Mapping[str, Any]:
        return {
            "from": told.utc(self._start or 0.0),
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


def _act_value(line: CommandLine) -> str | float | bool:
    """The value of an act: a time that is written as text becomes UTC seconds."""
    value = line.more.get("until", line.value)
    if isinstance(value, str) and len(value) > 10 and value[4] == "-":
        return seconds_of(value)
    return value if isinstance(value, str | float | int | bool) else True
