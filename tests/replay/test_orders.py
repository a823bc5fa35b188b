"""Commands of a day file: what they say, and what is refused."""

import json
from typing import Any

import pytest

from agent.replay.day import parse
from agent.replay.line import CommandLine, DayError
from tests.replay.days import HOME, START, Replayed, at, command, press, site

UNTIL = "2027-01-14T14:00:00Z"
UNTIL_S = 1_799_935_200.0


def order(name: str, **more: Any) -> CommandLine:  # noqa: ANN401
    parsed = parse(json.dumps({"t": START, "kind": "command", "quantity": name, "resident": "r1", **more}))
    assert isinstance(parsed, CommandLine)
    return parsed


@pytest.mark.parametrize(
    ("name", "value", "means"),
    [
        ("out", UNTIL, UNTIL_S),
        ("out", UNTIL_S, UNTIL_S),
        ("maintenance", None, True),
        ("consciousness", "v", "V"),
        ("consciousness", "Confused", "C"),
        ("oxygen", 2.5, True),
        ("oxygen", 0, False),
        ("turned", None, True),
        ("task_done", "meal_watch", "meal_watch"),
    ],
)
def test_the_value_of_an_act(name: str, value: Any, means: Any) -> None:  # noqa: ANN401
    assert order(name, value=value).value == means


@pytest.mark.parametrize("name", ["pause", "shelve"])
def test_the_end_of_a_pause_or_shelf_is_a_time_like_any_other(name: str) -> None:
    told = order(name, value={"kind": "bed_exit", "until": UNTIL.removesuffix("Z")})
    assert told.more["until"] == UNTIL_S
    assert "taken as UTC" in told.odd
    assert order(name, until=UNTIL_S).odd == ""
    assert order(name, until=None, value={"minutes": 5}).more["minutes"] == 5
    with pytest.raises(DayError, match="say until when"):
        order(name, until=120)


def test_until_may_stand_beside_the_value() -> None:
    assert order("activity", until=UNTIL).value == UNTIL_S
    assert order("out", value={"until": UNTIL}).value == UNTIL_S


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("out", "tomorrow", "is no time"),
        ("out", 120, "out: value is 120; say until when"),
        ("consciousness", "X", "it is A, C, V, P or U"),
        ("consciousness", "awake", "it is A, C, V, P or U"),
        ("oxygen", "mask", "true .oxygen. or false"),
        ("closed", {"cause": "nap"}, "cause is 'nap'; it must be one of fall, toilet, false_alarm"),
        ("closed", {"cause": "restored"}, "it must be one of"),
        ("atended", None, "is 'attended' meant"),
    ],
)
def test_what_means_nothing_is_refused_with_its_cure(name: str, value: Any, why: str) -> None:  # noqa: ANN401
    with pytest.raises(DayError, match=why):
        order(name, value=value)


def test_a_cause_alone_closes_what_is_meant_and_a_kind_stays_a_kind() -> None:
    assert (order("closed", value="assisted").more["cause"], order("closed", value="assisted").kind) == ("assisted", "")
    assert (order("closed", value="fall").kind, order("closed", value="fall").more.get("cause")) == ("fall", None)
    assert Replayed([*HOME, press(10), command(20, "attended")]).whys == [(5, "attended: no open alarm of anybody")]
    day = Replayed(
        [*HOME, press(10), command(20, "attended", resident="r1"), command(30, "closed", resident="r1", value="test")]
    )
    assert day.of("sos")[-1] == ("00:30", "closed")


def test_a_place_that_no_site_line_names_is_refused() -> None:
    lines = [*HOME, site("place", {"id": "wc", "kind": "toilet", "room": "201"})]
    day = Replayed([*lines, *(command(5 + n, "present", place=p) for n, p in enumerate(("201", "wc", "moon")))])
    assert day.whys == [(7, "present: no place 'moon' is on a site line")]


NIGHT = site("resident", {"id": "r1", "room": "201", "fall_risk": "high", "night": "19:00-07:00"})
EDGE = at(30, "reading", "edge_of_bed", device="bed1", value=True)
IN_BED = at(1, "reading", "bed_occupied", device="bed1", value=True)


def test_a_shelf_keeps_one_kind_of_one_resident_quiet_and_never_a_call() -> None:
    shelf = {"kind": "bed_exit", "reason": "family is here", "minutes": 30}
    lines = [*HOME, NIGHT, IN_BED, command(5, "shelve", resident="r1", value=shelf, by="li"), EDGE, press(40)]
    day = Replayed(lines)
    assert day.of("bed_exit") == [("00:30", "suppressed")]
    assert day.of("sos") == [("00:40", "raised"), ("00:40", "sounded")]
    off = command(50, "unshelve", resident="r1", value={"kind": "bed_exit"}, by="li")
    assert Replayed([*lines, off]).of("bed_exit")[1:] == [("00:50", "raised"), ("00:50", "sounded")]
    never = command(5, "shelve", resident="r1", value={**shelf, "kind": "sos"})
    refused = Replayed([*HOME, never, command(6, "unshelve")])
    assert [why[:20] for _, why in refused.whys] == ["sos is never shelved", "unshelve: no kind of"]


def test_a_pause_quiets_what_is_no_graver_and_ends_by_itself() -> None:
    other = {**NIGHT["value"], "id": "r2", "room": "202"}
    home = [*HOME, NIGHT, site("resident", other)]
    home.append(site("binding", {"device": "bed2", "resident": "r2", "role": "bed"}))
    second = [{**one, "device": "bed2", "t": one["t"].replace(":30.", ":50.")} for one in (IN_BED, EDGE)]
    lines = [*home, IN_BED, second[0], EDGE, command(40, "pause", value=60, by="li"), second[1]]
    later = at(200, "reading", "battery", device="bed1", value=90)
    told = [(when, event) for when, event in Replayed([*lines, later]).of("bed_exit")]
    assert told[2:4] == [("00:50", "raised"), ("01:40", "sounded")]
    broken = Replayed([*lines, press(60), command(61, "resume")])
    assert ("01:00", "sounded") in broken.of("sos")
    assert broken.whys == []
