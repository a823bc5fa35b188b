"""`/api/v1/shadow`: labels, falls that were not seen, and a switch that a person confirms by name."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.camera_facts import CameraMode
from agent.panel.shadow_api import _last
from agent.panel.site_port import SiteNotKeptError, SiteNotReadError, SiteProblem, SiteRefusedError
from tests.panel.serving import Served, serving
from tests.panel.ward import Ward

PATH = "/api/v1/shadow"


@pytest.fixture
async def home(run_folder: Path) -> AsyncIterator[Served]:
    async with serving(Ward(trial=("hall", "ward")), run_folder) as served:
        served.ward.shadows.board.set("hall", CameraMode.SHADOW)
        await served.log_in("wang")
        yield served


async def post(home: Served, what: str, status: int = 200, **body: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = await home.call("POST", f"{PATH}/{what}", json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def cameras(home: Served) -> list[dict[str, Any]]:
    answer = await home.call("GET", PATH)
    assert answer.status_code == 200
    told: list[dict[str, Any]] = answer.json()["cameras"]
    return told


async def test_what_a_camera_would_have_raised_is_read(home: Served) -> None:
    id_ = home.ward.shadows.tell("hall", 0.91, ago_s=60.0)
    home.ward.shadows.watch("hall", 2)
    hall, ward = await cameras(home)
    assert (hall["camera"], hall["place"], hall["mode"], hall["threshold"]) == ("hall", "1F", "shadow", 0.88)
    assert (hall["own_threshold"], hall["day"]["told"], hall["day"]["raised"]) == (False, 1, 1)
    assert hall["recent"][0]["id"] == id_
    assert hall["recent"][0]["label"] is None
    assert hall["proposal"] == {"why": "hours", "needed_h": 168.0, "goal_a_week": 1.0, "forecast": None}
    assert hall["hours"] == 2.0
    assert hall["in_force"]["unknown"] == 1
    assert (ward["mode"], ward["threshold"], ward["in_force"]) == ("live", None, None)
    answer = await home.call("GET", f"{PATH}/candidates?camera=hall")
    assert [one["id"] for one in answer.json()["candidates"]] == [id_]
    state = (await home.call("GET", "/api/v1/state")).json()
    assert state["shadow"][0] == {"camera": "hall", "place": "1F", "mode": "shadow", "waiting": 1}


@pytest.mark.parametrize(("hours", "told"), [(23, False), (24, True)])
async def test_a_rate_a_week_is_told_once_a_day_was_watched(home: Served, hours: int, told: bool) -> None:
    home.ward.shadows.tell("hall", 0.91, ago_s=60.0)
    home.ward.shadows.watch("hall", hours)
    hall, _ = await cameras(home)
    assert hall["hours"] == hours
    assert any("每周误报约 7.0 次" in line for line in hall["words"]) is told


async def test_so_many_are_told_as_are_asked_for(home: Served) -> None:
    for number in range(3):
        home.ward.shadows.tell("hall", 0.5, ago_s=300.0 - 60 * number)
    newest = (await home.call("GET", f"{PATH}/candidates?camera=hall&limit=1")).json()["candidates"]
    assert [one["id"] for one in newest] == ["c2"]
    assert (await home.call("GET", f"{PATH}/candidates?camera=hall&limit=0")).status_code == 400
    assert (await home.call("GET", f"{PATH}/candidates?camera=toilet")).status_code == 404


async def test_a_label_is_kept_with_the_name(home: Served) -> None:
    id_ = home.ward.shadows.tell("hall", 0.7)
    told = await post(home, "label", candidate=id_, label="not")
    assert (told["candidate"]["label"], told["candidate"]["by"]) == ("not", "panel:wang")
    assert told["candidate"]["labelled"]
    assert home.ward.shadows.audits[0][::3] == ("fall_candidate_labelled", "panel:wang")
    assert (await cameras(home))[0]["day"]["not_fell"] == 1


@pytest.mark.parametrize(
    ("what", "body", "status", "code"),
    [
        ("label", {"candidate": "c9", "label": "not"}, 404, "unknown_candidate"),
        ("label", {"candidate": "c0", "label": "maybe"}, 400, "bad_label"),
        ("label", {}, 400, "bad_label"),
        ("missed", {"camera": "hall"}, 400, "bad_time"),
        ("missed", {"camera": "hall", "at": True}, 400, "bad_time"),
        ("missed", {"camera": "hall", "at": 30}, 400, "bad_time"),
        ("missed", {"camera": "hall", "at": 10**400}, 400, "bad_time"),
        ("missed", {"camera": "hall", "clock": "25:00"}, 400, "bad_time"),
        ("missed", {"camera": "toilet", "at": 1.8e9}, 404, "unknown_camera"),
        ("missed", {"camera": "hall", "at": 1.5e9}, 409, "too_late"),
        ("missed", {"camera": "hall", "at": 9e9}, 400, "not_yet"),
        ("mode", {"camera": "hall", "mode": "asleep", "confirm": True}, 400, "bad_mode"),
        ("mode", {"camera": "toilet", "mode": "live", "confirm": True}, 404, "unknown_camera"),
        ("mode", {"camera": "hall", "mode": "live", "threshold": 1.0, "confirm": True}, 400, "bad_threshold"),
        ("mode", {"camera": "hall", "mode": "live", "threshold": True, "confirm": True}, 400, "bad_threshold"),
        ("mode", {"camera": "hall", "mode": "live"}, 409, "confirm_live"),
        ("mode", {"camera": "hall", "mode": "live", "confirm": "yes"}, 409, "confirm_live"),
        ("mode", {"camera": "ward", "mode": "shadow"}, 409, "confirm_shadow"),
    ],
)
async def test_what_is_refused_says_why_in_both_languages(
    home: Served, what: str, body: dict[str, Any], status: int, code: str
) -> None:
    home.ward.shadows.tell("hall", 0.7, ago_s=3600)
    for language in ("en", "zh"):
        answer = await home.call("POST", f"{PATH}/{what}", {"Accept-Language": language}, json=body)
        told = answer.json()
        assert (answer.status_code, told["error"]) == (status, code)
        assert told["message"]
        assert told["cure"]
        assert "{" not in told["message"] + told["cure"]
    assert home.ward.shadows.audits == []


async def test_a_fall_that_was_not_seen_is_noted_by_the_clock_or_by_the_second(home: Served) -> None:
    told = await post(home, "missed", camera="hall", at=time.time() - 900)
    assert (told["candidate"]["kind"], told["candidate"]["label"], told["candidate"]["score"]) == ("noted", "fell", 0.0)
    clock = time.strftime("%H:%M", time.localtime(time.time() - 7200))
    await post(home, "missed", camera="hall", clock=clock)
    assert (await cameras(home))[0]["day"]["noted"] == 2


async def test_a_fall_that_was_told_is_to_be_labelled(home: Served) -> None:
    id_ = home.ward.shadows.tell("hall", 0.7, ago_s=60)
    told = await post(home, "missed", 409, camera="hall", at=time.time() - 90)
    assert told["error"] == "seen_already"
    await post(home, "label", candidate=id_, label="not")
    await post(home, "missed", camera="hall", at=time.time() - 90)


def test_the_clock_means_the_last_such_time() -> None:
    now = time.mktime((2026, 11, 24, 14, 30, 10, 0, 0, -1))
    assert now - _last("14:30", now) == 10
    assert now - _last("14:31", now) == 86_400 - 50
    assert now - _last(" 9:05 ", now) == 5 * 3600 + 25 * 60 + 10


async def test_a_person_makes_it_live_with_a_threshold_and_puts_it_back(home: Served) -> None:
    told = await post(home, "mode", camera="hall", mode="live", threshold=0.62, confirm=True)
    assert (told["camera"]["mode"], told["camera"]["threshold"], told["by"]) == ("live", 0.62, "panel:wang")
    assert home.ward.shadows.audits[0][:2] == ("camera_mode", "hall")
    told = await post(home, "mode", camera="hall", mode="shadow", confirm=True)
    assert (told["camera"]["mode"], told["camera"]["threshold"]) == ("shadow", 0.62)  # unless it is told otherwise
    told = await post(home, "mode", camera="hall", mode="live", threshold=None, confirm=True)
    assert (told["camera"]["threshold"], told["camera"]["own_threshold"]) == (None, False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SiteRefusedError((SiteProblem("camera.mode", "no", "否"),)), 422),
        (SiteNotKeptError(), 503),
        (SiteNotReadError(), 503),
    ],
)
async def test_what_the_site_facts_refuse_is_told(home: Served, error: Exception, status: int) -> None:
    home.ward.shadows.board.fails = error
    await post(home, "mode", status, camera="hall", mode="live", confirm=True)


async def test_only_staff_see_and_do_it(home: Served) -> None:
    home.session.cookies.clear()
    for method, path in (
        ("GET", ""),
        ("GET", "/candidates"),
        ("POST", "/label"),
        ("POST", "/missed"),
        ("POST", "/mode"),
    ):
        assert (await home.call(method, PATH + path)).status_code == 401
