"""`nightlamp sound`, in a process of its own, against a panel that is served."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_commands import nightlamp
from tests.panel.serving import serving
from tests.panel.ward import Ward


async def said(folder: Path, *words: str, language: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    (folder / "nightlamp.toml").write_text('[folders]\nstate = "."\nrun = "."\n', encoding="utf-8")
    return await asyncio.to_thread(nightlamp, "sound", *words, "--config", str(folder), language=language)


async def test_for_people_and_for_programs(run_folder: Path) -> None:
    async with serving(Ward(), run_folder) as served:
        told = await said(run_folder, "test")
        assert (told.returncode, "nightlamp sound heard NAME" in told.stdout) == (0, True)
        assert json.loads((await said(run_folder, "test", "--json")).stdout) == {"asked": True}
        assert served.ward.sound_tests == 2
        told = await said(run_folder, "heard", "bench", language="zh_CN.UTF-8")
        assert (told.returncode, told.stdout) == (0, "bench：已确认\n")
        told = await said(run_folder, "heard", "bench", "--json")
        (_, act) = served.ward.acts
        assert json.loads(told.stdout) == {"name": "bench", "by": act.actor}


@pytest.mark.parametrize(("language", "words"), [("C.UTF-8", "nothing can be tested"), ("zh_CN.UTF-8", "无法测试")])
async def test_what_cannot_be_is_told_with_its_cure(run_folder: Path, language: str, words: str) -> None:
    async with serving(Ward(annunciators=()), run_folder):
        told = await said(run_folder, "test", language=language)
    assert (told.returncode, told.stdout) == (1, "")
    assert words in told.stderr
    assert told.stderr.count("\n") == 1
