"""One process of a kind at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.process_lock import AlreadyRunningError, ProcessLock, holder

HOLD = "import sys; from pathlib import Path; from agent.process_lock import ProcessLock;"
HOLD += "lock = ProcessLock(Path(sys.argv[1])).acquire(); print('held', flush=True); sys.stdin.read()"


def test_a_second_holder_is_refused_and_told_the_pid(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    lock = ProcessLock(path).acquire()
    assert holder(path) == os.getpid()
    with pytest.raises(AlreadyRunningError) as refused:
        ProcessLock(path).acquire()
    assert refused.value.pid == os.getpid()
    lock.release()
    assert holder(path) is None
    ProcessLock(path).acquire().release()


def test_the_kernel_frees_the_lock_of_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    argv = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert holder(path) == process.pid
        process.kill()
    assert holder(path) is None


def test_no_file_no_holder(tmp_path: Path) -> None:
    assert holder(tmp_path / "none") is None
