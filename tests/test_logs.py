"""Log lines for programs and the messages to systemd."""

import json
import logging
import os
import socket
from pathlib import Path

import pytest

from agent.logs import JsonFormatter
from agent.sd_notify import notify, watchdog_interval_s


def test_one_line_a_record_with_fields_and_traceback() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        record = logging.LogRecord(
            "agent.x", logging.ERROR, "", 0, "%s: 心跳 failed", ("hr-1",), (type(error), error, None)
        )
    record.device = "hr-1"
    text = JsonFormatter().format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert line["message"] == "hr-1: 心跳 failed"
    assert line["level"] == "error"
    assert line["device"] == "hr-1"
    assert line["time"].endswith("+00:00")
    assert "ValueError" in line["traceback"]


def test_notify_reaches_the_manager(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = run_folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        notify("READY=1")
        assert manager.recv(100) == b"READY=1"


def test_without_a_manager_nothing_happens(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(run_folder / "nobody"))
    notify("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("READY=1")


@pytest.mark.parametrize(
    ("allowed", "pid", "interval"),
    [("4000000", None, 2.0), ("4000000", "1", None), ("", None, None), ("x", None, None)],
)
def test_watchdog_interval(
    allowed: str, pid: str | None, interval: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", allowed)
    monkeypatch.setenv("WATCHDOG_PID", pid or str(os.getpid()))
    assert watchdog_interval_s() == interval
