"""The test of buzzers and lamps over the real API, and how many streams the core counts as ears."""

import asyncio
import json

import pytest

from agent.residents import Subject, SubjectKind
from tests.panel.serving import Served
from tests.waiting import until


@pytest.fixture
async def staff(served: Served) -> Served:
    """Logged in."""
    assert (await served.log_in()).status_code == 303
    return served


async def test_a_test_is_asked_for_and_confirmed_by_name(staff: Served) -> None:
    answer = await staff.call("POST", "/api/v1/sound/test")
    assert (answer.status_code, answer.json(), staff.ward.sound_tests) == (200, {"asked": True}, 1)
    answer = await staff.call("POST", "/api/v1/sound/heard", json={"name": "bench"})
    (act,) = staff.ward.acts
    assert (answer.status_code, answer.json()) == (200, {"name": "bench", "by": act.actor})
    assert (act.name, act.subject) == ("heard", Subject(SubjectKind.DEVICE, "bench"))
    assert act.actor.startswith("panel:")


@pytest.mark.parametrize("body", [{}, {"name": "none"}, {"name": ["bench"]}])
async def test_an_output_that_is_not_there_was_not_heard(staff: Served, body: dict[str, object]) -> None:
    answer = await staff.call("POST", "/api/v1/sound/heard", json=body, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_subject")
    assert "there are: bench" in answer.json()["cure"]
    assert staff.ward.acts == []


async def test_without_an_output_there_is_nothing_to_test(staff: Served) -> None:
    staff.ward.annunciators = ()
    answer = await staff.call("POST", "/api/v1/sound/test", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]) == (503, "no_sounder")
    assert "annunciators.toml" in answer.json()["cure"]


@pytest.mark.parametrize("path", ["/api/v1/sound/test", "/api/v1/sound/heard", "/api/v1/live/answer"])
async def test_only_staff_and_only_from_the_panel_s_own_page(served: Served, path: str) -> None:
    assert (await served.call("POST", path, json={"name": "bench"})).status_code == 401
    await served.log_in()
    answer = await served.call("POST", path, json={"name": "bench"}, headers={"Origin": "http://elsewhere.example"})
    assert (answer.status_code, answer.json()["error"]) == (403, "wrong_origin")
    assert (served.ward.sound_tests, served.ward.acts) == (0, [])


async def test_the_panel_counts_who_says_that_it_sounds(staff: Served) -> None:
    reader, writer = await asyncio.open_unix_connection(str(staff.socket))
    writer.write(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with asyncio.timeout(5):
        await reader.readuntil(b"event: state\n")
        data = await reader.readuntil(b"\n\n")
    told = json.loads(data.partition(b"data: ")[2])
    assert "alarms" in told
    assert staff.server.hearing == 0, "an open connection proves nothing"
    answer = {"stream": told["stream"], "sounds": True}
    for says, heard in ((True, 1), (False, 0), ("yes", 0), (True, 1)):
        answered = await staff.call("POST", "/api/v1/live/answer", json={**answer, "sounds": says})
        assert (answered.status_code, answered.json(), staff.server.hearing) == (200, {"known": True}, heard)
    writer.close()
    await until(lambda: staff.server.hearing == 0, "it has gone")
    assert (await staff.call("POST", "/api/v1/live/answer", json=answer)).json() == {"known": False}
    assert staff.server.hearing == 0
