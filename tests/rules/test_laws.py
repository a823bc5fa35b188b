"""What every rule keeps to, whatever it watches."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from agent.detection.event import Event
from agent.moment import DailySpan
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site
from agent.rules.bed_exit import BedExitRule
from agent.rules.bed_rail import BedRailRule
from agent.rules.exit_zone import ExitZoneRule
from agent.rules.ground import Ground
from agent.rules.in_bed_long import InBedLongRule
from agent.rules.inactivity import InactivityRule
from agent.rules.noise import NoiseRule
from agent.rules.not_back_in_bed import NotBackInBedRule
from agent.rules.registry import ROWS
from agent.rules.row import Build, RuleRow, Scope
from agent.rules.rule import Rule
from agent.rules.settings import RuleSettings
from agent.rules.settings.bed import BedExitSettings
from agent.rules.toilet_stay import ToiletStayRule
from agent.rules.wandering import WanderingRule
from agent.rules.worn import WornRule
from drivers.base import Link, LinkState
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, at, ground, live, play, reading, said_as

H = 3600.0
LATE = DailySpan(2 * H, 10 * H)  # a night of their own


def home(night: DailySpan) -> Site:
    everything = {"fall_risk": FallRisk.HIGH, "wander_risk": True, "lives_alone": True, "turning_min": 120.0}
    return Site.of(
        [Resident("r-1", "甲", "201", night=night, **everything), Resident("r-2", "乙", "202", night=night)],  # type: ignore[arg-type]
        [
            *(Binding(f"dev-{n}", DeviceRole.WEARABLE, resident=f"r-{n}") for n in (1, 2)),
            Binding("wc-motion", DeviceRole.ENVIRONMENT, room="wc-201"),
        ],
        places=[
            Place("wc-201", PlaceKind.TOILET, "201"),
            *(Place(one, PlaceKind.CORRIDOR) for one in ("east", "west")),
        ],
    )


SITE = home(LATE)
JUDGED = [row for row in ROWS if not row.every_word]


def built(row: RuleRow) -> Rule:
    about = row.scope.of_device(SITE, "dev-1")
    return row.build(ground(SITE), about)


def values(quantity: str) -> list[float | bool | str]:
    row = QUANTITIES[quantity]
    if row.shape is Shape.STATE:
        return [True, False]
    return [row.low, row.high] if row.shape is Shape.CONTINUOUS else list(row.choices or ("gate",))


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.name)
def test_what_a_device_remembers_from_before_is_never_judged(row: RuleRow) -> None:
    for quantity in row.quantities:
        rule = built(row)
        watches = rule.due == -math.inf
        for n, value in enumerate(values(quantity) * 3):
            old = replace(reading(quantity, value, 100.0 + 400 * n), stored=True)
            assert list(rule.feed(old, at(old.at))) == []
        assert watches or rule.due == math.inf


DOUBTED = {"sos", "hazard_contact", "fall"}  # better a false alarm than a missed one
PLACES = {
    "seen_at",
    "card",
    "service",
    "turned",
    "motion",
    "presence",
    "opening",
    "body_movement",
}  # said, not measured


@pytest.mark.parametrize("row", [row for row in JUDGED if row.name not in DOUBTED], ids=lambda row: row.name)
def test_a_bad_measurement_is_never_judged(row: RuleRow) -> None:
    for quantity in set(row.quantities) - PLACES - {"button"}:
        rule = built(row)
        if row.watches(SITE):
            list(rule.tick(at(0.0)))
        for n, value in enumerate(values(quantity) * 3):
            bad = reading(quantity, value, 100.0 + n, Quality.BAD)
            assert list(rule.feed(bad, at(bad.at))) == []


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.name)
def test_a_word_that_it_did_not_ask_for_and_a_tick_before_its_time_change_nothing(row: RuleRow) -> None:
    rule = built(row)
    due = rule.due
    assert list(rule.feed(Link("dev-1", LinkState.SILENT, 1.0), at(1.0))) == []
    if due == math.inf:
        assert list(rule.tick(at(2.0))) == []
        assert rule.due == math.inf


def test_a_word_of_a_device_of_nobody_breaks_no_rule() -> None:
    for row in JUDGED:
        rule = row.build(ground(SITE), row.scope.of_device(SITE, "loose"))
        for quantity in row.quantities:
            for value in values(quantity):
                list(rule.feed(reading(quantity, value, 1.0, device="loose"), at(1.0)))


OWN = Site.of(
    [
        Resident(
            "r-1", "甲", "201", wander_risk=True,
            limits=(("movement.escort_wait_s", 5.0), ("movement.passes", 3), ("bed.long_min", 240.0)),
        )
    ],
    [Binding("dev-1", DeviceRole.WEARABLE, resident="r-1")],
    places=[Place("gate", PlaceKind.EXIT), *(Place(one, PlaceKind.CORRIDOR) for one in ("east", "west"))],
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "quantity", "values", "begins"),
    [
        (ExitZoneRule, "seen_at", ["gate"], 6.0),
        (WanderingRule, "seen_at", ["east", "west", "east"], 121.0),
        (InBedLongRule, "bed_occupied", [True], 1.0 + 4 * H),
    ],
)
def test_a_resident_s_own_limit_counts_before_the_home_s(
    rule: type[Rule], quantity: str, values: list[bool | str], begins: float
) -> None:
    on = ground(OWN)
    events: list[Event] = [reading(quantity, value, 1.0 + 60 * n) for n, value in enumerate(values)]
    under_test = cast("Build", rule)(on, OWN.subject_of("dev-1"))
    assert next(when for when, f in live(under_test, events, 5 * H, MIDNIGHT, on) if f.active) == begins


# whose night it is


def noise(on: Ground) -> tuple[Rule, list[Event], float]:
    loud: list[Event] = [reading("sound_level", 90.0, float(when)) for when in (10, 30)]
    return NoiseRule(on, on.site.device_subject("dev-1")), loud, 40.0


def absence(on: Ground) -> tuple[Rule, list[Event], float]:
    beds: list[Event] = [
        reading("bed_occupied", occupied, at, device="dev-2") for occupied, at in ((True, 1.0), (False, 10.0))
    ]
    return NotBackInBedRule(on, on.site.subject_of("dev-2")), beds, 1000.0


def rail(on: Ground) -> tuple[Rule, list[Event], float]:
    down: list[Event] = [reading("bed_occupied", True, 1.0), reading("bed_rail_up", False, 10.0)]
    return BedRailRule(on, on.site.subject_of("dev-1")), down, 100.0


def pacing(on: Ground) -> tuple[Rule, list[Event], float]:
    passes: list[Event] = [Reading("dev-1", "seen_at", ("east", "west")[n % 2], 10.0 + 60 * n) for n in range(8)]
    return WanderingRule(on, on.site.subject_of("dev-1")), passes, 500.0


def toilet(on: Ground) -> tuple[Rule, list[Event], float]:
    moves: list[Event] = [reading("motion", True, 10.0 + 300 * n, device="wc-motion") for n in range(4)]
    return ToiletStayRule(on, Scope.ROOM.of_device(on.site, "wc-motion")), moves, 1000.0


Case = Callable[[Ground], tuple[Rule, list[Event], float]]


@pytest.mark.parametrize("case", [noise, absence, rail, pacing, toilet])
@pytest.mark.parametrize(("hour", "begins"), [(0, False), (3, True), (9, True), (11, False)])
def test_it_is_night_when_it_is_the_resident_s(case: Case, hour: int, begins: bool) -> None:
    on = ground(SITE)
    rule, events, until = case(on)
    said = said_as(play(rule, events, until, MIDNIGHT + hour * H, on))
    assert any(" medium " in one or " low r-1: pacing " in one for one in said if " over " not in one) is begins


@pytest.mark.parametrize(("hour", "told_at"), [(0, 1801.0), (3, 7 * H + 1800.0)])
def test_a_band_may_be_off_during_the_night_of_its_resident(hour: int, told_at: float) -> None:
    on = ground(SITE)
    rule = WornRule(on, SITE.device_subject("dev-1"))
    said = play(rule, [reading("worn", False, 1.0)], 8 * H, MIDNIGHT + hour * H, on)
    assert [when for when, _ in said] == [pytest.approx(told_at, abs=1.0)]


@pytest.mark.parametrize(("hour", "told_at"), [(21, 4 * H), (1, 9 * H), (10, 4 * H)])
def test_nothing_needs_to_move_during_the_resident_s_own_night(hour: int, told_at: float) -> None:
    on = ground(SITE)
    rule = InactivityRule(on, Scope.ROOM.of_device(SITE, "wc-motion"))
    said = said_as(play(rule, [reading("motion", True, 0.0, device="wc-motion")], 9 * H, MIDNIGHT + hour * H, on))
    assert said[1:2] == [f"{told_at:g} inactivity medium r-1: nothing_moves for_h=4"]


@pytest.mark.parametrize(("hour", "said"), [(0, []), (3, [41.0]), (9, [41.0]), (11, [])])
def test_a_bed_exit_goes_by_the_resident_s_own_night(hour: int, said: list[float]) -> None:
    settings = RuleSettings(bed_exit=BedExitSettings(high_risk_high_s=40.0))
    for by_day in (False, True):
        on = ground(SITE, replace(settings, bed_exit=replace(settings.bed_exit, by_day=by_day)))
        rule = BedExitRule(on, SITE.subject_of("dev-1"))
        found = live(rule, [reading("bed_occupied", False, 1.0)], 100.0, MIDNIGHT + hour * H, on)
        assert [when for when, _ in found] == said


def test_a_band_of_nobody_may_be_off_during_the_night_of_the_home() -> None:
    on = ground(SITE)
    rule = WornRule(on, SITE.device_subject("loose"))
    off = [reading("worn", False, 1.0, device="loose")]
    assert said_as(play(rule, off, 8 * H, MIDNIGHT, on)) == [
        "21601 not_worn low loose by loose: off device=loose for_min=360"
    ]


def test_noise_of_nobody_s_meter_goes_by_the_home_s_night() -> None:
    on = ground(SITE)
    loud: list[Event] = [reading("sound_level", 90.0, float(when), device="wc-motion") for when in (10, 30)]
    rule = NoiseRule(on, SITE.device_subject("wc-motion"))
    assert said_as(play(rule, loud, 40.0, MIDNIGHT, on)) == [
        "30 noise medium wc-201, happening by wc-motion: loud device=wc-motion value=90 for_s=20"
    ]
