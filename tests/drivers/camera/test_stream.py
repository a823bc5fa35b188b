"""Streams over real files and real connections: they come back, they are never behind, they never hang."""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.backoff import Backoff
from drivers.camera import stream as stream_module
from drivers.camera.capture import CaptureState, Playing
from drivers.camera.source import Source, SourceKind, source_of
from drivers.camera.stream import Stream
from tests.simulator.camera import CameraSimulator
from tests.vision.clips import write_clip
from tests.waiting import until

Open = Callable[..., Stream]


@pytest.fixture
def open_stream() -> Iterator[Open]:
    streams: list[Stream] = []

    def open_one(address: str, playing: Playing | None = None) -> Stream:
        streams.append(Stream(source_of(address), playing, backoff=Backoff(0.05, 0.1)))
        return streams[-1]

    yield open_one
    for stream in streams:
        stream.close()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "hall.mp4")


@pytest.fixture
def camera(clip: Path) -> Iterator[CameraSimulator]:
    with CameraSimulator(clip, seed=1) as camera:
        yield camera


async def reaches(stream: Stream, state: CaptureState, deadline_s: float = 10.0) -> None:
    def there() -> bool:
        stream.tick()
        return stream.state is state

    await until(there, f"{state}, not {stream.state} {stream.why}", deadline_s)


async def new_frame(stream: Stream, deadline_s: float = 10.0) -> None:
    before = stream.newest

    def there() -> bool:
        stream.tick()
        return stream.newest is not before

    await until(there, "a new frame", deadline_s)


async def test_a_file_is_played_at_its_own_rate(open_stream: Open, clip: Path) -> None:
    stream = open_stream(str(clip))
    await reaches(stream, CaptureState.PLAYING)
    began, first = time.monotonic(), stream.grabbed
    await reaches(stream, CaptureState.ENDED)
    took = time.monotonic() - began
    assert stream.grabbed == 30
    assert (30 - first) / 15 - 0.3 < took < (30 - first) / 15 + 1.0
    assert stream.newest is not None
    assert stream.newest.pixels.shape == (120, 160, 3)
    assert stream.newest.number in (28, 29)
    assert "pixels" not in repr(stream.newest)


async def test_frames_are_handed_out_ten_times_a_second_at_most(open_stream: Open, clip: Path) -> None:
    stream = open_stream(str(clip))
    numbers: set[int] = set()

    def ended() -> bool:
        stream.tick()
        if stream.newest is not None:
            numbers.add(stream.newest.number)
        return stream.state is CaptureState.ENDED

    await until(ended)
    assert 17 <= len(numbers) <= 22  # of 30 in two seconds


