"""What every test is held to: it leaves no task, thread, process or malformed log line behind."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Threads that live with the process, not with a test.
_KEPT_THREADS = ("asyncio_", "ThreadPoolExecutor", "pytest_timeout")


def _children() -> set[int]:
    """Process ids of our live children (threads' children included)."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found |= {int(pid) for pid in (task / "children").read_text(encoding="ascii").split()}
        except FileNotFoundError:
            continue
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "gone"


class _StrictHandler(logging.Handler):
    """Formats every record, so that a line whose arguments do not fit fails the test."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.malformed: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            record.getMessage()
        except (TypeError, ValueError) as error:
            self.malformed.append(f"{record.name}: {record.msg!r} {record.args!r}: {error}")


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads, children = set(threading.enumerate()), _children()
    handler = _StrictHandler()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    for thread in set(threading.enumerate()) - threads:
        if not thread.name.startswith(_KEPT_THREADS):
            thread.join(timeout=5)
            assert not thread.is_alive(), f"thread left running: {thread.name}"
    left = [f"{pid} {_command(pid)}" for pid in _children() - children if "resource_tracker" not in _command(pid)]
    assert not left, f"process left running: {left}"
    assert not handler.malformed, f"log lines whose arguments do not fit: {handler.malformed}"


@pytest.fixture(autouse=True)
async def _no_task_left(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    yield
    for _ in range(3):  # bleak's bus monitor ends one turn after its bus
        await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not left, f"{request.node.name} left tasks: {left}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The workshop's folder of clips and vectors; a user's clone has none, so such a test skips."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not part of the product")
    return SHARED


@pytest.fixture
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short path: a Unix socket's name may have 107 bytes."""
    folder = tmp_path_factory.mktemp("r", numbered=True)
    assert len(os.fspath(folder)) < 80
    return folder
