"""A life of random findings, commands, time and restarts, and an engine with a store that lives it."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, State
from agent.alarms.engine import Engine, Outcome
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Held, OpenTask, ShelveOrder, StandingEvent, from_json, to_json
from agent.detection.acts import Act
from agent.detection.ward import Ward as People
from agent.moment import DailySpan, Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.engines import engine

HIGH = Priority.HIGH
WALL = 1_799_942_400.0 + 5 * 3600.0  # 05:00 in China, an hour before the night shift ends
SHIFTS = (Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)), Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0)))
ROSTER = Roster.of([Member("n-1"), Member("d-1")], SHIFTS, [Duty("n-1", "night"), Duty("d-1", "day", "charge_nurse")])
WHO = [Subject(SubjectKind.RESIDENT, f"r-{n}", f"20{n}") for n in (1, 2)]
SITE = Site.of(
    [Resident(one.id, "李", one.room) for one in WHO],
    [Binding("belt", DeviceRole.WEARABLE, resident="r-1"), Binding("bed", DeviceRole.BED, resident="r-1")],
    roster=ROSTER,
)
HELP = [name for name, kind in KINDS.items() if kind.unsuppressible]
OTHERS = ["bed_exit", "turning_due", "spo2_low", "device_silent", "inactivity"]


@dataclass
class Life:
    """An engine with all that it is given and gives, and a store that remembers as the real one does."""

    now: float = 100.0
    engine: Engine = field(init=False)
    people: People = field(init=False)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)  # open records, as JSON
    starts: int = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.starts += 1
        self.people = People(SITE)
        self.engine = engine(Escalation(AlarmSettings(), (), SITE), self.people, f"life-{self.starts}")

    @property
    def moment(self) -> Moment:
        return Moment(self.now, WALL + self.now)

    def keep(self, outcomes: list[Outcome]) -> list[Outcome]:
        for one in outcomes:
            if isinstance(one, AlarmEvent):
                self._row(one.alarm.id, one.alarm.to_json(), one.alarm.state is not State.CLOSED)
            elif isinstance(one, StandingEvent):
                self._row(one.record.id, to_json(one.record), one.open)
        return outcomes

    def _row(self, id_: str, state: dict[str, Any], open_: bool) -> None:
        if open_:
            self.rows[id_] = state
        else:
            self.rows.pop(id_, None)

    def restart(self, asleep_s: float) -> list[Outcome]:
        """Killed and started again on the same boot."""
        rows, self.rows = self.rows, {}
        self.now += asleep_s
        self.start()
        outcomes: list[Outcome] = []
        standing = [(id_, from_json(row, 0.0)) for id_, row in rows.items() if "record" in row]
        for id_, record in sorted(standing, key=lambda one: isinstance(one[1], Held)):
            self.rows[id_] = rows[id_]
            assert not isinstance(record, OpenTask)
            if not isinstance(record, Held):
                self.engine.restore_standing(record, self.moment)
        for row in (row for row in rows.values() if "record" not in row):
            outcomes += self.keep(self.engine.restore(Alarm.from_json(row), 0.0, self.moment, "the store"))
        for _, record in standing:
            if isinstance(record, Held):
                self.engine.restore_standing(record, self.moment)
        return outcomes

    def step(self, step: tuple[Any, ...]) -> list[Outcome]:
        """Carry out one step; a command that is refused changes nothing."""
        what, *args = step
        try:
            return self.keep(getattr(self, f"do_{what}")(*args))
        except CommandError:
            return []

    def do_find(
        self, kind: str, who: int, priority: Priority, device: str, active: bool, happening: bool
    ) -> list[Outcome]:
        why = (because("cause", cause=device),)
        return self.engine.take(
            [Finding(kind, WHO[who], priority, self.now, why, device, active=active, happening=happening)], self.moment
        )

    def do_command(self, action: Action, which: int) -> list[Outcome]:
        open_ = self.engine.open
        if not open_:
            return []
        return self.engine.command(Command(action, open_[which % len(open_)].id, "wang", Cause.OTHER), self.moment)

    def do_pause(self, seconds: float) -> list[Outcome]:
        return self.engine.pause("wang", seconds, self.moment)

    def do_shelve(self, kind: str, who: int, seconds: float) -> list[Outcome]:
        return self.engine.shelve(ShelveOrder(kind, WHO[who].id, "wang", "loose", seconds), self.moment)

    def do_act(self, name: str, who: int) -> list[Outcome]:
        self.people.take(Act(name, WHO[who], self.now, "n-1"), self.moment)
        return self.engine.release(self.moment)

    def do_wait(self, seconds: float) -> list[Outcome]:
        self.now += seconds
        return self.engine.tick(self.moment)

    def do_note(self, which: int, text: str) -> list[Outcome]:
        open_ = self.engine.open
        event = self.engine.note(open_[which % len(open_)].id, text, "platform", self.moment) if open_ else None
        return [event] if event else []

    def do_deaf(self, why: str) -> list[Outcome]:
        return self.engine.deaf(why, self.moment)

    def do_restart(self, asleep_s: float) -> list[Outcome]:
        return self.restart(asleep_s)


def finds(kinds: list[str]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(
        st.just("find"),
        st.sampled_from(kinds),
        st.integers(0, 1),
        st.sampled_from(Priority),
        st.sampled_from(["bed", "belt", ""]),
        st.sampled_from([True, True, False]),
        st.booleans(),
    )


ANY = st.one_of(
    finds(HELP + OTHERS),
    finds(OTHERS),
    st.tuples(st.just("command"), st.sampled_from(Action), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 20.0, 61.0, 180.0, 601.0, 2000.0])),
    st.tuples(st.just("act"), st.sampled_from(["present", "left", "out", "back"]), st.integers(0, 1)),
    st.tuples(st.just("pause"), st.sampled_from([30.0, 120.0])),
    st.tuples(st.just("shelve"), st.sampled_from(HELP + OTHERS), st.integers(0, 1), st.sampled_from([60.0, 9e9])),
    st.tuples(st.just("note"), st.integers(0, 9), st.text(max_size=5)),
    st.tuples(st.just("deaf"), st.sampled_from(["", "no buzzer"])),
    st.tuples(st.just("restart"), st.sampled_from([0.0, 5.0, 300.0])),
)
STREAMS = st.lists(ANY, max_size=30)
LAWS = settings(max_examples=120, deadline=None)


def lived(steps: list[tuple[Any, ...]]) -> Life:
    life = Life()
    for step in steps:
        life.step(step)
    return life