async def test_a_file_is_looped(open_stream: Open, tmp_path: Path) -> None:
    stream = open_stream(str(write_clip(tmp_path / "short.mp4", seconds=0.4)), Playing(loop=True))

    def thrice() -> bool:
        stream.tick()
        return stream.grabbed > 18

    await until(thrice)
    assert stream.state is CaptureState.PLAYING


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"", "not a video"),
        (bytes(range(256)) * 64, "not a video"),
        (b"RIFF\x00\x00\x10\x00AVI LIST", "not a video"),
    ],
)
async def test_what_is_no_video_is_named(open_stream: Open, tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "night.mp4"
    if content is not None:
        path.write_bytes(content)
    stream = open_stream(str(path))
    await reaches(stream, CaptureState.FAULT)
    assert stream.why.startswith(f"{path}: ")
    assert words in stream.why
    write_clip(path)
    await reaches(stream, CaptureState.PLAYING)
    assert stream.why == ""


@pytest.fixture
def half_a_clip(clip: Path) -> Path:
    clip.write_bytes(clip.read_bytes()[:2000])
    return clip


async def test_half_a_video_is_named(open_stream: Open, half_a_clip: Path) -> None:
    stream = open_stream(str(half_a_clip))
    await reaches(stream, CaptureState.FAULT)
    assert "not a video" in stream.why


async def test_a_folder_and_a_missing_device(open_stream: Open, tmp_path: Path) -> None:
    folder, device = open_stream(str(tmp_path)), open_stream("/dev/video97")
    await reaches(folder, CaptureState.FAULT)
    assert "is not a file" in folder.why
    await reaches(device, CaptureState.FAULT)
    assert device.why == "/dev/video97: no such device; plug the camera in or correct `source`"


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/ptmx"])
async def test_a_device_that_is_no_camera_is_tried_again(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", raising=False)
    failures: list[float] = []

    def draw() -> float:
        failures.append(time.monotonic())
        return 0.5

    stream = Stream(Source(SourceKind.DEVICE, device, device), backoff=Backoff(0.05, 0.1, draw))

    def thrice() -> bool:
        stream.tick()
        return len(failures) == 3

    await until(thrice)
    assert stream.state is CaptureState.LOST
    assert stream.why == f"{device}: gives no picture; close other programs that use the camera"
    assert not stream.stuck
    assert os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] == "3"
    stream.close()


async def test_the_newest_frame_wins(open_stream: Open, camera: CameraSimulator, tmp_path: Path) -> None:
    """Nobody looks for a second; then the frame is of now, not of then."""
    stream = open_stream(camera.url)
    await reaches(stream, CaptureState.PLAYING)
    showing = camera.play(write_clip(tmp_path / "bright.mp4", shade=200))
    await until(lambda: showing.first_frame_at is not None and time.monotonic() > showing.first_frame_at + 1)
    stream.tick()
    assert stream.newest is not None
    assert showing.first_frame_at is not None
    assert stream.newest.pixels[:20].mean() > 150
    assert time.monotonic() - stream.newest.at < 0.4


@pytest.mark.parametrize("fault", [CameraSimulator.drop, CameraSimulator.send_garbage])
async def test_a_broken_stream_is_opened_again(
    open_stream: Open, camera: CameraSimulator, fault: Callable[[CameraSimulator], None]
) -> None:
    stream = open_stream(camera.url)
    await reaches(stream, CaptureState.PLAYING)
    fault(camera)
    await reaches(stream, CaptureState.LOST)
    assert stream.why == f"{camera.url}: the stream broke off"
    before = stream.grabbed
    await reaches(stream, CaptureState.PLAYING)
    assert stream.grabbed >= before
    assert stream.newest is not None
    assert stream.newest.number >= before


async def test_a_camera_that_vanishes_and_returns(open_stream: Open, camera: CameraSimulator) -> None:
    stream = open_stream(camera.url)
    await reaches(stream, CaptureState.PLAYING)
    camera.vanish()
    await reaches(stream, CaptureState.LOST)

    def refused() -> bool:
        stream.tick()
        return "check that the camera has power and network" in stream.why

    await until(refused)
    camera.come_back()
    await reaches(stream, CaptureState.PLAYING)


async def test_a_capture_that_hangs_is_left_behind(
    open_stream: Open, camera: CameraSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own time-out comes after three seconds; ours after a third, here."""
    monkeypatch.setattr(stream_module, "READ_LIMIT_S", 0.3)
    monkeypatch.setattr(stream_module, "LEFT_BEHIND_LIMIT", 1)
    stream = open_stream(camera.url)
    await reaches(stream, CaptureState.PLAYING)
    camera.stall()
    stalled_at = time.monotonic()
    await reaches(stream, CaptureState.LOST)
    assert stream.why == f"{camera.url}: no frame comes, the stream hangs"
    assert stream.stuck
    camera.stall(on=False)
    camera.vanish()
    camera.come_back()
    await reaches(stream, CaptureState.PLAYING)
    assert time.monotonic() - stalled_at < 3.0
    await new_frame(stream)

    def healed() -> bool:
        stream.tick()
        return not stream.stuck

    await until(healed, "the old capture ended by itself")


async def test_passwords_are_never_told(
    open_stream: Open, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither by us nor by the libraries, which print addresses when they cannot open them."""
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as liar:
        port = liar.getsockname()[1]
        for scheme in ("rtsp", "http"):
            stream = open_stream(f"{scheme}://viewer:geheim@127.0.0.1:{port}/live?token=geheim")
            liar.settimeout(5)
            stream.tick()
            for _ in range(2):  # the knock, and the library's request
                connection, _peer = liar.accept()
                connection.settimeout(2)
                with connection:
                    if b"/live" in connection.recv(2000):
                        connection.sendall(b"RTSP/1.0 401 No\r\nCSeq: 1\r\n\r\nHTTP/1.0 401 No\r\n\r\n")
            await reaches(stream, CaptureState.LOST)
            assert stream.why.startswith(f"{scheme}://127.0.0.1:{port}/live: ")
            stream.close()
    out = capfd.readouterr()
    assert "geheim" not in caplog.text + out.out + out.err
    assert f"127.0.0.1:{port}/live" in caplog.text
