"""What rules remember, between two lives of the core: the sleep between them, and what cannot be used."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.app.remembering import ROUND_S, Remembering
from agent.clock import Clock, Stamp, TimeQuality
from agent.detection.observations import Observation
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.registry import ROWS
from agent.store.remembered import Remembered
from agent.store.store import Opened, Store
from tests.rules.ward import MIDNIGHT, SITE, act, at, reading

HOME = replace(SITE, residents={"r-1": replace(SITE.residents["r-1"], turning_min=120.0)})
R1 = '["resident", "r-1", "201"]'
GATEWAY = '["gateway", "gateway", ""]'
DAY_S = 86_400.0


class Noted(Store):
    """Keeps what it is asked to remember in a list."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__(folder, clock, lambda *_: None, lambda *_: None)
        self.asked: list[Remembered] = []

    def remember(self, found: Iterable[Remembered]) -> None:
        self.asked += found


class Life:
    """One life of the core, which begins at monotonic `now` of `boot` and `wall`, and finds `found`."""

    def __init__(
        self,
        folder: Path,
        now: float,
        found: Sequence[Remembered] = (),
        boot: str = "b-1",
        wall: float | None = None,
        alive: Stamp | None = None,
    ) -> None:
        self.now = now
        base = (MIDNIGHT + now if wall is None else wall) - now
        self.clock = Clock(lambda: self.now, lambda: base + self.now, boot, lambda: True)
        self.store = Noted(folder, self.clock)
        self.rules = RuleHost(Ground.of(HOME), ROWS)
        opened = Opened((), None, (), remembered=tuple(found), alive_at=alive)
        self.remembering = Remembering(self.store, self.clock, opened)

    def up(self) -> "Life":
        self.remembering.take_up(self.rules)
        return self

    def seconds(self) -> list[Remembered]:
        """What is written in a second."""
        self.store.asked.clear()
        self.remembering.each_second(self.rules)
        return self.store.asked

    def known(self, rule: str) -> dict[str, Any]:
        """What the rule knows of r-1 now."""
        self.store.asked.clear()
        self.remembering.close(self.rules)
        (found,) = [one for one in self.store.asked if one.rule == rule and one.subject == R1]
        facts: dict[str, Any] = found.data["facts"]
        return facts


def turned(folder: Path) -> Life:
    """A life in which r-1 was last turned at 1000, and a pulse was heard, until 1600."""
    life = Life(folder, 1000.0)
    life.rules.feed(act("turned", 1000.0), at(1000.0))
    life.rules.feed(reading("bed_occupied", True, 1000.0), at(1000.0))
    life.now = 1600.0
    life.remembering.close(life.rules)
    return life


def stamp(monotonic: float, boot: str = "b-1", wall: float | None = None) -> Stamp:
    return Stamp(boot, monotonic, MIDNIGHT + monotonic if wall is None else wall, TimeQuality.UNSYNCHRONISED)


def test_in_the_same_boot_times_are_as_they_were(tmp_path: Path) -> None:
    before = turned(tmp_path / "a")
    after = Life(tmp_path / "b", 1900.0, before.store.asked, alive=stamp(1660.0)).up()
    known = after.known("turning_due")
    assert known["_base"] == 1000.0
    assert known["_bed"]["since"] == 1000.0 + 240.0, "since it was alive last nobody listened"
    assert after.store.asked, "and what it knows is written anew as it changes"


def test_after_a_reboot_the_sleep_has_passed(tmp_path: Path) -> None:
    before = turned(tmp_path / "a")
    wall = MIDNIGHT + 2000.0  # 400 s after it was written
    alive = stamp(1660.0)
    after = Life(tmp_path / "b", 30.0, before.store.asked, "b-2", wall, alive).up()
    known = after.known("turning_due")
    assert known["_base"] == pytest.approx(30.0 - 1000.0)
    assert known["_bed"]["since"] == pytest.approx(30.0 - 660.0)


def test_without_any_other_word_it_was_alive_when_it_wrote(tmp_path: Path) -> None:
    before = turned(tmp_path / "a")
    after = Life(tmp_path / "b", 30.0, before.store.asked, "b-2", MIDNIGHT + 2000.0).up()
    assert after.known("turning_due")["_bed"]["since"] == pytest.approx(30.0 - 600.0)


