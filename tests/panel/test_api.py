"""The API over a real uvicorn, as its callers see it."""

import asyncio
import json
import time
from typing import Any

import pytest
import requests

from agent.alarms.alarm import Action, Alarm, State
from agent.panel import feed
from agent.rules.finding import Priority
from agent.store.entry import Lane
from tests.panel.serving import Served
from tests.panel.ward import ZHANG, busy_night
from tests.waiting import until


@pytest.fixture
async def staff(served: Served) -> Served:
    """Logged in."""
    assert (await served.log_in()).status_code == 303
    return served


async def test_health_is_for_everybody_and_says_little(served: Served) -> None:
    answer = await served.call("GET", "/api/v1/health")
    assert (answer.status_code, sorted(answer.json())) == (200, ["ok", "version"])


async def test_the_state_is_whole_and_in_the_callers_language(staff: Served) -> None:
    busy_night(staff.ward)
    answers = [
        (await staff.call("GET", "/api/v1/state", {"Accept-Language": language})).json()
        for language in ("zh-CN,zh;q=0.9,en;q=0.8", "en-GB,en;q=0.9,zh;q=0.2", "de")
    ]
    titles = [answer["alarms"][0]["words"]["title"] for answer in answers]
    assert titles == ["跌倒", "Fall", "跌倒"]
    assert [Alarm.from_json({k: v for k, v in one.items() if k != "words"}) for one in answers[0]["alarms"]] == list(
        staff.ward.engine.open
    )
    assert answers[0]["rooms"][0] == {"room": "302", "residents": [{"id": "r-302", "name": "王秀英"}]}
    assert answers[0]["devices"][1]["readings"][0]["value"] == 72
    assert [part["name"] for part in answers[0]["parts"]] == ["store", "sounder", "vision", "upstream"]
    assert answers[0]["unknown_devices"] == ["A4:C1:38:0B:22:19 (BTHome)"]


async def test_an_alarm_is_seen_attended_and_closed_by_name(staff: Served) -> None:
    alarm = staff.ward.press()
    path = f"/api/v1/alarms/{alarm.id}"
    for action in Action:
        body = {"cause": "assisted"} if action is Action.CLOSE else None
        answer = await staff.call("POST", f"{path}/{action.value}", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["changed"]
        assert answer.json()["alarm"]["state"] == action.value
    assert staff.ward.engine.open == ()
    assert {command.actor for command in staff.ward.commands} == {"panel:wang"}
    assert staff.ward.log[-1]["data"]["alarm"]["cause"] == "assisted"


async def test_a_second_tap_is_no_error(staff: Served) -> None:
    alarm = staff.ward.press()
    answers = [await staff.call("POST", f"/api/v1/alarms/{alarm.id}/seen") for _ in range(2)]
    assert [(a.status_code, a.json()["changed"]) for a in answers] == [(200, True), (200, False)]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("nope/seen", b"{}", 404, "unknown_alarm"),
        ("ID/closed", b'{"cause": "assisted"}', 409, "not_in_this_state"),
        ("ID/closed", b"{}", 400, "cause_needed"),
        ("ID/closed", b'{"cause": "bored"}', 400, "cause_needed"),
        ("ID/closed", b'{"cause": "restored"}', 400, "cause_needed"),
        ("ID/closed", b'{"cause": ["fall"]}', 400, "cause_needed"),
        ("ID/seen", b"[1]", 400, "bad_body"),
        ("ID/seen", b"{", 400, "bad_body"),
        ("ID/seen", b"\xff\xfe", 400, "bad_body"),
        ("ID/seen", b"[" * 4000, 400, "bad_body"),
        ("ID/seen", b" " * 5000, 413, "body_too_large"),
        ("ID/shelved", b"{}", 404, "not_found"),
    ],
)
async def test_what_cannot_be_done_says_why_and_what_then(
    staff: Served, path: str, body: bytes, status: int, code: str
) -> None:
    alarm = staff.ward.press()
    url = f"/api/v1/alarms/{path.replace('ID', alarm.id)}"
    for language, of_language in (("zh", lambda text: not text.isascii()), ("en", str.isascii)):
        answer = await staff.call("POST", url, {"Accept-Language": language}, data=body)
        assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert of_language(answer.json()["message"] + answer.json()["cure"])
    assert staff.ward.engine.open[0].state is State.RAISED


