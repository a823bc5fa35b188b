"""A home under the state machine: the real judge on a heart's beats, and a store that knows its events alone."""

import itertools
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agent.alarms.alarm import Alarm, AlarmEvent, Command, CommandError, Happened, State
from agent.alarms.escalation import Escalation, SiteLadder
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.alarms.standing import Held, OpenTask, Shelf, Standing, from_json, to_json
from agent.detection.acts import ACTS, Act
from agent.judge import Judge, Verdict
from agent.memory import Sleep
from agent.moment import DailySpan, Moment
from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.finding import AlarmClass, Priority
from agent.rules.settings import RuleSettings
from agent.staff import Duty, Member, Roster, Shift

WALL = 1_799_942_400.0 + 5 * 3600.0  # 05:00 in China, an hour before the night shift ends
SHIFTS = (Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)), Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0)))
ROSTER = Roster.of([Member("n-1"), Member("d-1")], SHIFTS, [Duty("n-1", "night"), Duty("d-1", "day", "charge_nurse")])
RESIDENTS = (Resident("r-1", "李", "201", "1"), Resident("r-2", "王", "202", "1"))
BINDINGS = (
    Binding("belt", DeviceRole.WEARABLE, resident="r-1"),
    Binding("bed", DeviceRole.BED, resident="r-1"),
    Binding("cord", DeviceRole.BUTTON, resident="r-2"),
    Binding("smoke", DeviceRole.LIFE_SAFETY, room="201"),
    Binding("camera", DeviceRole.CAMERA, room="201"),
)
SITE = Site.of(RESIDENTS, BINDINGS, roster=ROSTER)
ALONE = Ladder((Rung(0, ("charge_nurse",)),), unattended_s=180)  # one rung, other roles

# What an editor of site facts can do in the middle of anything.
SITES: Mapping[str, Site] = {
    "as it was": SITE,
    "moved": Site.of((replace(RESIDENTS[0], room="203"), RESIDENTS[1]), BINDINGS, roster=ROSTER),
    "removed": Site.of(RESIDENTS[1:], BINDINGS, roster=ROSTER),
    "rebound": Site.of(RESIDENTS, (replace(BINDINGS[0], resident="r-2"), *BINDINGS[1:]), roster=ROSTER),
    "unbound": Site.of(RESIDENTS, BINDINGS[2:], roster=ROSTER),
    "nobody on the roster": Site.of(RESIDENTS, BINDINGS),
    "other facts": Site.of((replace(RESIDENTS[0], turning_min=120.0), RESIDENTS[1]), BINDINGS, roster=ROSTER),
}
LADDERS: Mapping[str, tuple[SiteLadder, ...]] = {
    "default": (),
    "by day": (SiteLadder(Priority.HIGH, ALONE, shift="day"),),
}


