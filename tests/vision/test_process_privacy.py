"""No picture leaves the process: not in files, not over a socket, not in logs, not in a core dump, not in swap.

The real process, started as the core starts it, looks at somebody who wears a marker in a room where another hangs.
Then everything that it has written anywhere is searched for either (`tests.vision.leak_search`).
"""

import contextlib
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.app.satellite_set import ROOMS
from agent.eyes.settings import CameraSettings, CamerasSettings
from agent.vision.swap import may_lock, on_disk
from tests.vision.bench import Bench
from tests.vision.clips import write_frames
from tests.vision.held_rooms import content, found_in, shows
from tests.vision.leak_search import LeakSearch
from tests.vision.marker import SEEDS, marked_room
from tests.vision.system_calls import Calls, Tracer, may_trace
from tests.waiting import until

_FOLDERS = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


class Watched:
    """A process under watch, and the folders that it may think of writing to."""

    def __init__(self, run_folder: Path, clip: Path) -> None:
        self.folder = run_folder
        self.clip = clip
        self.bench = Bench(run_folder, CamerasSettings((CameraSettings("hall", str(clip), "hall", loop=True),)))
        self.tracer: Tracer | None = None
        self.calls: Calls | None = None
        self.limits: dict[str, str] = {}
        self.rooms = b""  # the memory file that the core holds

    async def watch(self, seconds: float) -> None:
        """Run it, traced where that can be, until it has looked for so long; then crash it."""
        await self.bench.start()
        await until(lambda: self.bench.pid, "it starts")
        if may_trace():
            self.tracer = Tracer(self.bench.pid, self.folder.parent / f"{self.folder.name}.strace")
            await self.tracer.start()
        await until(lambda: self.bench.of("learning"), "frames are judged", 30)
        began = self.bench.of("learning")[0].at
        await until(
            lambda: self.bench.told[-1][1].at > began and self._looked_s(began) > seconds, "looked", seconds + 60
        )
        self.limits = limits(self.bench.pid)
        crashed = self.bench.pid
        os.kill(crashed, signal.SIGABRT)
        await until(lambda: self.bench.deaths, "it has crashed")
        await until(lambda: self.bench.pid not in (0, crashed), "another one watches")
        self.rooms = content()
        if self.tracer is not None:
            self.calls = await self.tracer.end()
            reap(crashed)

    def _looked_s(self, began: float) -> float:
        return self.bench.eyes.camera_states["hall"].at - began


@pytest.fixture
async def watched(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    for name in _FOLDERS:
        (run_folder / name).mkdir()
        monkeypatch.setenv(name, str(run_folder / name))
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    (run_folder / "cwd").mkdir()
    monkeypatch.chdir(run_folder / "cwd")
    clip = write_frames(tmp_path / "marked.mkv", list(marked_room(6)), 10, "FFV1")
    watched = Watched(run_folder, clip)
    yield watched
    await watched.bench.stop()


def reap(pid: int) -> None:
    """Collect a child whose end strace heard of first, and the core perhaps too early."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def limits(pid: int) -> dict[str, str]:
    """What the kernel has been told about memory of `pid` that might reach a disk."""
    if os.geteuid() != 0:  # nobody of its own user may look into it either
        with pytest.raises(PermissionError):
            list(Path(f"/proc/{pid}/fd").iterdir())
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines())
    return {
        "RLIMIT_CORE": str(resource.prlimit(pid, resource.RLIMIT_CORE)),
        "core_pattern": Path("/proc/sys/kernel/core_pattern").read_text(encoding="ascii").strip(),
        "VmLck": status["VmLck"].strip(),
        "VmSwap": status["VmSwap"].strip(),
        "swap on a disk": str(on_disk(Path("/proc/swaps").read_text(encoding="ascii"))),
    }


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def new_shared_memory(before: set[Path]) -> dict[str, bytes]:
    """What stands in shared memory that did not before, whoever has put it there."""
    return {str(path): path.read_bytes() for path in shared_memory() - before if path.is_file()}


def shared_memory() -> set[Path]:
    return set(Path("/dev/shm").iterdir())


@pytest.mark.parametrize("seconds", [4.0, pytest.param(40.0, marks=pytest.mark.slow)])
@pytest.mark.timeout(180)
async def test_no_picture_leaves_the_process(
    watched: Watched, seconds: float, capfd: pytest.CaptureFixture[str]
) -> None:
    shared = shared_memory()
    await watched.watch(seconds)
    out = capfd.readouterr()
    files = files_below(watched.folder)
    places = {"socket of the core": bytes(watched.bench.heard), "log": (out.out + out.err).encode()}
    places |= {f"file {name}": content for name, content in files.items()} | new_shared_memory(shared)
    if watched.calls is not None:
        places |= {f"calls that wrote to {to}": bytes(content) for to, content in watched.calls.written.items()}
    search = LeakSearch()
    found = {place: search.of(place, content) for place, content in places.items()}
    worn = LeakSearch(seeds=SEEDS[1:])  # the other one hangs in the room, and the room is known
    found["memory file of rooms"] = worn.of("memory file of rooms", watched.rooms)
    rooms = found_in(watched.rooms)
    say(search, watched)
    sys.stdout.write(f"searched for the worn one, and in {len(rooms)} rooms:\n{worn.report()}\n")

    assert {place: ways for place, ways in found.items() if ways} == {}
    assert [mark for mark, kept in rooms.items() if shows(worn, kept)] == []
    assert set(files) == {"vision.json", "vision.lock"}, "no file, no core dump"
    assert b'"t":"observation"' in watched.bench.heard
    assert watched.limits["RLIMIT_CORE"] == "(0, 0)"
    assert watched.limits["VmSwap"] == "0 kB"
    assert (watched.limits["VmLck"] != "0 kB") == may_lock()
    if watched.calls is not None:
        check_calls(watched, watched.calls)


def say(search: LeakSearch, watched: Watched) -> None:
    """What was searched, for people (pytest -rP shows it)."""
    facts = "\n".join(f"  {name}: {value}" for name, value in watched.limits.items())
    traced = "with" if watched.calls is not None else "without"
    sys.stdout.write(f"searched {traced} the kernel's record of all calls:\n{search.report()}\n{facts}\n")


def check_calls(watched: Watched, calls: Calls) -> None:
    """It opened, reached and wrote what it must, and nothing else."""
    rooms = "".join(f"\\x{byte:02x}" for byte in ROOMS.encode())  # as strace shows it; what is in there was searched
    assert [call for call in calls.odd if rooms not in call] == []
    assert calls.connected == {str(watched.folder / "core.sock")}
    log, lock = (path for path in calls.opened if path.startswith("/")), str(watched.folder / "vision.lock")
    assert {path for path in log if not path.startswith(("/proc/self/", "/dev/null"))} <= {lock}
    sent = b"".join(bytes(content) for target, content in calls.written.items() if target.startswith("UNIX"))
    assert bytes(watched.bench.heard) in sent
