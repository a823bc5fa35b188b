"""`nightlamp shadow`, in a process of its own, against a panel that is served."""

import asyncio
import json
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.camera_facts import CameraMode
from tests.cli.test_commands import nightlamp
from tests.panel.serving import Served, serving
from tests.panel.ward import Ward


@pytest.fixture
async def home(run_folder: Path) -> AsyncIterator[Served]:
    (run_folder / "nightlamp.toml").write_text('[folders]\nstate = "."\nrun = "."\n', encoding="utf-8")
    ward = Ward(trial=("hall",))
    ward.shadows.board.set("hall", CameraMode.SHADOW)
    ward.shadows.watch("hall", 170)
    ward.shadows.tell("hall", 0.5, ago_s=600.0)
    async with serving(ward, run_folder) as served:
        yield served


async def said(home: Served, *words: str, language: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    folder = str(home.socket.parent)
    return await asyncio.to_thread(nightlamp, "shadow", *words, "--config", folder, language=language)


async def test_what_a_camera_would_have_raised(home: Served) -> None:
    told = await said(home, "show")
    assert told.returncode == 0
    assert told.stdout.startswith("hall  1F\n    In shadow: a fall seen here raises nothing\n")
    assert "Proposed threshold 0.30: 1.0 false alarms a week" in told.stdout
    assert "试看中" in (await said(home, "show", language="zh_CN.UTF-8")).stdout
    (camera,) = json.loads((await said(home, "show", "--json")).stdout)
    assert (camera["camera"], camera["mode"]) == ("hall", "shadow")


async def test_it_is_labelled_and_a_missed_one_noted(home: Served) -> None:
    told = await said(home, "label", "c0", "not")
    assert (told.returncode, told.stdout.split()[-2:]) == (0, ["No", "fall"])
    clock = time.strftime("%H:%M", time.localtime(time.time() - 7200))
    (noted,) = [json.loads((await said(home, "missed", "hall", clock, "--json")).stdout)]
    assert (noted["kind"], noted["label"]) == ("noted", "fell")
    told = await said(home, "candidates", "hall")
    newest, oldest = told.stdout.splitlines()
    assert newest.startswith("c0")
    assert "No fall · local:" in newest
    assert "noted" in oldest


async def test_a_switch_is_asked_about_unless_it_is_meant(home: Served) -> None:
    told = await said(home, "live", "hall", "--proposed")  # stdin is empty: nobody says yes
    assert told.returncode == 1
    assert home.ward.shadows.board.facts("hall").mode is CameraMode.SHADOW
    told = await said(home, "live", "hall", "--proposed", "--yes")
    assert (told.returncode, told.stdout) == (0, "hall: Live: a fall seen here raises an alarm\n")
    assert home.ward.shadows.board.facts("hall").threshold == 0.3
    told = await said(home, "back", "hall", "--yes", "--json")
    assert json.loads(told.stdout)["camera"]["mode"] == "shadow"
    assert [one[0] for one in home.ward.shadows.audits] == ["camera_mode"] * 2


@pytest.mark.parametrize(
    ("words", "status", "cure"),
    [
        (("candidates", "toilet"), 1, "use one of: hall"),
        (("label", "c9", "not"), 1, "look at the list"),
        (("missed", "hall", "noon"), 1, "give clock as HH:MM"),
        (("live", "toilet", "--proposed", "--yes"), 2, "see nightlamp shadow show"),
        (("live", "hall", "--threshold", "1.5", "--yes"), 2, "0.99"),
    ],
)
async def test_what_cannot_be_is_told_with_its_cure(
    home: Served, words: tuple[str, ...], status: int, cure: str
) -> None:
    told = await said(home, *words)
    assert (told.returncode, told.stdout) == (status, "")
    assert cure in told.stderr
