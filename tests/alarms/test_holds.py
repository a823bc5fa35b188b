"""Whose room, whose absence and which device in service hold an alarm back."""

import pytest

from agent.alarms.holds import claim_on
from agent.detection.acts import Act
from agent.detection.ward import Ward
from agent.moment import Moment
from agent.places import Place, PlaceKind
from agent.residents import GATEWAY, Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS, Hold
from agent.rules.reason import because
from drivers.reading import Reading

NOW = Moment(1000.0, 1_800_000_000.0)
LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
SITE = Site.of(
    [Resident("r-1", "李", "201")],
    [
        Binding("belt", DeviceRole.WEARABLE, resident="r-1"),
        Binding("tag", DeviceRole.TAG, resident="r-1"),
        Binding("bed", DeviceRole.BED, resident="r-1"),
        Binding("other-tag", DeviceRole.TAG, resident="r-2"),
    ],
    places=[Place("corridor", PlaceKind.CORRIDOR), Place("201", PlaceKind.ROOM, "201")],
)
ABSENCE = sorted(name for name, kind in KINDS.items() if kind.held_by == {Hold.OUT})


def ward(*acts: tuple[str, Subject]) -> Ward:
    """People of that home after what staff did."""
    people = Ward(SITE)
    for name, subject in acts:
        people.take(Act(name, subject, 990.0, "s-1", True), NOW)
    return people


def held(kind: str, subject: Subject, people: Ward, device: str = "") -> str:
    """By which hold it is held back now; empty: by none."""
    claimed = claim_on(Finding(kind, subject, Priority.MEDIUM, 995.0, (), device), people, NOW)
    if claimed is None:
        return ""
    claim, reason = claimed
    hold = str(dict(reason.values)["hold"])
    assert reason == because("held_back", hold=hold, by="s-1")
    assert claim.by == "s-1"
    return hold


@pytest.mark.parametrize("device", ["belt", "tag"])
def test_of_what_is_carried_the_bearer_s_absence_explains_it(device: str) -> None:
    assert ABSENCE
    about = Subject(SubjectKind.DEVICE, device)
    assert held(ABSENCE[0], about, ward(("out", LI)), device) == "out"
    assert held(ABSENCE[0], about, ward(), device) == ""
    assert held(ABSENCE[0], about, ward(("out", about)), device) == "", "nobody signs a device out"


@pytest.mark.parametrize("device", ["bed", "other-tag", "stranger"])
def test_of_what_stays_or_is_another_s_it_does_not(device: str) -> None:
    assert held(ABSENCE[0], Subject(SubjectKind.DEVICE, device), ward(("out", LI)), device) == ""


def test_nobody_s_absence_explains_what_is_of_a_room() -> None:
    assert held(ABSENCE[0], Subject(SubjectKind.PLACE, "201", "201"), ward(("out", LI))) == ""


def test_a_device_in_service_is_the_one_that_tells_or_else_the_one_it_is_about() -> None:
    belt, bed = (Subject(SubjectKind.DEVICE, name, "201") for name in ("belt", "bed"))
    people = ward(("maintenance", belt))
    assert held("device_silent", belt, people) == "maintenance"
    assert held("device_silent", bed, people) == ""
    assert held("device_silent", GATEWAY, people, "belt") == "maintenance"
    assert held("device_silent", belt, people, "bed") == ""


@pytest.mark.parametrize(("device", "there"), [("tag", ""), ("belt", "staff"), ("other-tag", "staff")])
def test_who_walks_about_is_where_a_tag_of_their_own_was_heard(device: str, there: str) -> None:
    people = ward(("present", LI))
    people.take(Reading(device, "seen_at", "corridor", 992.0), NOW)
    assert held("wandering", LI, people, "tag") == there


def test_staff_are_with_whom_a_room_or_else_a_place_of_its_own_is() -> None:
    corridor = Subject(SubjectKind.PLACE, "corridor")
    assert held("wandering", corridor, ward(("present", corridor))) == "staff"
    assert held("wandering", corridor, ward(("present", LI))) == ""


def test_a_word_about_nobody_explains_nothing() -> None:
    people = ward(("out", Subject(SubjectKind.RESIDENT, "")))
    assert held(ABSENCE[0], Subject(SubjectKind.DEVICE, "stranger"), people, "stranger") == ""
