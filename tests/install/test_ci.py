"""What the runner starts."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.install.machine import ROOT

PLAYED = """#!/bin/bash
echo "$*" >>calls
[ "$1" = test ] && echo "7 passed in 1.00s"
read -r && echo "somebody is at stdin"
grep -qx "$1" ok
"""


@pytest.mark.parametrize(("good", "status"), [("demo test", 0), ("test", 1), ("demo", 1)])
def test_both_commands_run_and_pytest_has_the_last_word(tmp_path: Path, good: str, status: int) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "install.sh").write_text(PLAYED, encoding="utf-8")
    (tmp_path / "install.sh").chmod(0o755)
    (tmp_path / "ok").write_text("\n".join(good.split()), encoding="utf-8")
    done = subprocess.run([tmp_path / ".ci" / "run"], input="x\n", capture_output=True, text=True, cwd="/", check=False)
    assert (done.returncode, done.stdout) == (status, "7 passed in 1.00s\n")
    assert (tmp_path / "calls").read_text(encoding="utf-8").splitlines() == ["demo --once --seed 1", "test"]
