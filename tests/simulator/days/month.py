"""Lives through days of a home with its carers in one process, and keeps score: deterministic by seed."""

import heapq
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agent.alarms.alarm import Alarm, AlarmEvent, Cause, Command, CommandError, Happened
from agent.alarms.escalation import Escalation
from agent.alarms.standing import Suppressed
from agent.detection.acts import Act
from agent.detection.event import Event
from agent.figures.carers import by_roster
from agent.figures.log_event import of_event, of_suppressed
from agent.figures.tally import Tally
from agent.judge import Judge, Verdict
from agent.moment import NIGHT, Moment
from agent.residents import FallRisk
from agent.rules.finding import Decline
from agent.rules.settings import RuleSettings
from agent.staff import ASSIGNED
from drivers.base import Link
from drivers.reading import Reading
from tests.simulator.days.carers import Carers, Tap
from tests.simulator.days.happenings import Happening, Mute
from tests.simulator.days.home import Home, home
from tests.simulator.days.life import DAY, ordinary
from tests.simulator.days.scripts import of_day

WALL = 1_799_942_400.0  # local midnight
A_DAY = 12  # happenings
ALWAYS_NEEDED = ("bed_exit", "turning_due", "round_missed", "sos")  # what they tell of is so whenever they are raised
TICK_S = 0.1


@dataclass
class Score:
    """What a month came to."""

    seed: int
    days: int
    scripted: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    raised: Counter[str] = field(default_factory=Counter)
    unneeded: Counter[str] = field(default_factory=Counter)
    night_exits: int = 0  # bed exits of residents at high risk, at night: counted as needed, shown apart
    falls: int = 0
    true_falls: int = 0
    readings: int = 0
    cpu_s: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """For files and reports."""
        return {key: dict(value) if isinstance(value, Counter) else value for key, value in self.__dict__.items()}


