"""Whom an alarm has called, as its card and the API say it: roles, people, calls out that were made or failed."""

from dataclasses import replace

import pytest

from agent.alarms.snapshot import CallStatus
from agent.panel import view
from agent.rules.reason import because
from tests.panel.browser import Panel
from tests.panel.serving import Served
from tests.panel.ward import Ward


def call(alarm: str, name: str = "12349", made: bool = False, failed: int = 0, final: bool = False) -> CallStatus:
    why = because("call_failing", call=name, count=failed, why="no answer") if failed else None
    return CallStatus(alarm, name, made, failed, why, final)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            ("Called: floor, charge nurse · 张建国, s-9", "the call 12349 has failed 2 times: no answer; tried again"),
        ),
        ("zh", ("已呼叫：楼层、护士长 · 张建国、s-9", "外呼 12349 已失败 2 次：无应答；正在重试")),
    ],
)
def test_roles_people_and_calls_stand_in_both_languages(language: str, lines: tuple[str, ...]) -> None:
    ward = Ward(staff=[("s-1", "张建国")])
    alarm = replace(ward.press(), told=("floor", "charge_nurse"), people=("s-1", "s-9"))
    snapshot = replace(ward.snapshot(), alarms=(alarm,), calls=(call(alarm.id, failed=2),))
    assert view.called(snapshot, language) == {alarm.id: lines}


@pytest.mark.parametrize(
    ("status", "english", "chinese"),
    [
        (call("a", made=True), "12349: called", "12349：已呼出"),
        (
            call("a", failed=9, final=True),
            "the call 12349 has failed 9 times: no answer; given up",
            "外呼 12349 已失败 9 次：无应答；已放弃",
        ),
        (call("a", final=True), "12349: not called, too late", "12349：已过时，未呼出"),
    ],
)
def test_the_end_of_a_call(status: CallStatus, english: str, chinese: str) -> None:
    snapshot = replace(Ward().snapshot(), calls=(status,))
    assert view.called(snapshot, "en") == {"a": (english,)}
    assert view.called(snapshot, "zh") == {"a": (chinese,)}


def test_nobody_called_is_no_line() -> None:
    ward = Ward()
    alarm = replace(ward.press(), told=(), people=())
    snapshot = replace(ward.snapshot(), alarms=(alarm,))
    assert view.called(snapshot, "en") == {alarm.id: ()}


async def test_the_card_follows_a_call(served: Served, panel: Panel) -> None:
    alarm = served.ward.press()
    served.ward.calls = [call(alarm.id, failed=3)]
    served.ward.changed()
    notes = f"document.querySelector('#alarm-{alarm.id} .notes')?.innerText"
    await panel.holds(f"{notes}?.includes('外呼 12349 已失败 3 次')")
    served.ward.calls = [call(alarm.id, made=True, failed=3, final=True)]
    served.ward.changed()
    await panel.holds(f"{notes}?.includes('12349：已呼出')")
    state = (await served.call("GET", "/api/v1/state")).json()
    counts = {"made": True, "failed": 3, "final": True}
    words = {"why": "外呼 12349 已失败 3 次：无应答"}
    assert state["calls"] == [{"alarm": alarm.id, "call": "12349", **counts, "words": words}]
