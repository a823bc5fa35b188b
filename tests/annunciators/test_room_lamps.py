"""Which lamp of the corridor is lit when."""

from typing import Any

import pytest

from agent.annunciators.room_lamps import room_lamps
from agent.annunciators.speech import Place, SiteFacts
from tests.annunciators.test_board import alarm

NOBODY = SiteFacts()


def at(room: str, priority: str, sounding: bool = True) -> dict[str, Any]:
    return {**alarm(f"{room}{priority}", priority, sounding), "subject": {"kind": "room", "id": "x", "room": room}}


@pytest.mark.parametrize(
    ("alarms", "now", "lit", "until"),
    [
        ([], 1.0, {}, float("inf")),
        ([at("1", "high")], 0.0, {"1": True}, 0.25),
        ([at("1", "high")], 0.25, {"1": False}, 0.5),
        ([at("1", "medium")], 0.25, {"1": True}, 1.0),
        ([at("1", "medium")], 1.0, {"1": False}, 2.0),
        ([at("1", "low")], 1.0, {"1": True}, float("inf")),
        ([at("1", "high", sounding=False)], 0.25, {"1": True}, float("inf")),  # seen: steady
        ([at("1", "low"), at("1", "high")], 0.25, {"1": False}, 0.5),  # the gravest decides
        ([at("1", "high", sounding=False), at("1", "medium")], 1.0, {"1": True}, float("inf")),
        ([at("1", "high", sounding=False), at("1", "high")], 0.25, {"1": False}, 0.5),  # one nobody has answered
        ([at("1", "low"), at("2", "medium")], 1.5, {"1": True, "2": False}, 2.0),
        ([at("", "high")], 0.0, {}, float("inf")),
    ],
)
def test_lamps(alarms: list[dict[str, Any]], now: float, lit: dict[str, bool], until: float) -> None:
    assert room_lamps(alarms, NOBODY, now) == (lit, until)


def test_the_site_facts_know_the_room_of_a_resident() -> None:
    site = SiteFacts(places={"r1": Place("205", "")})
    one = {**alarm("a", "low"), "subject": {"kind": "resident", "id": "r1", "room": ""}}
    assert room_lamps([one], site, 0.0)[0] == {"205": True}
    assert room_lamps([alarm("a")], site, 0.0)[0] == {}