async def test_the_pull_feed_gives_each_event_once_and_goes_on_at_its_cursor(staff: Served) -> None:
    busy_night(staff.ward)
    seen: list[int] = []
    cursor = ""
    while True:
        answer = (await staff.call("GET", f"/api/v1/events?lane=alarms&limit=2&cursor={cursor}")).json()
        cursor = answer["next"]
        if not answer["events"]:
            break
        seen += [event["sequence"] for event in answer["events"]]
    assert seen == list(range(1, 7))
    staff.ward.press(ZHANG)
    answer = (await staff.call("GET", f"/api/v1/events?cursor={cursor}")).json()
    assert [event["sequence"] for event in answer["events"]] == [7]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lane=gossip", "bad_lane"),
        ("cursor=xyz", "bad_cursor"),
        ("cursor=%F0%9F%92%A1", "bad_cursor"),
        (f"cursor={feed.cursor_of(Lane.TELEMETRY, 4)}", "bad_cursor"),
        (f"cursor={feed.cursor_of(Lane.ALARMS, 4)[:-2]}", "bad_cursor"),
        ("cursor=" + "A" * 4000, "bad_cursor"),
        ("limit=0", "bad_number"),
        ("limit=1001", "bad_number"),
        ("limit=%C2%B2", "bad_number"),
        ("limit=ten", "bad_number"),
    ],
)
async def test_a_bad_question_to_the_feed_is_answered_with_the_cure(staff: Served, query: str, code: str) -> None:
    answer = await staff.call("GET", f"/api/v1/events?{query}", {"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert answer.json()["cure"]


async def test_with_the_store_dead_history_says_so_and_alarms_go_on(staff: Served) -> None:
    staff.ward.store_works = False
    alarm = staff.ward.press()
    for path in ("history", "events"):
        answer = await staff.call("GET", f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["error"]) == (503, "history_unavailable")
    assert len((await staff.call("GET", "/api/v1/state")).json()["alarms"]) == 1
    assert (await staff.call("POST", f"/api/v1/alarms/{alarm.id}/seen")).status_code == 200


async def test_history_pages_backwards(staff: Served) -> None:
    busy_night(staff.ward)
    first = (await staff.call("GET", "/api/v1/history?limit=4")).json()["rows"]
    rest = (await staff.call("GET", f"/api/v1/history?limit=4&before={first[-1]['sequence']}")).json()["rows"]
    assert [row["sequence"] for row in first + rest] == [6, 5, 4, 3, 2, 1]


class Listener:
    """Reads a live stream of `served` in a thread, keeping its events."""

    def __init__(self, served: Served, path: str = "/api/v1/live") -> None:
        self.events: list[tuple[str, dict[str, Any], float]] = []
        self.ended_at = 0.0
        self._served = served
        self._path = path
        self._thread = asyncio.create_task(asyncio.to_thread(self._read))

    def _read(self) -> None:
        kind = ""
        with requests.get(
            f"{self._served.url}{self._path}", stream=True, timeout=20, cookies=self._served.session.cookies
        ) as answer:
            for line in answer.iter_lines(chunk_size=1):
                name, _, value = line.decode().partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    self.events.append((kind, json.loads(value), time.monotonic()))
        self.ended_at = time.monotonic()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [data for name, data, _ in self.events if name == kind]

    async def end(self) -> None:
        await self._thread


async def test_the_live_stream_tells_of_a_change_at_once_and_beats_otherwise(staff: Served) -> None:
    listener = Listener(staff)
    await until(lambda: listener.of("state"), "first state")
    pressed = time.monotonic()
    alarm = staff.ward.press()
    await until(lambda: len(listener.of("state")) == 2, "second state")
    assert listener.of("state")[-1]["alarms"][0]["id"] == alarm.id
    assert listener.events[-1][2] - pressed < 0.5
    await until(lambda: listener.of("beat"), "a beat")
    assert listener.of("beat")[0]["now"] == pytest.approx(time.monotonic(), abs=1)
    staff.server.stop()
    await listener.end()


async def test_the_clock_of_a_quiet_page_goes_on(staff: Served) -> None:
    listener = Listener(staff, "/live/alarms")
    await until(lambda: listener.of("state"), "first state")
    staff.ward.wall_shift_s = 3600.0
    await until(lambda: len(listener.of("state")) == 2, "second state")
    first, second = (state["clock"] for state in listener.of("state"))
    assert int(second[:2]) == (int(first[:2]) + 1) % 24
    staff.server.stop()
    await listener.end()


async def test_a_flood_of_changes_is_looked_at_a_few_times_a_second(staff: Served) -> None:
    listener = Listener(staff)
    await until(lambda: listener.of("state"), "first state")
    started = time.monotonic()
    changes = 0
    while time.monotonic() - started < 1:
        staff.ward.changed()
        changes += 1
        await asyncio.sleep(0)
    assert changes > 500
    assert len(listener.of("state")) <= 8
    staff.server.stop()
    await listener.end()


async def test_stopping_ends_open_streams_and_stuck_readers_within_a_second(staff: Served) -> None:
    listener = Listener(staff)
    await until(lambda: listener.of("state"), "first state")
    _, stuck = await asyncio.open_connection("127.0.0.1", staff.server.port, limit=1)
    cookie = "; ".join(f"{name}={value}" for name, value in staff.session.cookies.items())
    stuck.write(f"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
    _, half = await asyncio.open_connection("127.0.0.1", staff.server.port)
    half.write(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nna")
    for number in range(400):  # more than the socket's buffers hold
        staff.ward.devices = [*staff.ward.devices, *staff.ward.devices[:4]]
        if number % 40 == 0:
            staff.ward.changed()
            await asyncio.sleep(0)
    began = time.monotonic()
    staff.server.stop()
    await staff.running
    assert time.monotonic() - began < 1
    await listener.end()
    assert listener.ended_at - began < 1
    for writer in (stuck, half):
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def test_low_alarms_are_told_with_the_others(staff: Served) -> None:
    staff.ward.find("bed_exit", Priority.LOW, ZHANG)
    state = (await staff.call("GET", "/api/v1/state")).json()
    assert [alarm["priority"] for alarm in state["alarms"]] == ["low"]
