"""`nightlamp site` against a served panel: the same checks and words as over HTTP."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.panel.serving import serving
from tests.panel.ward import Ward

Told = tuple[int, str, str]
Run = Callable[..., Awaitable[Told]]


@pytest.fixture
def ward() -> Ward:
    return Ward()


@pytest.fixture
async def site(ward: Ward, run_folder: Path, tmp_path: Path) -> AsyncIterator[Run]:
    """Runs `nightlamp site …`; gives status, stdout and stderr."""
    (tmp_path / "nightlamp.toml").write_text(f'[folders]\nrun = "{run_folder}"\n', encoding="utf-8")

    async def run(*words: str, language: str = "C.UTF-8", given: bytes = b"") -> Told:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "agent.cli", "site", *words, "--config", str(tmp_path),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LC_ALL": language, "PYTHONUTF8": "1"},
        )  # fmt: skip
        out, err = await process.communicate(given)
        return process.returncode or 0, out.decode(), err.decode()

    async with serving(ward, run_folder):
        yield run


async def test_a_row_is_written_shown_and_taken_out(site: Run, ward: Ward) -> None:
    row = {"name": "丙", "room": "303"}
    assert await site("set", "resident", "r-9", json.dumps(row)) == (0, "resident r-9: done\n", "")
    assert ward.site.residents["r-9"].room == "303"
    status, shown, _ = await site("show", "resident", "--json")
    assert (status, json.loads(shown)[-1]["id"]) == (0, "r-9")
    assert await site("remove", "resident", "r-9", language="zh_CN.UTF-8") == (0, "resident r-9：完成\n", "")
    assert "r-9" not in ward.site.residents


async def test_a_refusal_names_each_mistake(site: Run, ward: Ward) -> None:
    status, out, err = await site("set", "duty", "d", "-", given=b'{"member": "s-9", "shift": "x"}')
    assert (status, out) == (1, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["duty.0.member", "duty.0.shift", "nightlamp"]
    status, out, _ = await site("set", "resident", "r-9", "{}", "--json")
    assert (status, [one["key"] for one in json.loads(out)["problems"]]) == (1, ["resident.3.name", "resident.3.room"])
    for words, cure in ((("set", "resident", "r-9", "{"), "is not JSON"), (("remove", "pets", "1"), "use one of")):
        status, _, err = await site(*words)
        assert status == 2
        assert cure in err
    assert ward.edits == []
