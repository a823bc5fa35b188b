"""The kernel's record: what a process writes is in it, also what it takes away again before anybody looks."""

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from tests.vision.leak_search import LeakSearch
from tests.vision.marker import marked_room
from tests.vision.system_calls import Tracer, calls, may_trace

_SLY = """
import os, socket, sys
from pathlib import Path
from agent.vision.confinement import keep_in
keep_in()
picture = Path(sys.argv[1]).read_bytes()
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
path = Path(sys.argv[1] + ".kept")
path.write_bytes(picture)
path.unlink()
with socket.socket(socket.AF_UNIX) as out:
    out.connect(sys.argv[2])
    out.sendall(picture)
os.close(os.memfd_create("hidden"))
"""


@pytest.mark.skipif(not may_trace(), reason="needs strace, and to be root")
async def test_what_is_written_and_removed_at_once_is_found(run_folder: Path) -> None:
    picture = next(marked_room(1))
    (run_folder / "pixels").write_bytes(picture.tobytes())
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(run_folder / "out.sock"))
        listener.listen()
        pipe = asyncio.subprocess.PIPE
        sly = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _SLY, str(run_folder / "pixels"), str(run_folder / "out.sock")),
            stdin=pipe,
            stdout=pipe,
        )
        assert sly.stdout is not None
        assert await sly.stdout.readline() == b"ready\n"
        tracer = Tracer(sly.pid, run_folder / "strace")
        await tracer.start()
        await sly.communicate(b"go\n")
        seen = await tracer.end()
    assert sly.returncode == 0
    assert not (run_folder / "pixels.kept").exists()
    assert str(run_folder / "pixels.kept") in seen.opened
    assert seen.connected == {str(run_folder / "out.sock")}
    assert any("memfd_create" in line for line in seen.odd)
    search = LeakSearch()
    leaks = {
        to if to.startswith("/") else to[:4] for to, content in seen.written.items() if search.of(to, bytes(content))
    }
    assert leaks == {str(run_folder / "pixels.kept"), "UNIX"}


def test_a_call_that_another_thread_cut_off_and_one_too_long_to_show() -> None:
    log = (
        '7  write(3</a>, "\\x61\\x62", 2 <unfinished ...>\n'
        "8  +++ exited with 0 +++\n"
        "7  <... write resumed>) = 2\n"
        '7  sendto(4<UNIX-STREAM:[1->2]>, "\\x63"..., 9, 0, NULL, 0) = 9\n'
        "7  mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f\n"
        "7  mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 5</b>, 0) = 0x7f\n"
        '7  openat(AT_FDCWD</c>, "\\x2f\\x64", O_WRONLY|O_CREAT, 0666) = 6</d>\n'
        '7  openat(AT_FDCWD</c>, "\\x2f\\x65", O_RDONLY) = 6</e>\n'
    )
    seen = calls(log)
    assert {to: bytes(content) for to, content in seen.written.items()} == {"/a": b"ab", "UNIX-STREAM:[1->2]": b"c"}
    assert seen.opened == {"/d"}
    assert [line[:20] for line in seen.odd] == ["more than 1000000 by", "7  mmap(NULL, 4096, "]
