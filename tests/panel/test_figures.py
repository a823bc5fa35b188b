"""Figures and incident bundles over the real API, out of real files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.store.bundle import verify
from tests.panel.serving import Served, serving
from tests.panel.ward import Ward as PanelWard
from tests.store.logs import Ward


@pytest.fixture
async def staff(run_folder: Path) -> AsyncIterator[Served]:
    """Logged in at a home whose log knows one alarm."""
    ward = Ward(run_folder / "state")
    ward.live()
    ward.close()
    async with serving(PanelWard(state=run_folder / "state"), run_folder) as served:
        assert (await served.log_in()).status_code == 303
        yield served


async def test_figures_of_the_days_asked_for(staff: Served) -> None:
    for query in ("", "?days=366"):
        answer = await staff.call("GET", f"/api/v1/stats{query}")
        assert answer.status_code == 200
        assert {"load", "periods", "responses_s", "top_sources"} <= set(answer.json())
    refused = await staff.call("GET", "/api/v1/stats?days=0")
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_number")


async def test_a_bundle_is_a_file_that_names_who_made_it(staff: Served) -> None:
    answer = await staff.call("GET", "/api/v1/alarms/id-0001/bundle")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert "attachment" in answer.headers["content-disposition"]
    checked = verify(answer.content.decode().splitlines(keepends=True))
    assert (checked.alarm, checked.gateway, checked.made_by) == ("id-0001", "gw-7", "panel:wang")


async def test_what_is_not_there_is_refused_with_its_cure(staff: Served) -> None:
    answer = await staff.call("GET", "/api/v1/alarms/nothing/bundle")
    assert (answer.status_code, answer.json()["error"]) == (404, "no_such_alarm")
    (staff.ward.state / "gateway.key").write_text("garbage", "utf-8")
    answer = await staff.call("GET", "/api/v1/alarms/id-0001/bundle")
    assert (answer.status_code, answer.json()["error"]) == (503, "key_unusable")
    assert "gateway.key" in answer.json()["cure"]
    staff.ward.state = Path("/nowhere")
    for path in ("/api/v1/stats", "/api/v1/alarms/id-0001/bundle"):
        answer = await staff.call("GET", path)
        assert (answer.status_code, answer.json()["error"]) == (503, "history_unavailable")


async def test_nobody_sees_them_without_a_login(served: Served) -> None:
    for path in ("/api/v1/stats", "/api/v1/alarms/id-0001/bundle"):
        assert (await served.call("GET", path)).status_code == 401
