"""No breath: by a sensor's word that lasts, by a bed that counts none; an empty bed is none."""

import pytest

from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.apnoea import ApnoeaRule
from agent.rules.finding import Finding, Priority
from drivers.reading import Quality, Reading
from tests.rules.ward import R1, ground, live, reading, said_as

SITE = Site.of(
    [Resident("r-1", "甲", "201")],
    [
        Binding("dev-1", DeviceRole.BED, resident="r-1"),
        Binding("radar", DeviceRole.BED, resident="r-1"),
        Binding("band", DeviceRole.WEARABLE, resident="r-1"),
    ],
)


def rule() -> ApnoeaRule:
    return ApnoeaRule(ground(SITE), R1)


def word(value: bool, at: float, device: str = "dev-1", quality: Quality = Quality.GOOD) -> Reading:
    return reading("apnoea", value, at, quality, device)


def bed(value: bool, at: float, device: str = "dev-1") -> Reading:
    return reading("bed_occupied", value, at, device=device)


def breath(value: float, at: float, device: str = "dev-1", quality: Quality = Quality.GOOD) -> Reading:
    return reading("respiratory_rate", value, at, quality, device)


def told(found: list[tuple[float, Finding]]) -> list[tuple[float, bool]]:
    return [(when, one.active) for when, one in found]


@pytest.mark.parametrize(("until", "raised"), [(30.9, []), (31.0, [(31.0, True)]), (400.0, [(31.0, True)])])
def test_a_sensor_s_word_lasts_half_a_minute(until: float, raised: list[tuple[float, bool]]) -> None:
    assert told(live(rule(), [word(True, 1.0)], until=until)) == raised


def test_a_bed_that_went_to_somebody_else_says_nothing_of_this_one() -> None:
    on = ground(SITE)
    under_test = ApnoeaRule(on, R1)
    live(under_test, [bed(True, 1.0), bed(False, 2.0, "radar")])
    counts = [breath(0, float(at), "radar") for at in range(10, 60, 5)]
    assert (40.0, True) in told(live(under_test, counts))
    moved = [one for device, one in SITE.bindings.items() if device != "dev-1"]
    on.use(Site.of(SITE.residents.values(), moved))
    assert told(live(under_test, [breath(12, 60.0, "radar")])) == [(60.0, False)]
    assert told(live(under_test, [breath(0, float(at), "radar") for at in range(65, 200, 5)])) == []
    assert told(live(under_test, [word(True, 201.0, "radar")], until=300.0)) == [], "that bed is empty"


def test_that_all_is_well_is_said_once_and_once_more_when_an_alarm_may_stand_that_it_does_not_know() -> None:
    under_test = rule()
    assert told(live(under_test, [breath(12, 1.0), breath(12, 2.0)])) == [(1.0, False)]
    under_test.unsure()
    assert told(live(under_test, [breath(12, 3.0), breath(12, 4.0)])) == [(3.0, False)]


def test_it_is_high_and_says_for_how_long() -> None:
    ((_, one),) = live(rule(), [word(True, 1.0)], until=60.0)
    assert (one.kind, one.subject, one.priority, one.device) == ("apnoea", R1, Priority.HIGH, "dev-1")
    assert one.reasons[0].text() == "dev-1: no breathing seen for 30 s"


def test_the_word_repeated_is_no_new_beginning() -> None:
    words = [word(True, 1.0 + 5 * n) for n in range(10)]
    assert told(live(rule(), [*words, word(False, 60.0), word(False, 61.0)])) == [(31.0, True), (60.0, False)]


def test_a_word_at_the_very_second_counts() -> None:
    under_test = rule()
    assert live(under_test, [word(True, 1.0)]) == []
    assert told(live(under_test, [word(True, 31.0)])) == [(31.0, True)]


def test_breath_before_it_has_lasted_is_no_alarm() -> None:
    events = [word(False, 0.5), word(True, 1.0), word(False, 30.0), word(True, 40.0)]
    assert told(live(rule(), events, until=69.0)) == [(0.5, False)]
    assert told(live(rule(), events, until=70.0)) == [(0.5, False), (70.0, True)]


def test_a_doubtful_word_changes_nothing() -> None:
    events = [
        word(True, 1.0),
        word(False, 10.0, quality=Quality.UNCERTAIN),
        breath(14, 12.0, quality=Quality.UNCERTAIN),
    ]
    assert told(live(rule(), events, until=60.0)) == [(31.0, True)]
    assert live(rule(), [word(True, 1.0, quality=Quality.UNCERTAIN)], until=60.0) == []
    assert live(rule(), [Reading("dev-1", "apnoea", True, 1.0, stored=True)], until=60.0) == []
    assert live(rule(), [reading("apnoea", 7, 1.0)], until=60.0) == []


