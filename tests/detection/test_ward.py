"""What is known of people, and that every claim ends by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.acts import ACTS, Act, act_from_json
from agent.detection.ward import ACTIVITY_S, MAINTENANCE_S, OUT_S, PRESENT_S, Ward
from agent.moment import DAY_S, Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.staff import Member, Roster
from drivers.reading import Quality, Reading

HOME = Site.of(
    [Resident("r-1", "甲", "201")],
    [
        Binding("reader-201", DeviceRole.READER, room="201"),
        Binding("tag-wang", DeviceRole.TAG, staff="wang"),
        Binding("tag-r1", DeviceRole.TAG, resident="r-1"),
        Binding("bed-1", DeviceRole.BED, resident="r-1"),
    ],
    places=[Place("gate", PlaceKind.EXIT), Place("wc-201", PlaceKind.TOILET, "201"), Place("hall", PlaceKind.HALL)],
    roster=Roster.of([Member("wang", card="04A1"), Member("li")], [], []),
)
R1 = Subject(SubjectKind.RESIDENT, "r-1", "201")
BED = Subject(SubjectKind.DEVICE, "bed-1", "201")


def at(seconds: float, **more: bool) -> Moment:
    return Moment(seconds, 1_800_000_000.0 + seconds, **more)


class Life:
    def __init__(self) -> None:
        self.ward = Ward(HOME)

    def act(self, name: str, seconds: float, subject: Subject = R1, value: str | float | bool = True) -> None:
        self.ward.take(Act(name, subject, seconds, "panel:li", value), at(seconds))

    def hear(
        self, device: str, quantity: str, value: str | bool, seconds: float, quality: Quality = Quality.GOOD
    ) -> None:
        self.ward.take(Reading(device, quantity, value, seconds, quality), at(seconds))


def test_a_card_proves_staff_in_the_room_for_ten_minutes() -> None:
    life = Life()
    life.hear("reader-201", "card", "04A1", 100.0)
    assert life.ward.staff_in("201", at(100.0)) == "wang"
    assert life.ward.staff_in("wc-201", at(699.9)) == "wang"
    assert life.ward.staff_in("201", at(100.0 + PRESENT_S)) == ""
    assert life.ward.staff_in("hall", at(101.0)) == ""


def test_a_card_of_nobody_proves_nothing() -> None:
    life = Life()
    life.hear("reader-201", "card", "FFFF", 100.0)
    assert life.ward.staff_in("201", at(101.0)) == ""


def test_only_an_arrival_proves_and_a_tag_that_lies_there_does_not() -> None:
    life = Life()
    for seconds in range(0, 3600, 10):
        life.hear("tag-wang", "seen_at", "201", float(seconds))
    assert life.ward.staff_in("201", at(599.0)) == "wang"
    assert life.ward.staff_in("201", at(600.0)) == ""
    sight = life.ward.seen("tag-wang")
    assert sight is not None
    assert (sight.place, sight.since, sight.at) == ("201", 0.0, 3590.0)


def test_seen_elsewhere_is_not_there_any_more() -> None:
    life = Life()
    life.hear("tag-wang", "seen_at", "201", 0.0)
    life.hear("tag-wang", "seen_at", "hall", 100.0)
    assert life.ward.staff_in("201", at(101.0)) == ""
    assert life.ward.staff_in("hall", at(101.0)) == "wang"


def test_a_tag_between_two_receivers_arrives_once() -> None:
    life = Life()
    for seconds in range(0, 900, 20):
        life.hear("tag-wang", "seen_at", ("201", "hall")[seconds // 20 % 2], float(seconds))
    assert life.ward.staff_in("201", at(900.0)) == ""
    assert life.ward.staff_in("hall", at(900.0)) == ""


def test_whoever_comes_back_after_a_minute_has_arrived() -> None:
    life = Life()
    life.hear("tag-wang", "seen_at", "201", 0.0)
    life.hear("tag-wang", "seen_at", "hall", 100.0)
    life.hear("tag-wang", "seen_at", "201", 159.9)
    assert life.ward.staff_in("201", at(160.0)) == ""
    life.hear("tag-wang", "seen_at", "hall", 300.0)
    life.hear("tag-wang", "seen_at", "201", 360.0)
    assert life.ward.staff_in("201", at(361.0)) == "wang"


def test_a_place_that_nobody_described_is_none() -> None:
    life = Life()
    for number in range(1000):
        life.hear("tag-wang", "seen_at", f"forged-{number}", float(number))
    assert life.ward.seen("tag-wang") is None
    assert life.ward.staff_in("forged-1", at(2.0)) == ""


@pytest.mark.parametrize(("came", "escorts"), [(84.9, ""), (85.0, "wang"), (115.0, "wang"), (115.1, "")])
def test_an_escort_comes_within_its_time(came: float, escorts: str) -> None:
    life = Life()
    life.hear("tag-wang", "seen_at", "gate", came)
    assert life.ward.escort("gate", 100.0, 15.0) == escorts
    assert life.ward.escort("hall", 100.0, 15.0) == ""


def test_a_tag_of_nobody_is_not_remembered() -> None:
    life = Life()
    life.hear("tag-forged", "seen_at", "hall", 0.0)
    life.hear("tag-r1", "seen_at", "hall", 0.0)
    assert life.ward.seen("tag-forged") is None
    assert life.ward.seen("tag-r1") is not None


def test_out_until_told_or_a_day_and_back_ends_it() -> None:
    life = Life()
    life.act("out", 100.0)
    claim = life.ward.out("r-1", at(100.0))
    assert claim is not None
    assert (claim.by, claim.until) == ("panel:li", 100.0 + OUT_S)
    assert life.ward.out("r-1", at(99.0)) is None
    assert life.ward.out("r-1", at(100.0 + OUT_S)) is None
    life.act("out", 200.0, value=1_800_000_000.0 + 5000.0)
    assert life.ward.out("r-1", at(4999.0)) is not None
    assert life.ward.out("r-1", at(5000.0)) is None
    life.act("out", 6000.0)
    life.act("back", 6100.0)
    assert life.ward.out("r-1", at(6101.0)) is None


def test_whoever_lies_in_bed_again_is_back() -> None:
    life = Life()
    life.act("out", 100.0)
    life.hear("bed-1", "bed_occupied", True, 110.0)  # still in it when somebody signed for them
    assert life.ward.out("r-1", at(111.0)) is not None
    life.hear("bed-1", "bed_occupied", False, 200.0, Quality.UNCERTAIN)
    life.hear("bed-1", "bed_occupied", True, 250.0)
    assert life.ward.out("r-1", at(251.0)) is not None
    life.hear("bed-1", "bed_occupied", False, 300.0)
    assert life.ward.out("r-1", at(301.0)) is not None
    life.hear("bed-1", "bed_occupied", True, 5000.0)
    assert life.ward.out("r-1", at(5001.0)) is None


def test_maintenance_and_activity_are_bounded_whatever_was_asked() -> None:
    life = Life()
    life.act("maintenance", 0.0, BED, 1_800_000_000.0 + 10 * DAY_S)
    assert life.ward.in_maintenance("bed-1", at(MAINTENANCE_S - 1)) is not None
    assert life.ward.in_maintenance("bed-1", at(MAINTENANCE_S)) is None
    life.act("maintenance", 0.0, BED)
    life.act("in_service", 10.0, BED)
    assert life.ward.in_maintenance("bed-1", at(11.0)) is None
    resident = HOME.residents["r-1"]
    life.act("activity", 0.0, Subject(SubjectKind.PLACE, "201", "201"))
    assert life.ward.active(resident, at(ACTIVITY_S - 1)) is not None
    assert life.ward.active(resident, at(ACTIVITY_S)) is None
    life.act("activity", 9000.0)
    life.act("rest", 9100.0)
    assert life.ward.active(resident, at(9101.0)) is None


def test_acts_at_the_bed_prove_presence_and_leaving_ends_it() -> None:
    for name in ("present", "round", "turned"):
        life = Life()
        life.act(name, 10.0)
        assert life.ward.staff_in("201", at(11.0)) == "panel:li", name
        life.act("left", 20.0)
        assert life.ward.staff_in("201", at(21.0)) == ""


def test_the_newest_proof_counts() -> None:
    life = Life()
    life.hear("reader-201", "card", "04A1", 100.0)
    life.act("present", 300.0)
    claim = life.ward.presence("201", at(301.0))
    assert claim is not None
    assert (claim.since, claim.until, claim.by) == (300.0, 900.0, "panel:li")


def test_an_unset_clock_counts_as_night() -> None:
    ward = Ward(HOME)
    noon = Moment(0.0, 1_799_942_400.0 + 12 * 3600.0)
    assert not ward.night(None, noon)
    assert ward.night(None, Moment(0.0, noon.wall, wall_known=False))
    assert ward.night(HOME.residents["r-1"], Moment(0.0, 1_799_942_400.0))


@given(name=st.sampled_from(sorted(ACTS)), began=st.floats(0, 1e6), value=st.one_of(st.booleans(), st.floats(0, 2e9)))
def test_every_claim_ends_by_itself(name: str, began: float, value: bool | float) -> None:
    ward = Ward(HOME)
    bounded = isinstance(value, bool) or value <= 1_800_000_000.0 + began + 30 * DAY_S
    for subject in (R1, BED):
        ward.take(Act(name, subject, began, "x", value), at(began))
    later = at(began + 31 * DAY_S)
    resident = HOME.residents["r-1"]
    assert ward.staff_in("201", later) == ""
    assert ward.in_maintenance("bed-1", later) is None
    assert ward.active(resident, later) is None
    assert not bounded or ward.out("r-1", later) is None


def test_an_act_comes_back_from_json_with_its_time_moved() -> None:
    from dataclasses import asdict

    act = Act("out", R1, 100.0, "panel:li", 1_800_001_000.0)
    assert act_from_json(asdict(act), 50.0) == Act("out", R1, 150.0, "panel:li", 1_800_001_000.0)
    assert act.topic == Act("back", R1, 0.0, "x").topic == "whereabouts"
    for wrong in ({"name": "dance"}, {"value": [1]}, {"subject": {"kind": "x", "id": "a", "room": ""}}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            act_from_json({**asdict(act), **wrong})


def test_a_door_stands_open_until_it_is_shut() -> None:
    site = Site.of([], [Binding(f"door-{n}", DeviceRole.ENVIRONMENT, room="gate") for n in (1, 2)])
    ward = Ward(site)

    def door(number: int, is_open: bool, when: float, quality: Quality = Quality.GOOD) -> float | None:
        ward.take(Reading(f"door-{number}", "opening", is_open, when, quality), at(when))
        return ward.open_since("gate")

    assert ward.open_since("gate") is None
    assert door(1, False, 1.0) is None
    assert door(1, True, 2.0, Quality.UNCERTAIN) is None
    assert [door(1, True, 3.0), door(1, True, 4.0), door(2, True, 5.0), door(1, False, 6.0, Quality.BAD)] == [3.0] * 4
    assert door(1, False, 7.0) == 5.0
    assert door(2, False, 8.0) is None
    assert ward.open_since("hall") is None