@dataclass
class Home:
    """The judge, its clocks, and what a store has of its events: as JSON, and nothing else."""

    now: float = 1000.0
    wall_shift: float = 0.0
    wall_known: bool = True
    judge: Judge = field(init=False)
    escalation: Escalation = field(default_factory=lambda: Escalation(AlarmSettings(), (), SITE))
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[AlarmEvent] = field(default_factory=list)  # of the last step
    last: list[Verdict] = field(default_factory=list)
    starts: int = 0

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.starts += 1
        numbers = itertools.count(1)
        start = self.starts
        self.judge = Judge.of(RuleSettings(), self.escalation, lambda: f"{start}-{next(numbers)}")
        self.judge.rules.ground.voices.rooms = frozenset({"201"})  # a loudspeaker asks there

    @property
    def moment(self) -> Moment:
        """Now, on both clocks."""
        return Moment(self.now, WALL + self.now + self.wall_shift, wall_known=self.wall_known)

    @property
    def open(self) -> tuple[Alarm, ...]:
        """What is open."""
        return self.judge.engine.open

    def begin(self) -> None:
        """A step begins: what it tells is kept for those who look at it after."""
        self.events, self.last = [], []

    def do(self, step: Callable[[Moment], Verdict]) -> None:
        """One step, and the tick that the heart gives before the next second is over; a refusal changes nothing."""
        try:
            self.keep(step(self.moment))
        except CommandError:
            return
        self.wait(0.0)

    def keep(self, verdict: Verdict) -> None:
        """Into the store."""
        self.last.append(verdict)
        self.events += verdict.events
        for event in verdict.events:
            self._row(event.alarm.id, event.alarm.to_json(), event.alarm.state is not State.CLOSED)
        for standing in verdict.standing:
            self._row(standing.record.id, to_json(standing.record), standing.open)

    def wait(self, seconds: float) -> None:
        """Beat by beat, leaving out those that nobody needs; the last one is at the end."""
        end, beats = self.now + seconds, 0
        while True:
            self.keep(self.judge.tick(self.moment))
            due = self.judge.due
            beats += 1
            assert beats < 400 + seconds / 20, f"at {self.now} somebody wants to be asked again and again"
            if self.now >= end:
                return
            self.now = min(end, max(self.now + 1.0, float(math.ceil(due)) if math.isfinite(due) else end))

    def act(self, act: Act) -> None:
        """What a person did: noted, and judged."""
        if ACTS[act.name].standing:
            self._row(f"act:{act.topic}:{act.subject.id}", {"record": "act", "act": act}, True)
        self.do(lambda now: self.judge.feed(act, now))

    def edit(self, site: str = "", ladders: str = "") -> None:
        """Site facts change."""
        self.escalation = replace(
            self.escalation,
            site=SITES[site] if site else self.escalation.site,
            ladders=LADDERS[ladders] if ladders else self.escalation.ladders,
        )
        self.judge.use(self.escalation)
        self.wait(0.0)

    def restart(self, asleep_s: float, known: bool) -> None:
        """Killed and started again; `known`: whether anybody knows how long that took."""
        rows, self.rows = self.rows, {}
        memories, written_at = self.judge.rules.memories(1_000_000), self.now
        self.now += asleep_s
        self._start()
        for memory in memories:
            self.judge.rules.remember(memory, Sleep(0.0 if known else None, asleep_s), written_at)
        kept = {id_: json.loads(json.dumps(row)) if row.get("record") != "act" else row for id_, row in rows.items()}
        for id_, row in sorted(kept.items(), key=lambda one: _ORDER.get(one[1].get("record", "alarm"), 0)):
            match row.get("record", "alarm"):
                case "act":
                    if known:
                        self.rows[id_] = row
                        self.keep(self.judge.feed(row["act"], self.moment))
                case "alarm":
                    self.rows[id_] = row
                    shift_s = 0.0 if known else None
                    self.keep(self.judge.restore(Alarm.from_json(row), shift_s, self.moment, "the store"))
                case record:
                    self.rows[id_] = row
                    late_s = 0.0 if known or record == "task" else self.now - 24 * 3600.0 - row["since"]
                    self.keep(self.judge.restore_standing(from_json(row, late_s), self.moment))
        self.wait(0.0)

    def order(self, command: Command) -> None:
        """What a person does to an alarm."""
        self.do(lambda now: self.judge.command(command, now))

    def told(self) -> tuple[dict[str, Alarm], dict[str, Standing]]:
        """What the store would restore: alarms, and what stands beside them."""
        alarms = {id_: Alarm.from_json(row) for id_, row in self.rows.items() if "record" not in row}
        standing = {
            id_: from_json(row, 0.0) for id_, row in self.rows.items() if row.get("record") not in (None, "act")
        }
        return alarms, standing

    def _row(self, id_: str, state: dict[str, Any], open_: bool) -> None:
        if open_:
            self.rows[id_] = state
        else:
            self.rows.pop(id_, None)


_ORDER = {"act": -2, "shelf": -1, "held": 1}


def signed(event: AlarmEvent) -> bool:
    """Whether a closing has a person behind it, or is a technical fault that is over."""
    by_itself = event.alarm.alarm_class is AlarmClass.TECHNICAL and event.alarm.closed_by == "system"
    return event.happened is not Happened.CLOSED or event.alarm.closed_by == "wang" or by_itself


def shelves_of(standing: Mapping[str, Standing]) -> set[Shelf]:
    """The shelves among records."""
    return {one for one in standing.values() if isinstance(one, Shelf)}


def closed_of(standing: Mapping[str, Standing]) -> set[tuple[str, str]]:
    """Whom or what, and the kind, of what was closed though it goes on."""
    closed = held_of(standing, closed=True).values()
    return {(one.findings[0].subject.id, one.findings[0].kind) for one in closed}


def held_of(standing: Mapping[str, Standing], *, closed: bool) -> dict[str, Held]:
    """What is held back, or closed though it goes on."""
    return {id_: one for id_, one in standing.items() if isinstance(one, Held) and one.closed is closed}


def tasks_of(standing: Mapping[str, Standing]) -> set[OpenTask]:
    """The tasks among records."""
    return {one for one in standing.values() if isinstance(one, OpenTask)}
