"""What one instance of a rule watches, which of them live before their first event, and what they hear."""

from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.observations import Observation
from agent.places import Place, PlaceKind
from agent.residents import GATEWAY, Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.row import RuleRow, Scope, bound_devices, devices_of, residents, the_home
from agent.rules.sos import SosRule
from drivers.base import Link
from drivers.reading import Reading

LIVES = Site.of(
    [Resident("r-1", "甲", "201")],
    [
        Binding("bed", DeviceRole.BED, resident="r-1"),
        Binding("smoke", DeviceRole.LIFE_SAFETY, room="wc-201"),
        Binding("tag", DeviceRole.TAG, staff="s-1"),
    ],
    places=[Place("wc-201", PlaceKind.TOILET, "201")],
)
RESIDENT = Subject(SubjectKind.RESIDENT, "r-1", "201")
ROOM = Subject(SubjectKind.PLACE, "201", "201")
TOILET = Subject(SubjectKind.PLACE, "wc-201", "201")
BED = Subject(SubjectKind.DEVICE, "bed", "201")
LOOSE = Subject(SubjectKind.DEVICE, "loose")


@pytest.mark.parametrize(
    ("scope", "bed", "smoke", "loose"),
    [
        (Scope.DEVICE, BED, Subject(SubjectKind.DEVICE, "smoke", "201"), LOOSE),
        (Scope.SUBJECT, RESIDENT, TOILET, LOOSE),
        (Scope.ROOM, ROOM, ROOM, LOOSE),
        (Scope.HOME, GATEWAY, GATEWAY, GATEWAY),
    ],
)
def test_a_device_is_heard_by_the_instance_of_its_scope(
    scope: Scope, bed: Subject, smoke: Subject, loose: Subject
) -> None:
    assert [scope.of_device(LIVES, name) for name in ("bed", "smoke", "loose")] == [bed, smoke, loose]


def test_what_a_camera_says_of_a_bed_is_heard_by_the_one_who_has_it() -> None:
    two = Site.of(
        [
            Resident("r-1", "甲", "201", bed="1"),
            Resident("r-2", "乙", "201", bed="2"),
            Resident("r-3", "丙", "202", bed="2"),
        ],
        [Binding("cam", DeviceRole.CAMERA, room="201"), Binding("own", DeviceRole.CAMERA, resident="r-1")],
    )
    second = Subject(SubjectKind.RESIDENT, "r-2", "201")
    assert Scope.SUBJECT.of_device(two, "cam", "2") == second
    assert Scope.SUBJECT.of_device(two, "own", "2") == second
    assert Scope.SUBJECT.of_device(two, "cam", "3") == Scope.SUBJECT.of_device(two, "cam") == ROOM
    assert Scope.SUBJECT.of_device(two, "loose", "2") == LOOSE
    assert Scope.ROOM.of_device(two, "cam", "2") == ROOM
    assert Scope.DEVICE.of_device(two, "cam", "2") == Subject(SubjectKind.DEVICE, "cam", "201")
    assert Scope.HOME.of_device(two, "cam", "2") == GATEWAY


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope.DEVICE, [None, None, BED]),
        (Scope.SUBJECT, [RESIDENT, TOILET, None]),
        (Scope.ROOM, [ROOM, ROOM, ROOM]),
        (Scope.HOME, [RESIDENT, TOILET, None]),
    ],
)
def test_an_act_is_heard_by_the_instance_of_its_scope(scope: Scope, expected: list[Subject | None]) -> None:
    assert [scope.of_act(subject) for subject in (RESIDENT, TOILET, BED)] == expected
    assert Scope.ROOM.of_act(LOOSE) == LOOSE


def test_the_blindness_of_a_device_s_rule_concerns_whom_it_serves() -> None:
    assert Scope.DEVICE.for_whom(LIVES, BED) == RESIDENT
    assert Scope.ROOM.for_whom(LIVES, ROOM) == ROOM


def test_what_lives_before_its_first_event() -> None:
    names = {
        "bed": BED,
        "smoke": Subject(SubjectKind.DEVICE, "smoke", "201"),
        "tag": Subject(SubjectKind.DEVICE, "tag"),
    }
    assert list(bound_devices(LIVES)) == list(names.values())
    assert list(devices_of(DeviceRole.BED, DeviceRole.TAG)(LIVES)) == [BED, names["tag"]]
    assert list(residents(LIVES)) == [RESIDENT]
    assert list(the_home(LIVES)) == [GATEWAY]
    assert list(RuleRow("quiet", SosRule, Scope.DEVICE).watches(LIVES)) == []


ROW = RuleRow("row", SosRule, Scope.DEVICE, ("smoke",), ("fall",), ("round",))


EVENTS = [
    (kind, name)
    for kind, names in ((Reading, "smoke gas"), (Observation, "fall smoke"), (Act, "round smoke"))
    for name in names.split()
] + [(Link, ""), (Link, "smoke")]


@pytest.mark.parametrize(
    ("row", "heard"),
    [
        (ROW, [0, 2, 4]),
        (replace(ROW, links=True), [0, 2, 4, 6, 7]),
        (replace(ROW, every_word=True), [0, 1, 2, 3, 4, 6, 7]),
    ],
)
def test_a_rule_hears_what_its_row_asks_for(row: RuleRow, heard: list[int]) -> None:
    assert [number for number, (kind, name) in enumerate(EVENTS) if row.wants(kind, name)] == heard
