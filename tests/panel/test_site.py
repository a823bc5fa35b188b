"""Site facts over the real API: for people alone, by name, refused with every mistake."""

from typing import Any

import pytest

from agent.panel import credentials
from tests.panel.serving import Served


@pytest.fixture
async def staff(served: Served) -> Served:
    """Logged in."""
    assert (await served.log_in()).status_code == 303
    return served


EN = {"Accept-Language": "en"}
ROW = {"name": "王秀英", "room": "305", "fall_risk": "high"}


async def test_what_is_read_can_be_written_back(staff: Served) -> None:
    answer = await staff.call("GET", "/api/v1/site")
    assert answer.status_code == 200
    first = answer.json()["resident"][0]
    assert (first["id"], first["name"], first["room"]) == ("r-302", "王秀英", "302")
    assert "imported" not in answer.json()
    assert (await staff.call("PUT", "/api/v1/site/resident/r-302", json=first)).status_code == 200
    assert (await staff.call("GET", "/api/v1/site")).json() == answer.json()


async def test_an_edit_is_kept_under_the_name_of_whoever_made_it(staff: Served) -> None:
    answer = await staff.call("PUT", "/api/v1/site/resident/r-302", json=ROW)
    assert answer.json() == {"table": "resident", "id": "r-302", "by": "panel:wang", "warnings": []}
    [(document, author)] = staff.ward.edits
    assert author == "panel:wang"
    assert document["resident"][0]["room"] == staff.ward.site.residents["r-302"].room == "305"
    assert (await staff.call("DELETE", "/api/v1/site/resident/r-302")).status_code == 200
    assert "r-302" not in staff.ward.site.residents


@pytest.mark.parametrize(("language", "told"), [("en", "is in force, but the disk"), ("zh", "已生效，但尚未写入")])
async def test_an_edit_that_the_disk_does_not_take_is_told_in_both_languages(
    staff: Served, language: str, told: str
) -> None:
    staff.ward.disk_works = False
    answer = await staff.call("PUT", "/api/v1/site/resident/r-302", json=ROW, headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["error"]) == (503, "site_not_kept")
    assert told in answer.json()["message"]
    assert staff.ward.site.residents["r-302"].room == "305"
    answer = await staff.call("DELETE", "/api/v1/site/resident/r-302")
    assert (answer.status_code, answer.json()["error"]) == (503, "site_not_kept")


@pytest.mark.parametrize(("language", "told"), [("en", "nothing was changed"), ("zh", "未作修改")])
async def test_an_edit_before_the_store_is_read_is_told_in_both_languages(
    staff: Served, language: str, told: str
) -> None:
    staff.ward.facts.provisional()
    answer = await staff.call("PUT", "/api/v1/site/resident/r-302", json=ROW, headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["error"]) == (503, "site_not_read")
    assert told in answer.json()["message"]
    assert (staff.ward.edits, staff.ward.site.residents["r-302"].room) == ([], "302")


async def test_a_time_with_its_colon_and_an_id_with_a_slash_are_addresses(staff: Served) -> None:
    assert (await staff.call("PUT", "/api/v1/site/meals/11:30", json={})).status_code == 200
    assert (await staff.call("PUT", "/api/v1/site/place/1%2F2 厅", json={"kind": "hall"})).status_code == 200
    document = (await staff.call("GET", "/api/v1/site")).json()
    assert (document["meals"], document["place"][0]["id"]) == (["11:30"], "1/2 厅")


async def test_a_refusal_names_every_mistake_in_the_caller_s_language(staff: Served) -> None:
    row = {"member": "s-9", "shift": "x", "dayz": []}
    answer = await staff.call("PUT", "/api/v1/site/duty/d", json=row, headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["error"]) == (422, "site_refused")
    assert answer.json()["problems"] == [{"key": "duty.0.dayz", "text": "没有这个字段"}]
    del row["dayz"]
    answer = await staff.call("PUT", "/api/v1/site/duty/d", json=row, headers=EN)
    assert [one["key"] for one in answer.json()["problems"]] == ["duty.0.member", "duty.0.shift"]
    assert "no such shift: 'x'" in answer.json()["problems"][1]["text"]
    assert staff.ward.edits == []


async def test_a_warning_comes_with_the_answer(staff: Served) -> None:
    answer = await staff.call("PUT", "/api/v1/site/shift/day", json={"from": "06:00", "to": "22:00"}, headers=EN)
    assert answer.status_code == 200
    assert [one["text"][:34] for one in answer.json()["warnings"]] == [
        "no shift is on duty 00:00-06:00: n",
        "no shift is on duty 22:00-24:00: n",
    ]


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("PUT", "facility/code", 404, "unknown_table"),
        ("DELETE", "resident/r-9", 404, "unknown_row"),
        ("DELETE", "meals/12:00", 404, "unknown_row"),
        ("POST", "resident/r-302", 405, "method_not_allowed"),
        ("PUT", "resident/r-302", 422, "site_refused"),
    ],
)
async def test_what_cannot_be_is_refused(staff: Served, method: str, path: str, status: int, error: str) -> None:
    answer = await staff.call(method, f"/api/v1/site/{path}")
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert staff.ward.edits == []


CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "", {}),
    ("PUT", "/resident/r-302", {"json": ROW}),
    ("DELETE", "/resident/r-302", {}),
)


@pytest.mark.parametrize(("method", "path", "given"), CALLS)
async def test_names_are_for_people_who_are_logged_in(
    served: Served, method: str, path: str, given: dict[str, Any]
) -> None:
    answer = await served.call(method, f"/api/v1/site{path}", **given)
    assert answer.status_code == 401
    token = credentials.new_token(served.state, "platform")
    answer = await served.call(method, f"/api/v1/site{path}", {"Authorization": f"Bearer {token}"}, **given)
    assert answer.status_code == 403
    assert "王秀英" not in answer.text
    assert served.ward.edits == []


@pytest.mark.parametrize(("method", "path", "given"), CALLS[1:])
async def test_another_site_s_page_edits_nothing(staff: Served, method: str, path: str, given: dict[str, Any]) -> None:
    answer = await staff.call(method, f"/api/v1/site{path}", {"Origin": "http://elsewhere"}, **given)
    assert answer.json()["error"] == "wrong_origin"
    assert staff.ward.edits == []
