"""No picture leaves the process: not in files, not over the socket, not in logs, not in a core dump."""

import base64
import os
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.eyes.settings import CameraSettings, CamerasSettings
from tests.vision.bench import Bench
from tests.vision.clips import SIZE, write_frames
from tests.waiting import until

SPAN = 24  # bytes of a row that no other content has by chance
_PICTURE_MAGICS = (b"\xff\xd8\xff", b"\x89PNG", b"ftyp", b"RIFF", b"\x1aE\xdf\xa3")


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """Ten seconds of blocks that change with each frame, coded without loss."""
    dice = np.random.default_rng(20)
    frames = []
    for _ in range(100):
        blocks = dice.integers(20, 236, (SIZE[1] // 4, SIZE[0] // 4, 1), np.uint8)
        frames.append(np.repeat(np.kron(blocks[..., 0], np.ones((4, 4), np.uint8))[..., None], 3, axis=2))
    return write_frames(tmp_path / "marked.mkv", frames, 10, "FFV1")


def marks(clip: Path) -> list[bytes]:
    """Pieces of rows of every tenth frame, as the process sees it: plain, grey, and as base64 in each phase."""
    video, found, number = cv2.VideoCapture(str(clip)), list[bytes](), 0
    while (read := video.read())[0]:
        if number % 10 == 0:
            for row in range(0, SIZE[1], 12):
                pixels = np.asarray(read[1], np.uint8)[row]
                for plain in (pixels.tobytes()[:SPAN], pixels[:, 0].tobytes()[:SPAN]):
                    found += [plain, *(base64.b64encode(plain[skip:])[:24] for skip in range(3))]
        number += 1
    video.release()
    assert number == 100
    return found


def leaks(content: bytes, wanted: list[bytes]) -> bool:
    return any(mark in content for mark in wanted)


def entries(folder: str) -> set[Path]:
    return set(Path(folder).iterdir())


def targets(links: Iterable[Path]) -> set[Path]:
    return {link.readlink() for link in links}


def open_files(pid: int) -> set[Path]:
    if os.geteuid() != 0:  # a process that cannot be dumped cannot be looked into either, which is the point
        with pytest.raises(PermissionError):
            entries(f"/proc/{pid}/fd")
        return set()
    return {path for path in targets(entries(f"/proc/{pid}/fd")) if path.is_absolute()}


def files_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_search_finds_a_picture(marked: Path) -> None:
    wanted = marks(marked)
    assert leaks(marked.read_bytes() + wanted[5], wanted)
    assert not leaks(bytes(range(256)) * 100, wanted)


async def test_no_picture_leaves_the_process(
    run_folder: Path, marked: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = marks(marked)
    temporary = run_folder / "tmp"
    temporary.mkdir()
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    shared_memory = entries("/dev/shm")
    bench = Bench(run_folder, CamerasSettings((CameraSettings("hall", str(marked), "hall", loop=True),)))
    await bench.start()
    try:
        await until(lambda: bench.of("learning"), "frames are judged")
        await until(lambda: bench.eyes.camera_states["hall"].fps > 8, "for some seconds")
        opened = open_files(bench.pid)
    finally:
        await bench.stop()
    out = capfd.readouterr()
    kept = files_below(run_folder)

    assert not leaks(bytes(bench.heard), wanted)
    assert not leaks((out.out + out.err).encode(), wanted)
    assert {path.name for path in kept} == {"vision.json", "vision.lock"}
    assert not any(leaks(content, wanted) or magic in content for content in kept.values() for magic in _PICTURE_MAGICS)
    assert entries("/dev/shm") == shared_memory
    stderr = Path("/proc/self/fd/2")  # ours, which it inherits
    assert opened <= {Path("/dev/null"), marked, run_folder / "vision.lock", *targets([stderr])}
    assert b'"t":"observation"' in bench.heard
