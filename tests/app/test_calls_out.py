"""What is kept and shown of calls out."""

from collections.abc import Mapping
from typing import Any

from agent.alarms.alarm import Alarm
from agent.alarms.snapshot import CallStatus
from agent.app.calls_out import CallsOut
from agent.residents import Subject
from agent.rules.reason import because
from agent.upstream.link import CallTold
from tests.panel.ward import WANG, ZHANG, Ward


class Bench:
    def __init__(self) -> None:
        self.ward = Ward()
        self.open: list[Alarm] = []
        self.kept: list[tuple[str, str, dict[str, Any]]] = []
        self.changes = 0
        self.calls = CallsOut(lambda: self.open, self._keep, self._changed)

    def _keep(self, word: str, subject: str, data: Mapping[str, Any]) -> None:
        self.kept.append((word, subject, dict(data)))

    def _changed(self) -> None:
        self.changes += 1

    def alarm(self, subject: Subject) -> str:
        self.open.append(self.ward.find("fall", subject=subject))
        return self.open[-1].id

    def told(self, alarm: str, failed: int = 0, why: str = "", made: bool = False, final: bool = False) -> None:
        self.calls.told(CallTold("12349", alarm, made, failed, why, final))


def failing(count: int, why: str = "no answer") -> Any:  # noqa: ANN401
    return because("call_failing", call="12349", count=count, why=why)


def test_each_try_is_shown_and_the_first_and_last_are_kept() -> None:
    bench = Bench()
    alarm = bench.alarm(WANG)
    for failed in (1, 2, 3):
        bench.told(alarm, failed, "no answer")
        assert bench.calls.statuses == (CallStatus(alarm, "12349", False, failed, failing(failed), final=False),)
    bench.told(alarm, 3, made=True, final=True)
    assert bench.calls.statuses == (CallStatus(alarm, "12349", True, 3, None, final=True),)
    assert bench.changes == 4
    known = {"alarm": alarm, "call": "12349"}
    assert bench.kept == [
        ("called_out", "r-302", {**known, "ok": False, "failed": 1, "final": False, "detail": "no answer"}),
        ("called_out", "r-302", {**known, "ok": True, "failed": 3, "final": True, "detail": ""}),
    ]


def test_a_call_for_an_alarm_that_is_closed_is_kept_and_not_shown() -> None:
    bench = Bench()
    first, second = bench.alarm(WANG), bench.alarm(ZHANG)
    bench.told(first, 2, "HTTP 400", final=True)
    bench.told(second, made=True, final=True)
    assert [one.alarm for one in bench.calls.statuses] == [first, second]
    del bench.open[0]
    bench.told("unknown", 1, "HTTP 503")
    assert [one.alarm for one in bench.calls.statuses] == [second]
    assert [(subject, told["failed"]) for _, subject, told in bench.kept] == [("r-302", 2), ("r-118", 0), ("", 1)]


def test_the_words_stand_in_both_languages() -> None:
    assert failing(3).text() == "the call 12349 has failed 3 times: no answer"
    assert failing(3).text("zh") == "外呼 12349 已失败 3 次：无应答"
    assert failing(1, "too late").text("zh") == "外呼 12349 已失败 1 次：十分钟内未能呼出"
    assert failing(1, "HTTP 503").text() == "the call 12349 has failed 1 times: HTTP 503"
