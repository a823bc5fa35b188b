"""What staff say that they did, over the real API."""

from collections.abc import Mapping

import pytest
import requests

from agent.residents import Subject, SubjectKind
from tests.panel.serving import Served


@pytest.fixture
async def staff(served: Served) -> Served:
    """Logged in."""
    assert (await served.log_in()).status_code == 303
    return served


async def post(served: Served, body: Mapping[str, object]) -> requests.Response:
    return await served.call("POST", "/api/v1/acts", json=body)


async def test_an_act_is_taken_with_the_name_of_whoever_did_it(staff: Served) -> None:
    answer = await post(staff, {"act": "turned", "resident": "r-302"})
    assert answer.status_code == 200
    (act,) = staff.ward.acts
    assert (act.name, act.value) == ("turned", True)
    assert act.subject == Subject(SubjectKind.RESIDENT, "r-302", "302")
    assert act.actor.startswith("panel:")
    assert answer.json()["by"] == act.actor


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"act": "danced", "resident": "r-302"}, 400, "unknown_act"),
        ({"act": "turned"}, 404, "unknown_subject"),
        ({"act": "turned", "resident": "r-302", "device": "sos-302"}, 404, "unknown_subject"),
        ({"act": "turned", "resident": "r-9"}, 404, "unknown_subject"),
        ({"act": "round", "place": "999"}, 404, "unknown_subject"),
        ({"act": "maintenance", "device": "none"}, 404, "unknown_subject"),
        ({"act": "turned", "place": "302"}, 400, "wrong_subject"),
        ({"act": "consciousness", "resident": "r-302", "value": "X"}, 400, "bad_value"),
        ({"act": "oxygen", "resident": "r-302", "value": "yes"}, 400, "bad_value"),
        ({"act": "out", "resident": "r-302", "value": [1]}, 400, "bad_value"),
        ({"act": "out", "resident": "r-302", "value": "tomorrow"}, 400, "bad_value"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_cure(
    staff: Served, body: dict[str, object], status: int, error: str
) -> None:
    answer = await post(staff, body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert staff.ward.acts == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_a_number_that_is_none_does_nothing(staff: Served, number: str) -> None:
    """Python reads and writes the first two; no other program does, and the log of acts is for others."""
    body = f'{{"act": "turned", "resident": "r-302", "value": {number}}}'
    answer = await staff.call("POST", "/api/v1/acts", data=body)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("bad_body", "bad_value")
    assert staff.ward.acts == []


async def test_nobody_acts_without_a_login(served: Served) -> None:
    answer = await post(served, {"act": "turned", "resident": "r-302"})
    assert answer.status_code == 401
    assert served.ward.acts == []


async def test_rooms_and_devices_have_acts_of_their_own(staff: Served) -> None:
    for body in (
        {"act": "round", "place": "302"},
        {"act": "maintenance", "device": "sos-302", "value": 1_800_000_000.0},
    ):
        assert (await post(staff, body)).status_code == 200
    assert [(act.name, act.subject.id, act.value) for act in staff.ward.acts] == [
        ("round", "302", True),
        ("maintenance", "sos-302", 1_800_000_000.0),
    ]