def test_an_empty_bed_does_not_breathe() -> None:
    assert live(rule(), [bed(False, 1.0), word(True, 2.0)], until=60.0) == []
    assert told(live(rule(), [bed(False, 1.0), bed(True, 2.0), word(True, 3.0)], until=60.0)) == [(33.0, True)]
    assert told(live(rule(), [bed(True, 1.0), word(True, 2.0), bed(False, 20.0)], until=60.0)) == [(20.0, False)]
    found = live(rule(), [bed(True, 1.0), word(True, 2.0), bed(False, 40.0), bed(False, 41.0)], until=60.0)
    assert told(found) == [(32.0, True), (40.0, False)]
    assert [one.reasons[0].text() for _, one in found][1] == "dev-1: the bed is empty"


def test_as_long_as_one_sensor_knows_somebody_in_bed_it_is_not_empty() -> None:
    events = [bed(True, 1.0), bed(False, 2.0, "radar"), word(True, 3.0)]
    assert told(live(rule(), events, until=60.0)) == [(33.0, True)]


@pytest.mark.parametrize(("last", "raised"), [(29.0, []), (30.0, [(31.0, True)])])
def test_a_bed_that_counts_no_breath(last: float, raised: list[tuple[float, bool]]) -> None:
    events = [bed(True, 0.5), *(breath(0, 1.0 + t) for t in (0.0, 10.0, 20.0, last))]
    assert told(live(rule(), events, until=200.0)) == raised


def test_a_count_of_nothing_is_no_word_that_holds() -> None:
    assert live(rule(), [bed(True, 0.5), breath(0, 1.0)], until=200.0) == []
    events = [bed(True, 0.5), breath(0, 1.0), breath(0, 31.0), breath(0, 32.0)]
    assert told(live(rule(), events)) == [(31.0, True)]
    gap = [bed(True, 0.5), breath(0, 1.0), breath(0, 31.1), breath(0, 61.0), breath(0, 61.1)]
    assert told(live(rule(), gap)) == [(61.1, True)]


def test_only_a_bed_that_is_known_to_be_occupied_counts() -> None:
    counts = [breath(0, 1.0 + 5 * n) for n in range(20)]
    assert live(rule(), counts) == []
    assert live(rule(), [bed(True, 0.5), *(breath(0, 1.0 + 5 * n, "band") for n in range(20))]) == []
    assert live(rule(), [bed(True, 0.5), *(breath(0, 1.0 + 5 * n, "strange") for n in range(20))]) == []
    assert told(live(rule(), [bed(True, 0.5, "radar"), *counts])) == [(31.0, True)]


@pytest.mark.parametrize(("rate", "ends"), [(0.9, False), (1.0, True), (14.0, True)])
def test_a_breath_ends_it(rate: float, ends: bool) -> None:
    counts = [breath(0, 1.0 + 5 * n) for n in range(8)]
    found = live(rule(), [bed(True, 0.5), *counts, breath(rate, 40.0), breath(rate, 41.0)])
    assert told(found) == [(31.0, True), *([(40.0, False)] if ends else [])]
    if ends:
        assert found[1][1].reasons[0].text() == "dev-1: breathing seen"
        assert found[1][1].priority is Priority.LOW


def test_each_device_speaks_for_itself() -> None:
    events = [breath(12, 0.5), word(True, 1.0), word(True, 6.0, "radar"), breath(14, 33.0), word(False, 50.0, "radar")]
    found = live(rule(), events, until=60.0)
    assert [(when, one.active, one.device) for when, one in found] == [
        (0.5, False, "dev-1"), (31.0, True, "dev-1"), (33.0, False, "dev-1"), (36.0, True, "radar"),
        (50.0, False, "radar"),
    ]  # fmt: skip


def test_what_was_counted_before_a_breath_counts_no_more() -> None:
    counts = [breath(0, 1.0), breath(14, 5.0), *(breath(0, 10.0 + 5 * n) for n in range(8))]
    found = live(rule(), [bed(True, 0.5), *counts])
    assert said_as(found)[1:] == ["40 apnoea high r-1 by dev-1: no_breath device=dev-1 for_s=30"]


def test_it_may_come_again() -> None:
    events = [word(True, 1.0), word(False, 60.0), word(True, 70.0), word(False, 120.0)]
    assert told(live(rule(), events)) == [(31.0, True), (60.0, False), (100.0, True), (120.0, False)]