@pytest.mark.parametrize("wall", [0.0, MIDNIGHT + 1599.0])
def test_when_nobody_knows_how_long_it_slept_only_what_is_heard_is_known(
    tmp_path: Path, wall: float, caplog: pytest.LogCaptureFixture
) -> None:
    before = turned(tmp_path / "a")
    with caplog.at_level(logging.WARNING):
        after = Life(tmp_path / "b", 30.0, before.store.asked, "b-2", wall, stamp(1600.0)).up()
    assert f"turning_due of {R1}: what it remembered is dropped: nobody knows how long ago it was" in caplog.messages
    assert {one.rule for one in after.store.asked} >= {"turning_due"}
    assert all(not one.data for one in after.store.asked), "deleted"
    known = after.known("in_bed_long")["_bed"]
    assert (known["occupied"], known["since"]) == (True, pytest.approx(30.0 - 600.0))
    assert "turning_due" not in {one.rule for one in after.store.asked}, "begins anew with what it hears"


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (lambda one: replace(one, subject="x"), "unreadable"),
        (lambda one: replace(one, subject='["robot", "r-1", ""]'), "unreadable"),
        (lambda one: replace(one, subject="[1]"), "unreadable"),
        (lambda one: replace(one, data={"facts": {}}), "unreadable: KeyError('whose')"),
        (lambda one: replace(one, data={"whose": "r-1"}), "unreadable: KeyError('facts')"),
        (lambda one: replace(one, data={"whose": "r-2", "facts": {}}), "the site facts have changed"),
        (lambda one: replace(one, data={"whose": "r-1", "facts": []}), "other fields than"),
        (lambda one: replace(one, data={**one.data, "claims": ["turning_due"]}), "unreadable: ValueError("),
        (lambda one: replace(one, data={**one.data, "claims": 7}), "unreadable: TypeError("),
        (lambda one: replace(one, rule="x"), "there is no such rule"),
        (lambda one: replace(one, version=99), "form 99 is not read any more"),
    ],
)
def test_what_cannot_be_used_is_dropped_with_one_line_and_deleted(
    tmp_path: Path, spoilt: Callable[[Remembered], Remembered], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = turned(tmp_path / "a")
    (good,) = [one for one in before.store.asked if one.rule == "turning_due" and one.subject == R1]
    bad = spoilt(good)
    with caplog.at_level(logging.INFO):
        after = Life(tmp_path / "b", 1700.0, [bad], alive=stamp(1700.0)).up()
    (line,) = caplog.messages
    assert line.startswith(f"{bad.rule} of {bad.subject}: what it remembered is dropped: {why}")
    assert [(one.rule, one.subject, dict(one.data)) for one in after.store.asked] == [(bad.rule, bad.subject, {})]


def test_in_safe_mode_people_are_known_and_the_rest_later(tmp_path: Path) -> None:
    before = turned(tmp_path / "a")
    before.rules.feed(act("out", 1600.0, value=MIDNIGHT + DAY_S), at(1600.0))
    before.remembering.close(before.rules)
    life = Life(tmp_path / "b", 1700.0, before.store.asked, alive=stamp(1700.0))
    safe = RuleHost(life.rules.ground, safe_mode=True)
    life.remembering.take_up(safe, safe_mode=True)
    assert life.store.asked == [], "nothing is refused because it waits"
    assert safe.ground.ward.out("r-1", at(1700.0)) is not None
    life.now = 5000.0
    life.remembering.take_up(life.rules)
    assert life.known("turning_due")["_base"] == 1000.0
    life.store.asked.clear()
    life.remembering.take_up(life.rules)
    assert life.store.asked == [], "and once"


def test_in_safe_mode_falls_that_were_being_judged_are_known_at_once(tmp_path: Path) -> None:
    before = turned(tmp_path / "a")
    before.rules.feed(Observation("dev-1", "fall", 1600.0), at(1600.0))
    before.remembering.close(before.rules)
    life = Life(tmp_path / "b", 1700.0, before.store.asked, alive=stamp(1700.0))
    safe = RuleHost(life.rules.ground, safe_mode=True)
    life.remembering.take_up(safe, safe_mode=True)
    assert [(one.rule, one.facts["_falls"][0]["priority"]) for one in safe.known()] == [("fall", "MEDIUM")]
    (raised,) = [one for one in safe.tick(at(1700.0)) if isinstance(one, Finding)]
    assert (raised.kind, raised.priority, raised.reasons[0].code) == ("fall", Priority.HIGH, "nobody_judges")
    life.remembering.take_up(life.rules)
    assert [one.rule for one in life.rules.known() if one.rule == "fall"] == [], "not twice"
    assert life.known("turning_due")["_base"] == 1000.0


def test_each_second_what_was_stirred_and_within_the_round_all(tmp_path: Path) -> None:
    life = Life(tmp_path / "a", 1000.0)
    life.rules.feed(reading("bed_occupied", True, 1000.0), at(1000.0))
    life.rules.feed(act("turned", 1000.0), at(1000.0))
    life.remembering.each_second(life.rules)
    assert {one.rule for one in life.store.asked} >= {"turning_due", "ward"}
    assert {one.at.monotonic for one in life.store.asked} == {1000.0}
    assert "in_bed_long" not in {one.rule for one in life.store.asked}
    for _ in range(ROUND_S):
        life.remembering.each_second(life.rules)
    assert "in_bed_long" in {one.rule for one in life.store.asked}
    assert len({(one.rule, one.subject) for one in life.store.asked}) == len(life.store.asked), "each once"
    asked = len(life.store.asked)
    life.remembering.close(life.rules)
    assert len(life.store.asked) == asked, "nothing has changed since"


def test_what_goes_on_by_a_rule_s_word_is_claimed_again(tmp_path: Path) -> None:
    before = turned(tmp_path / "a")
    before.now = 1000.0 + 140 * 60
    before.rules.tick(at(before.now))
    before.remembering.each_second(before.rules)
    written = {(one.rule, one.subject): one for one in before.store.asked}
    assert written["turning_due", R1].data["claims"] == (("turning_due", "r-1", ""),)
    after = Life(tmp_path / "b", before.now, list(written.values())).up()
    assert after.known("turning_due")["_raised"] is True
    after.rules.settle([])
    assert [(one.rule, dict(one.data)) for one in after.seconds() if one.rule == "turning_due"] == [("turning_due", {})]
