"""Cameras over the API: what is shown of them, and an outline for people who are logged in, on the record."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from agent.alarms.snapshot import CameraStatus
from agent.camera_facts import CameraFacts, CameraMode
from agent.panel import credentials
from agent.panel.camera_port import RoomOutline
from agent.panel.history_view import history
from agent.zones import Zone, ZoneKind
from tests.panel.serving import Served

ZONE = Zone(ZoneKind.BED, ((0.1, 0.1), (0.5, 0.1), (0.5, 0.6)), "by the window", "1")
BEDROOM = CameraStatus(
    "cam-302", "bedroom", "302", "unsure", ("picture_dark",), CameraFacts("cam-302", (ZONE,), CameraMode.SHADOW, 0.8),
    holds=False, consent_from="2026-01-01", consent_until="2026-12-31", days_left=12, beds=("1", "2"),
)  # fmt: skip
HALL = CameraStatus("hall", "hall", "", "ready", (), CameraFacts("hall"), holds=True)


@pytest.fixture
async def staff(served: Served) -> Served:
    """Logged in, in a home with two cameras."""
    assert (await served.log_in()).status_code == 303
    served.ward.cameras_seen += [BEDROOM, HALL]
    return served


async def test_each_camera_with_its_state_consent_and_zones(staff: Served) -> None:
    answer = (await staff.call("GET", "/api/v1/cameras")).json()
    bedroom, hall = answer["cameras"]
    assert bedroom == {
        "id": "cam-302",
        "role": "bedroom",
        "room": "302",
        "state": "unsure",
        "faults": ["picture_dark"],
        "being_set": True,
        "consent": {"from": "2026-01-01", "until": "2026-12-31", "days_left": 12},
        "beds": ["1", "2"],
        "facts": {
            "zones": [{**ZONE.told(), "name": "by the window"}],
            "mode": "shadow",
            "threshold": 0.8,
            "view": "auto",
        },
    }
    assert (hall["being_set"], hall["consent"]["until"], hall["facts"]["threshold"]) == (False, "", None)
    assert (await staff.call("GET", "/api/v1/state")).json()["cameras"] == answer["cameras"]


async def test_what_is_shown_can_be_written_back_as_a_site_fact(staff: Served) -> None:
    facts = (await staff.call("GET", "/api/v1/cameras")).json()["cameras"][0]["facts"]
    answer = await staff.call("PUT", "/api/v1/site/camera/cam-302", json=facts)
    assert answer.status_code == 200
    (row,) = (await staff.call("GET", "/api/v1/site")).json()["camera"]
    assert row == {"id": "cam-302", **facts}
    assert staff.ward.edits[-1][1] == "panel:wang"


async def test_an_outline_is_given_to_whoever_asks_by_name(staff: Served) -> None:
    staff.ward.outline_or_why = RoomOutline(8, 2, b"\xff\x01")
    answer = await staff.call("POST", "/api/v1/cameras/hall/outline")
    assert answer.json() == {"width": 8, "height": 2, "bits": base64.b64encode(b"\xff\x01").decode()}
    assert answer.headers["cache-control"] == "no-store"
    assert staff.ward.outlines_asked == [("hall", "panel:wang")]


@pytest.mark.parametrize(
    ("why", "status", "en", "zh"),
    [
        ("no_such_camera", 404, "no such camera", "没有这个摄像头"),
        ("outline_learning", 409, "still learning its room", "正在学习房间"),
        ("outline_off", 409, "the camera is off", "已停用"),
        ("outline_asked", 409, "somebody is asking", "有人正在获取"),
        ("outline_unanswered", 503, "does not answer", "无响应"),
    ],
)
async def test_why_there_is_none_is_told_in_both_languages(
    staff: Served, why: str, status: int, en: str, zh: str
) -> None:
    staff.ward.outline_or_why = why
    for language, words in (("en", en), ("zh", zh)):
        answer = await staff.call("POST", "/api/v1/cameras/hall/outline", headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["error"]) == (status, why)
        assert words in answer.json()["message"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v1/cameras"), ("POST", "/api/v1/cameras/hall/outline")])
async def test_cameras_are_for_people_who_are_logged_in(served: Served, method: str, path: str) -> None:
    served.ward.cameras_seen.append(replace(HALL))
    assert (await served.call(method, path)).status_code == 401
    bearer: dict[str, Any] = {"Authorization": f"Bearer {credentials.new_token(served.state, 'platform')}"}
    assert (await served.call(method, path, bearer)).status_code == 403
    assert served.ward.outlines_asked == []


async def test_another_site_s_page_asks_for_no_outline(staff: Served) -> None:
    answer = await staff.call("POST", "/api/v1/cameras/hall/outline", {"Origin": "http://elsewhere"})
    assert answer.json()["error"] == "wrong_origin"
    assert staff.ward.outlines_asked == []


def test_the_log_tells_of_which_camera_an_outline_was_asked_for() -> None:
    row = {
        "type": "nightlamp.audit.v1",
        "subject": "cam-302",
        "actor": "panel:wang",
        "data": {"action": "outline_asked"},
    }
    (told,) = history([row], "zh")
    assert (told.happened, told.title, told.actor) == ("获取房间轮廓图", "cam-302", "wang")
    (told,) = history([{**row, "subject": "site", "data": {}}], "en")
    assert (told.happened, told.title) == ("Site facts changed", "")
