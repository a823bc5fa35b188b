"""Site lines that are not quite right: what is wrong is told by its line, and the rest of the home stands."""

from typing import Any

import pytest

from agent.residents import Site
from tests.replay.days import HOME, Replayed, press, site


def played(*lines: dict[str, Any]) -> tuple[Site, list[tuple[int, str]], list[tuple[str, str]]]:
    """The site, what was told of it, and what a press in room 201 came to."""
    day = Replayed([*HOME, *lines, press(10)])
    assert day.whys == []
    told = [(one.number, one.why.removeprefix("site: ")) for one in day.player.warnings]
    return day.player.judge.rules.ground.site, told, day.of("sos")


CALLED = [("00:10", "raised"), ("00:10", "sounded")]


@pytest.mark.parametrize(
    ("table", "row", "told"),
    [
        ("resident", {"id": "r9", "room": "209", "turning_min": "often"}, "resident r9: turning_min: "),
        ("resident", {"id": "r9", "room": "209", "fall_risk": "great"}, "resident r9: fall_risk: "),
        (
            "resident",
            {"id": ["r9"], "room": "209"},
            "resident ['r9']: id: Input should be a valid string; the",
        ),
        ("resident", {"id": "r9"}, "resident r9: room: Field required; the whole row was left out"),
        ("binding", {"device": "zz", "resident": "r1", "role": "gong"}, "binding zz: role: "),
        ("binding", {"device": "zz"}, "binding zz: Value error, give one of resident, room and staff"),
        ("binding", {"device": "zz", "resident": "r7", "role": "bed"}, "binding zz: resident 'r7' is on no site line"),
        ("duty", {"member": "s7", "shift": "night"}, "duty 0: member 's7' is on no site line"),
        ("shift", {"id": "night", "from": "dusk", "to": "07:00"}, "shift night: from: "),
        ("ladder", {"priority": "urgent", "rungs": []}, "ladder 0: priority: "),
        ("place", {"id": "x", "kind": "attic"}, "place x: kind: "),
        ("facility", {"code": "1", "utc_offset_h": 90}, "facility.utc_offset_h: "),
        ("meals", ["noon"], "meals.0: "),
    ],
)
def test_what_nobody_can_use_is_told_and_a_press_still_heard(table: str, row: Any, told: str) -> None:  # noqa: ANN401
    _, warnings, sos = played(site(table, row))
    assert sos == CALLED
    assert warnings[0][0] == 4
    assert warnings[0][1].startswith(told)


def test_a_field_is_left_out_alone_where_its_row_does_without() -> None:
    site_, _, _ = played(
        site("resident", {"id": "r9", "room": "209", "turning_min": "often", "mobile": False}),
        site("binding", {"device": "zz", "resident": "r9", "role": "gong"}),
    )
    assert (site_.residents["r9"].mobile, site_.residents["r9"].turning_min) == (False, 0.0)
    assert site_.bindings["zz"].role == "wearable"


def test_a_duty_told_later_takes_the_place_of_no_other() -> None:
    site_, told, _ = played(
        site("staff", [{"id": who, "name": who} for who in ("a", "b", "c")]),
        site("shift", {"id": "day", "from": "06:00", "to": "22:00"}),
        site("duty", [{"member": "a"}, {"member": "b", "shift": "day"}, {"member": "c", "shift": "day"}]),
        press(5),
        site("duty", {"member": "a", "shift": "day"}),
    )
    assert [duty.member for duty in site_.roster.duties] == ["b", "c", "a"]
    assert [(number, why.partition(":")[0]) for number, why in told] == [(6, "duty 0")]


def test_left_out_rows_count() -> None:
    assert Replayed([*HOME, site("binding", {"device": "zz"}), press(10)]).summary["rejected"] == 1


def test_beds_rooms_and_residents_find_each_other_in_any_order() -> None:
    site_, told, _ = played(
        site(
            "bindings", [{"device": "mat", "bed": "b-2", "role": "bed"}, {"device": "pad", "bed": "b-3", "role": "bed"}]
        ),
        site("residents", [{"id": "r2", "bed": "b-2"}, {"id": "r4", "bed": "b-4"}]),
        site("beds", [{"id": "b-2", "room": "202"}, {"id": "b-3", "room": "203"}, {"id": "b-5", "resident": "r1"}]),
    )
    assert told == []
    assert {one.id: (one.room, one.bed) for one in site_.residents.values()} == {
        "r1": ("201", "b-5"),
        "r2": ("202", "b-2"),
        "r4": ("b-4", "b-4"),
    }
    assert (site_.bindings["mat"].resident, site_.bindings["pad"].room) == ("r2", "203")


def test_a_binding_with_two_owners_has_one() -> None:
    both = {"resident": "r1", "room": "201"}
    site_, told, _ = played(
        site("binding", {"device": "mat", "role": "bed", **both}),
        site("binding", {"device": "cam", "role": "camera", **both}),
        site("binding", {"device": "det", "role": "life_safety", "place": "hall", "resident": None}),
    )
    owners = {one.device: (one.resident, one.room) for one in site_.bindings.values()}
    assert told == []
    assert (owners["mat"], owners["cam"], owners["det"]) == (("r1", ""), ("", "201"), ("", "hall"))
