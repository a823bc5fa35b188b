"""`nightlamp cameras`, in a process of its own, against a panel that is served."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cli.cameras import letters
from agent.panel.camera_port import RoomOutline
from tests.cli.test_commands import nightlamp
from tests.panel.serving import serving
from tests.panel.test_cameras import BEDROOM, HALL
from tests.panel.ward import Ward


async def said(folder: Path, *words: str, language: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    (folder / "nightlamp.toml").write_text('[folders]\nstate = "."\nrun = "."\n', encoding="utf-8")
    return await asyncio.to_thread(nightlamp, "cameras", *words, "--config", str(folder), language=language)


async def test_for_people_and_for_programs(run_folder: Path) -> None:
    ward = Ward(cameras_seen=[BEDROOM, HALL], outline_or_why=RoomOutline(2, 4, b"\xff"))
    async with serving(ward, run_folder):
        told = await said(run_folder, "list")
        bedroom, hall = told.stdout.splitlines()
        words = ("cam-302", "302", "Bedroom", "Unsure", "picture_dark", "shadow", "Being set", "2026-12-31", "Zones: 1")
        assert [word for word in words if word not in bedroom] == []
        assert hall.split() == ["hall", "-", "Hall", "Watching", "live", "Zones:", "0"]
        assert "卧室" in (await said(run_folder, "list", language="zh_CN.UTF-8")).stdout
        assert [one["id"] for one in json.loads((await said(run_folder, "list", "--json")).stdout)] == [
            "cam-302",
            "hall",
        ]
        assert (await said(run_folder, "outline", "hall")).stdout == "⣿\n"
        assert json.loads((await said(run_folder, "outline", "1/2 厅", "--json")).stdout)["width"] == 2
        assert [camera for camera, _ in ward.outlines_asked] == ["hall", "1/2 厅"]
        assert all(by.startswith("local:") for _, by in ward.outlines_asked)


@pytest.mark.parametrize(("language", "words"), [("C.UTF-8", "still learning"), ("zh_CN.UTF-8", "正在学习房间")])
async def test_why_there_is_no_outline_is_told_with_its_cure(run_folder: Path, language: str, words: str) -> None:
    async with serving(Ward(cameras_seen=[HALL]), run_folder):
        told = await said(run_folder, "outline", "hall", language=language)
    assert (told.returncode, told.stdout) == (1, "")
    assert words in told.stderr


@given(width=st.integers(1, 160), height=st.integers(1, 120), seed=st.integers(0, 2**16))
def test_each_edge_is_one_dot(width: int, height: int, seed: int) -> None:
    bits = bytes((seed * n * n + n) % 256 for n in range(-(-width * height // 8)))
    kept = width * height % 8
    bits = bits[:-1] + bytes([bits[-1] & (0xFF00 >> kept & 0xFF)]) if kept else bits
    lines = list(letters(width, height, bits))
    assert len(lines) == -(-height // 4)
    assert all(len(line) <= -(-width // 2) for line in lines)
    assert sum((ord(one) - 0x2800).bit_count() for line in lines for one in line) == sum(b.bit_count() for b in bits)