class Month:
    """One home, living."""

    def __init__(self, seed: int, days: int, rules: RuleSettings | None = None) -> None:
        self.home: Home = home(seed)
        self.score = Score(seed, days)
        numbers = itertools.count(1)
        self.escalation = Escalation(site=self.home.site)
        self.judge = Judge.of(rules or RuleSettings(), self.escalation, lambda: f"a-{next(numbers)}")
        self._carers = Carers(seed, self._on_duty, self._cause)
        self._taps: list[tuple[float, int, Tap]] = []
        self._tapped = itertools.count()
        self._tally = Tally()
        self._now = 0.0
        self._ticked = -1.0
        self._happenings: list[Happening] = []
        self._raised: dict[str, list[tuple[float, Alarm]]] = defaultdict(list)
        self._needed: dict[str, bool] = {}
        self._held: list[tuple[float, Suppressed | Decline]] = []

    def live(self) -> Score:
        """All days, then the score."""
        begun = time.process_time()
        for event in self.events():
            self._until(event.at)
            self.score.readings += 1
            self._take(self.judge.feed(event, self._moment()))
        self._until(self.score.days * DAY)
        self.score.cpu_s = time.process_time() - begun
        self._judge_happenings()
        self._finish()
        return self.score

    def events(self) -> Iterator[Event]:
        """All that sensors and staff's routine say, day after day; what a night begins goes on in the morning."""
        yesterday: list[Happening] = []
        late: list[Event] = []
        for day in range(self.score.days):
            today = of_day(self.home, day, A_DAY)
            self._happenings += today
            told = _with([*yesterday, *today], [*ordinary(self.home, day), *late], today)
            late = [event for event in told if event.at >= (day + 1) * DAY]
            yield from (event for event in told if event.at < (day + 1) * DAY)
            yesterday = today

    def _until(self, at: float) -> None:
        """Taps and ticks that come before `at`, in order."""
        while True:
            due = self.judge.due
            tap = self._taps[0][0] if self._taps else at + 1
            if min(due, tap) > at:
                self._now = max(self._now, at)
                return
            if tap < due:
                self._tap(heapq.heappop(self._taps)[2])
                continue
            self._now = max(self._now if self._now > self._ticked else self._ticked + TICK_S, due)
            self._ticked = self._now
            self._take(self.judge.tick(self._moment()))

    def _moment(self) -> Moment:
        return Moment(self._now, WALL + self._now)

    def _tap(self, tap: Tap) -> None:
        self._now = max(self._now, tap.at)
        if tap.action is None:
            reader = f"reader-{tap.room}"
            if reader in self.home.site.bindings:
                self._take(self.judge.feed(Reading(reader, "card", f"card-{tap.carer}", self._now), self._moment()))
            return
        try:
            self._take(self.judge.command(Command(tap.action, tap.alarm, tap.carer, tap.cause), self._moment()))
        except CommandError:
            return  # a technical one closed itself meanwhile

    def _take(self, verdict: Verdict) -> None:
        if not verdict:
            return
        wall = WALL + self._now
        for event in verdict.events:
            self._tally.add(of_event(event, wall))
            self._note(event)
            for tap in self._answer(event):
                heapq.heappush(self._taps, (tap.at, next(self._tapped), tap))
        for held in verdict.suppressed:
            self._tally.add(of_suppressed(held, wall))
            self._held.append((self._now, held))
        for left in verdict.declined:
            if any(reason.code == "staff_there" for reason in left.reasons):
                self._held.append((self._now, left))
        for standing in verdict.standing:
            if standing.open and getattr(standing.record, "kind", "") == "round_due":
                room = standing.record.subject.room or standing.record.subject.id  # type: ignore[union-attr]
                carer = self._on_duty(self._now)[0]
                at = self._now + 300.0 + (hash_room(room) % 900)
                heapq.heappush(self._taps, (at, next(self._tapped), Tap(at, carer, "", None, room=room)))

    def _answer(self, event: AlarmEvent) -> list[Tap]:
        alarm = event.alarm
        if event.happened in (Happened.RAISED, Happened.SOUNDED_AGAIN):
            if event.happened is Happened.SOUNDED_AGAIN:
                self._carers.again(alarm)
            return self._carers.hear(alarm, self._now)
        if event.happened is Happened.CHANGED and alarm.changed_at == event.at and alarm.sounding:
            self._carers.again(alarm)
            return self._carers.hear(alarm, self._now)
        return []

    def _note(self, event: AlarmEvent) -> None:
        alarm = event.alarm
        if event.happened in (Happened.RAISED, Happened.CHANGED, Happened.ESCALATED):
            self._raised[alarm.kind].append((self._now, alarm))
        if event.happened is Happened.RAISED:
            self.score.raised[alarm.kind] += 1
            needed = self._cause(alarm, self._now) is not None
            self._needed[alarm.id] = needed
            if not needed:
                self.score.unneeded[alarm.kind] += 1
            self.score.night_exits += alarm.kind == "bed_exit" and needed and NIGHT.holds(self._moment())
            if alarm.kind == "fall":
                self.score.falls += 1
                self.score.true_falls += needed

    def _cause(self, alarm: Alarm, now: float) -> Cause | None:
        if alarm.kind in ALWAYS_NEEDED and self._is_frail(alarm):
            return Cause.ASSISTED
        for one in self._happenings:
            mine = alarm.kind in (*one.kinds, *one.also) and alarm.subject.id in one.who
            if mine and not one.none and one.at - 60 <= now <= one.at + one.lasts_s:
                return Cause.FALL if alarm.kind == "fall" else Cause.ASSISTED
        return None

    def _is_frail(self, alarm: Alarm) -> bool:
        resident = self.home.site.residents.get(alarm.subject.id)
        return alarm.kind != "bed_exit" or (resident is not None and resident.fall_risk is FallRisk.HIGH)

    def _on_duty(self, now: float) -> tuple[str, ...]:
        duties = self.escalation.on_duty(Moment(now, WALL + now))
        return tuple(duty.member for duty in duties if duty.role == ASSIGNED) or (self.home.carers[0],)

    def _judge_happenings(self) -> None:
        end = self.score.days * DAY
        for one in self._happenings:
            if one.at + one.within_s > end:
                continue
            self.score.scripted[one.name] += 1
            found = self._found(one)
            if found is not one.none:
                self.score.met[one.name] += 1
            else:
                self.score.missed.append(f"{one.name} at {one.at:.0f} s, {one.who[0]}")

    def _found(self, one: Happening) -> bool:
        """Whether it was raised in time, or held back because staff were there."""
        begin, end = one.at - 60, one.at + one.within_s
        raised = any(
            begin <= at <= end and alarm.subject.id in one.who and alarm.priority >= one.priority
            for kind in one.kinds
            for at, alarm in self._raised[kind]
        )
        held = any(
            begin <= at <= end and held.kind in one.kinds and held.subject.id in one.who for at, held in self._held
        )
        return raised or (held and not one.none)

    def _finish(self) -> None:
        figures = self._tally.figures(by_roster(self.home.site.roster), WALL, WALL + self.score.days * DAY)
        self.score.figures = figures.to_json()


def _with(happenings: list[Happening], events: list[Event], new: list[Happening]) -> list[Event]:
    """`events` without what happenings take away, and with what `new` ones bring."""
    mutes: dict[str, list[Mute]] = defaultdict(list)
    for one in happenings:
        for mute in one.mutes:
            mutes[mute.device].append(mute)
    brought = {id(event) for one in happenings for event in one.events}
    kept = [event for event in events if id(event) in brought or not _muted(event, mutes)]
    return sorted((*kept, *(event for one in new for event in one.events)), key=lambda event: event.at)


def _muted(event: Event, mutes: dict[str, list[Mute]]) -> bool:
    if isinstance(event, Act):
        device, name = event.subject.id, event.name
    else:
        device = event.device
        name = event.quantity if isinstance(event, Reading) else "" if isinstance(event, Link) else event.name
    return any(mute.quantity in ("", name) and mute.begin <= event.at < mute.end for mute in mutes.get(device, ()))


def hash_room(room: str) -> int:
    """A number that is the same in every run."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(room))


def main(seed: int, days: int) -> Score:
    """For a process of its own."""
    return Month(seed, days).live()
