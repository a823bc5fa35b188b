"""The commands as people and programs meet them, in a process of their own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.cli.language import chinese
from agent.cli.main import COMMANDS
from agent.cli.run import keep_time_of_home
from agent.panel.credentials import Credentials
from agent.settings.load import shipped_config


def nightlamp(*arguments: str, language: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": language, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "agent.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


@pytest.mark.parametrize(
    ("environment", "is_chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
    ],
)
def test_the_locale_decides_the_language(environment: dict[str, str], is_chinese: bool) -> None:
    assert chinese(environment) is is_chinese


@pytest.mark.parametrize(("language", "column"), [("C.UTF-8", 1), ("zh_CN.UTF-8", 2)])
def test_help_names_every_command_in_the_reader_s_language(language: str, column: int) -> None:
    told = nightlamp("--help", language=language)
    assert told.returncode == 0
    flat = " ".join(told.stdout.split())
    for name, row in COMMANDS.items():
        assert f"{name} {row[column]}" in flat


def test_the_version_is_one_line() -> None:
    told = nightlamp("--version")
    assert (told.returncode, told.stdout.split()[0], told.stdout.count("\n")) == (0, "nightlamp", 1)


def test_check_of_what_is_shipped_for_people_and_for_programs() -> None:
    assert nightlamp("check", "--config", str(shipped_config())).returncode == 0
    told = json.loads(nightlamp("check", "--json", "--config", str(shipped_config())).stdout)
    assert told["ok"]


def test_check_gives_a_program_each_mistake(tmp_path: Path) -> None:
    (tmp_path / "panel.toml").write_text('port = "x"\nhots = "y"\n', encoding="utf-8")
    told = nightlamp("check", "--json", "--config", str(tmp_path))
    assert told.returncode == 2
    problems = json.loads(told.stdout)["problems"]
    assert [(one["file"], one["line"], one["key"]) for one in problems] == [
        ("panel.toml", 1, "port"),
        ("panel.toml", 2, "hots"),
    ]


def test_a_login_code_is_told_once_and_opens_the_panel(tmp_path: Path) -> None:
    (tmp_path / "nightlamp.toml").write_text('[folders]\nstate = "state"\nrun = "run"\n', encoding="utf-8")
    told = nightlamp("panel-code", "--config", str(tmp_path))
    code = told.stdout.strip()
    stored = (tmp_path / "state" / "panel.json").read_text(encoding="utf-8")
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert Credentials(tmp_path / "state").code is not None
    assert (tmp_path / "state" / "panel.json").stat().st_mode & 0o777 == 0o600


def test_without_a_daemon_the_socket_and_the_cure_are_named(tmp_path: Path) -> None:
    told = nightlamp("alarms", "--config", str(tmp_path))
    assert told.returncode == 1
    assert "api.sock" in told.stderr
    assert told.stderr.count("\n") == 1
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb"])
def test_a_token_has_a_name_by_which_to_end_it(tmp_path: Path, name: str) -> None:
    told = nightlamp("token", name, "--config", str(tmp_path))
    assert (told.returncode, told.stdout) == (2, "")
    assert "1 to 64" in told.stderr


def test_an_id_with_a_blank_goes_on_its_way(tmp_path: Path) -> None:
    """It was told as "URL can't contain control characters"."""
    told = nightlamp("seen", "a b?c#d", "--config", str(tmp_path))
    assert told.returncode == 1
    assert "nobody answers" in told.stderr
    told = nightlamp("seen", "a b?c#d", "--config", str(tmp_path), language="zh_CN.UTF-8")
    assert "无人应答，守护进程未运行" in told.stderr


def test_one_mistake_is_one(tmp_path: Path) -> None:
    (tmp_path / "panel.toml").write_text('port = "x"\n', encoding="utf-8")
    assert nightlamp("check", "--config", str(tmp_path)).stdout.splitlines()[-1] == "1 mistake"


@pytest.mark.parametrize("utc_offset_h", [8.0, 5.5, 0.0, -3.5, -12.0, 14.0])
def test_the_daemon_keeps_the_time_of_its_home(utc_offset_h: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway is often left in the zone of its image; panel, sounder and rules must mean the same night."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/London")
        time.tzset()
        keep_time_of_home(utc_offset_h)
        assert time.localtime(1_800_000_000).tm_gmtoff == utc_offset_h * 3600
    time.tzset()
