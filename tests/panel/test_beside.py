"""Pause, shelves, tasks and the care page: what staff do to keep calm, over the real API and in a real browser."""

from typing import Any

import pytest
import requests

from agent.alarms.standing import OpenTask
from agent.rules.finding import Priority
from agent.rules.reason import because
from tests.panel.browser import Panel
from tests.panel.serving import Served
from tests.panel.ward import WANG, ZHANG
from tests.waiting import until


@pytest.fixture
async def staff(served: Served) -> Served:
    """Logged in."""
    assert (await served.log_in()).status_code == 303
    return served


async def post(served: Served, path: str, **body: object) -> requests.Response:
    return await served.call("POST", f"/api/v1{path}", json=body)


async def state(served: Served) -> dict[str, Any]:
    return dict((await served.call("GET", "/api/v1/state")).json())


async def test_a_pause_has_a_name_and_an_end_and_can_be_ended(staff: Served) -> None:
    assert (await post(staff, "/pause")).json()["error"] == "nothing_sounds"
    staff.ward.find("bed_exit", Priority.MEDIUM, WANG)
    assert (await post(staff, "/pause", seconds=90)).status_code == 200
    paused = (await state(staff))["paused"]
    assert isinstance(paused, dict)
    assert (paused["by"], paused["until"] - paused["since"], paused["priority"]) == ("panel:wang", 90.0, "medium")
    for wrong in (0, 121, "long", True):
        assert (await post(staff, "/pause", seconds=wrong)).json()["error"] == "bad_value"
    assert (await post(staff, "/resume")).status_code == 200
    assert (await state(staff))["paused"] is None


async def test_shelving_needs_a_reason_and_never_takes_a_call(staff: Served) -> None:
    shelf = {"kind": "device_silent", "subject": "sos-302", "reason": "battery ordered", "seconds": 3600}
    assert (await post(staff, "/shelves", **shelf)).status_code == 200
    (shown,) = (await state(staff))["shelves"]
    assert (shown["kind"], shown["subject"], shown["by"], shown["reason"]) == (
        "device_silent",
        "sos-302",
        "panel:wang",
        "battery ordered",
    )
    refusals = {
        "never_shelved": {**shelf, "kind": "sos"},
        "bad_value": {**shelf, "reason": " "},
    }
    for error, body in refusals.items():
        assert (await post(staff, "/shelves", **body)).json()["error"] == error
    assert (await post(staff, f"/shelves/{shown['id']}/end")).status_code == 200
    assert (await state(staff))["shelves"] == []
    assert (await post(staff, f"/shelves/{shown['id']}/end")).json()["error"] == "unknown_alarm"


async def test_nobody_pauses_without_a_login(served: Served) -> None:
    for path in ("/pause", "/resume", "/shelves", "/shelves/x/end"):
        assert (await post(served, path)).status_code == 401


def task() -> OpenTask:
    return OpenTask("t-1", "turning_soon", ZHANG, 5.0, 600.0, (because("turned"),))


async def test_tasks_are_shown_with_their_words(staff: Served) -> None:
    staff.ward.tasks.append(task())
    answer = await staff.call("GET", "/api/v1/state", {"Accept-Language": "en"})
    (shown,) = answer.json()["tasks"]
    assert (shown["kind"], shown["subject"]["id"], shown["words"]) == (
        "turning_soon",
        "r-118",
        {"title": "Turn soon", "reasons": ["turned"]},
    )


async def test_one_tap_on_the_page_does_each_of_them(served: Served, panel: Panel) -> None:
    ward = served.ward
    ward.find("bed_exit", Priority.MEDIUM, WANG)
    ward.tasks.append(task())
    ward.changed()
    await panel.shows("#tasks button")
    await panel.tap("#pausing button")
    await panel.shows("#paused .left")
    assert ward.engine.quiet.audio_paused is not None
    await panel.tap("#paused button")
    await panel.shows("#pausing button")
    await panel.tap("#tasks button")
    await until(lambda: ward.acts, "the task is done")
    (act,) = ward.acts
    assert (act.name, act.subject, act.value) == ("task_done", ZHANG, "turning_soon")


async def test_the_care_page_signs_a_resident_out(served: Served, panel: Panel) -> None:
    await panel.tap("nav a[href='/care']")
    await panel.shows("#person-r-302")
    assert "王秀英" in await panel.text("#person-r-302")
    await panel.tap("#person-r-302 button >> nth=0")
    await until(lambda: served.ward.acts, "the act")
    assert [(act.name, act.subject) for act in served.ward.acts] == [("out", WANG)]


async def test_what_is_to_be_done_pushes_no_alarm_down(staff: Served) -> None:
    staff.ward.find("bed_exit", Priority.MEDIUM, WANG)
    staff.ward.tasks.append(task())
    staff.ward.changed()
    page = (await staff.call("GET", "/")).text
    assert 0 < page.index('id="pausing"') < page.index('data-alarm="') < page.index('id="tasks"')
