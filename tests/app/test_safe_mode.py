"""The core in safe mode: what fell to nobody is raised when it begins, by the store or the sounder, and told once."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from agent.alarms.alarm import Action, Alarm, Cause, Command
from agent.app import past
from agent.app.house import House
from agent.app.parts import PROVEN_S
from agent.app.starts import STEADY_S, TOO_MANY, Starts
from agent.clock import Clock
from agent.detection.observations import Observation
from agent.settings.load import Settings, load
from drivers.reading import Reading
from tests.end_to_end.alarm_log import locked

FILES = {
    "nightlamp.toml": 'id = "home"\n[folders]\nstate = "state"\nrun = "run"\n',
    "site.toml": '[[resident]]\nid = "r-0"\nname = "王桂英"\nroom = "100"\n'
    '[[binding]]\ndevice = "belt-0"\nrole = "wearable"\nresident = "r-0"\n',
    "devices.toml": '[[ble]]\nadapter = "hci0"\n'
    '[[ble.device]]\nid = "belt-0"\naddress = "A4:C1:38:00:00:00"\nproduct = "bthome"\n',
}


class Gateway:
    """The files of a home, on which one life of the core follows another, on a clock that tests move."""

    def __init__(self, folder: Path) -> None:
        for name, text in FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
        self._settings: Settings = load(folder)
        for state in (self._settings.state, self._settings.run):
            state.mkdir()
        self._starts = folder / "starts"
        self.now = 1000.0
        self.clock = Clock(lambda: self.now, lambda: 1_800_000_000.0 + self.now, "boot", lambda: True)

    def begun(self, deaths: int = 0) -> House:
        """One that begins after so many `deaths`."""
        starts = Starts(self._starts, self.clock.boot)
        starts.forget()
        for _ in range(deaths):
            starts.begin(self.now)
        return House(self._settings, self.clock, lambda error: pytest.fail(repr(error)), starts)

    async def life(self, deaths: int = 0) -> House:
        """The same with what was before: on a slow machine the store may not have been open in time."""
        house = self.begun(deaths)
        if house.late:
            await house.take_up_late()
        return house

    def late(self, deaths: int = 0) -> House:
        """One whose store opens only after it has begun, and after a second."""
        with locked(self._settings.state, wholly=True):
            house = self.begun(deaths)
            assert house.late
            assert {one.name for one in house.home.snapshot().parts} >= {"alarms.db", "telemetry.db", "sounder"}
            self.pass_time(house, 1.0)
        return house

    async def late_life(self, deaths: int = 0) -> House:
        """The same with what was before."""
        house = self.late(deaths)
        await house.take_up_late()
        assert not house.late, "from now on it writes what rules remember"
        return house

    def kept(self) -> list[Path]:
        """All files of the store."""
        return [file for file in self._settings.state.iterdir() if file.is_file()]

    def remembered(self) -> list[tuple[str, float]]:
        """Rule and time of each memory in the store."""
        with closing(sqlite3.connect(self._settings.state / "telemetry.db")) as file:
            return file.execute("SELECT rule, monotonic FROM remembered ORDER BY rule").fetchall()

    def pass_time(self, house: House, seconds: float) -> None:
        """Let it beat each second."""
        for _ in range(int(seconds)):
            self.now += 1.0
            house._heart._beat(0.0)


def falls(house: House) -> list[tuple[str, str, bool]]:
    """Of each fall that is open: subject, priority, and whether staff read that nobody judges."""
    return [
        (one.subject.id, one.priority.label, "nobody_judges" in {why.code for why in one.reasons})
        for one in house.home.snapshot().alarms
        if one.kind == "fall"
    ]


def fallen(house: House, now: float) -> None:
    house.emit(Reading("belt-0", "body_fall", "fall", now))


def asked(house: House, now: float) -> None:
    house._flow.can_ask({"100"})
    house.emit(Observation("belt-0", "fall", now, score=0.8))


def faulty(house: House, part: str) -> bool:
    """Whether an alarm says that it fails."""
    return any(one.condition for one in house.home.snapshot().alarms if one.subject.id == part)


def knows(house: House, rule: str) -> bool:
    """Whether it remembers anything of a rule that safe mode lets rest."""
    return rule in {one.rule for one in house._flow.judge.rules.known()}


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(tmp_path)


@pytest.mark.parametrize(("happens", "before"), [(fallen, ["medium"]), (asked, [])])
async def test_what_was_being_judged_is_raised_when_it_begins_and_once(
    gateway: Gateway, happens: Callable[[House, float], None], before: list[str]
) -> None:
    first = await gateway.life()
    happens(first, gateway.now)
    assert [priority for _, priority, _ in falls(first)] == before
    await first.end(orderly=False)

    raised = [("r-0", "high", True)]
    for deaths in (TOO_MANY, TOO_MANY + 1):
        safe = await gateway.life(deaths)
        gateway.pass_time(safe, 1.0)
        assert falls(safe) == raised
        assert "safe_mode" in {one.kind for one in safe.home.snapshot().alarms}
        if deaths == TOO_MANY:
            await safe.end(orderly=False)
    gateway.pass_time(safe, STEADY_S + 60.0)
    assert "safe_mode" not in {one.kind for one in safe.home.snapshot().alarms if one.condition}
    assert falls(safe) == raised, "all rules judge again, and it is the same fall"
    await safe.end(orderly=False)


@pytest.mark.parametrize("late", [False, True])
async def test_what_other_rules_remember_waits_for_the_end_of_safe_mode(
    gateway: Gateway, late: bool, caplog: pytest.LogCaptureFixture
) -> None:
    first = await gateway.life()
    first.emit(Reading("belt-0", "spo2", 94.0, gateway.now))
    asked(first, gateway.now)
    assert knows(first, "spo2_low")
    await first.end(orderly=False)
    safe = await (gateway.late_life if late else gateway.life)(TOO_MANY)
    assert not knows(safe, "spo2_low")
    gateway.pass_time(safe, 1.0)
    assert falls(safe) == [("r-0", "high", True)]
    gateway.pass_time(safe, STEADY_S)
    assert knows(safe, "spo2_low")
    assert falls(safe) == [("r-0", "high", True)]
    assert not [one for one in caplog.messages if "is dropped" in one]
    await safe.end(orderly=False)


async def test_a_store_that_opens_late_gives_every_rule_its_memory(gateway: Gateway) -> None:
    first = await gateway.life()
    first.emit(Reading("belt-0", "spo2", 94.0, gateway.now))
    asked(first, gateway.now)
    await first.end(orderly=False)
    second = await gateway.late_life()
    assert knows(second, "spo2_low")
    gateway.pass_time(second, 1.0)
    assert [why for _, _, why in falls(second)] == [False], "nobody can be asked now, and it is judged"
    await second.end(orderly=False)


@pytest.mark.parametrize("late", [False, True])
async def test_a_fault_from_before_ends_when_its_part_has_proven_well(gateway: Gateway, late: bool) -> None:
    first = await gateway.life()
    first._on_part("panel", "the port is taken")
    gateway.pass_time(first, 60.0)
    assert faulty(first, "panel")
    await first.end(orderly=False)
    second = await (gateway.late_life if late else gateway.life)()
    gateway.pass_time(second, PROVEN_S - 1.0)
    assert faulty(second, "panel")
    gateway.pass_time(second, 1.0)
    assert not faulty(second, "panel")
    await second.end(orderly=False)


async def test_a_life_that_took_nothing_up_writes_over_nothing(gateway: Gateway) -> None:
    first = await gateway.life()
    asked(first, gateway.now)
    await first.end(orderly=False)
    known = gateway.remembered()
    assert {rule for rule, _ in known} >= {"fall", "ward"}
    second = gateway.late()
    await second.end(orderly=False)
    assert gateway.remembered() == known


async def test_a_fall_that_was_closed_meanwhile_is_known_after_it(gateway: Gateway) -> None:
    """As it is after any restart: a later word of its camera that somebody lies there is no fall of its own."""
    first = await gateway.life()
    asked(first, gateway.now)
    await first.end(orderly=False)
    safe = await gateway.life(TOO_MANY)
    gateway.pass_time(safe, 1.0)
    (alarm,) = [one for one in safe.home.snapshot().alarms if one.kind == "fall"]
    for action in (Action.SEE, Action.ATTEND, Action.CLOSE):
        safe._flow.command(Command(action, alarm.id, "wang", Cause.OTHER))
    gateway.pass_time(safe, STEADY_S + 1.0)
    safe.emit(Observation("belt-0", "low_on_floor", gateway.now, score=1.0))
    assert falls(safe) == []
    await safe.end(orderly=False)


async def test_fewer_deaths_leave_it_to_its_rule(gateway: Gateway) -> None:
    first = await gateway.life()
    fallen(first, gateway.now)
    await first.end(orderly=False)
    second = await gateway.life(TOO_MANY - 1)
    gateway.pass_time(second, 1.0)
    assert [priority for _, priority, _ in falls(second)] == ["medium"]
    await second.end(orderly=False)


async def test_a_fall_that_only_the_sounder_knows_is_raised_too(gateway: Gateway) -> None:
    first = await gateway.life()
    fallen(first, gateway.now)
    (held,) = [one for one in first.home.snapshot().alarms if one.kind == "fall"]
    await first.end(orderly=False)
    for file in gateway.kept():
        file.unlink()
    safe = await gateway.life(TOO_MANY)
    gateway.pass_time(safe, 1.0)
    assert falls(safe) == []
    past.restore_held([Alarm.to_json(held)], safe._flow)
    gateway.pass_time(safe, 1.0)
    assert falls(safe) == [("r-0", "high", True)]
    await safe.end(orderly=False)


async def test_readings_that_are_lost_are_low_and_no_lost_alarm(gateway: Gateway) -> None:
    first = await gateway.life()
    await first.end(orderly=True)
    (telemetry,) = [file for file in gateway.kept() if file.name == "telemetry.db"]
    telemetry.write_bytes(b"not a database at all" * 500)
    second = await gateway.life()
    gateway.pass_time(second, 1.0)
    found = {one.kind: one.priority.label for one in second.home.snapshot().alarms}
    assert found.get("readings_lost") == "low"
    assert "history_unreadable" not in found
    await second.end(orderly=False)
