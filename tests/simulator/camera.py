"""A network camera: MJPEG over HTTP on 127.0.0.1, whose picture and faults are commanded while it runs.

It plays one clip in a loop at the clip's own rate, with seeded pixel noise as a real sensor has it, and can play
another clip once in between. It lives in a thread of its own, so that a busy event loop does not change its timing.

    with CameraSimulator(Path("empty.mp4"), seed=1) as camera:
        stream_from(camera.url)
        showing = camera.play(Path("fall.mp4"))
        ...
        showing.first_frame_at      # CLOCK_MONOTONIC seconds, before the first byte of its first frame was sent
"""

import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_BOUNDARY = b"nightlamp-frame"
_HEAD = (
    b"HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-store\r\n"
    b"Content-Type: multipart/x-mixed-replace; boundary=" + _BOUNDARY + b"\r\n\r\n"
)
_NOISE_FIELDS = 16  # made once: drawing new noise for each frame costs more than encoding it


@dataclass(slots=True)
class Showing:
    """One play of a clip: when its first frame went out to a viewer, and whether it is over."""

    clip: Path
    first_frame_at: float | None = None
    over: bool = False


class _Reel:
    """The frames of one clip, decoded beforehand (OpenCV opens one video at a time in a process: a viewer in the same
    process that waits for our picture would wait for ever) and kept as JPEG, which is thirty times smaller.
    """

    def __init__(self, clip: Path) -> None:
        capture = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
        rate = capture.get(cv2.CAP_PROP_FPS)
        self.interval_s = 1 / (rate if 1 <= rate <= 60 else 15)
        self._frames: list[NDArray[np.uint8]] = []
        while (read := capture.read())[0]:
            self._frames.append(cv2.imencode(".jpg", read[1], (cv2.IMWRITE_JPEG_QUALITY, 95))[1])
        capture.release()
        if not self._frames:
            raise ValueError(f"{clip}: not a video that can be read")

    def frames(self) -> Iterator[Pixels]:
        """Each frame once."""
        for frame in self._frames:
            yield np.asarray(cv2.imdecode(frame, cv2.IMREAD_COLOR), np.uint8)


class _Viewer:
    """One connection; a frame is skipped for those who have not taken the last one yet."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.socket = connection
        self.request = b""
        self.unsent = b""
        self.asked = False

    def push(self) -> None:
        """Send what the socket takes now."""
        while self.unsent:
            try:
                self.unsent = self.unsent[self.socket.send(self.unsent) :]
            except BlockingIOError:
                return


class CameraSimulator:
    """The camera; `url` stays the same when it vanishes and returns. `noise` is the sensor's sigma in grey levels."""

    def __init__(self, loop: Path, seed: int = 0, noise: float = 2.0, port: int = 0) -> None:
        self._reels = {loop: _Reel(loop)}
        self._loop = loop
        self._noise = noise
        self._dice = np.random.default_rng(seed)
        self._fields: list[NDArray[np.int16]] = []
        self._wanted: deque[Showing] = deque()
        self._showing = Showing(loop)
        self._picture: Pixels | None = None
        self._frozen = self._dark = self._stalled = self._babbles = False
        self._shut = self._drop = self._away = False
        self._garbage = b""
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._viewers: list[_Viewer] = []
        self.connections = 0  # that have asked for the picture since the start
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._listener: socket.socket | None = None
        self._port = port
        self._open()
        self._thread = threading.Thread(target=self._run, name=f"camera simulator {self._port}", daemon=True)

    @property
    def url(self) -> str:
        """Where the picture is."""
        return f"http://127.0.0.1:{self._port}/video.mjpg"

    @property
    def viewers(self) -> int:
        """How many connections get the picture now."""
        return sum(viewer.asked for viewer in self._viewers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Begin to play (entering the context does the same)."""
        self._thread.start()

    def close(self) -> None:
        """End, with all connections."""
        self._command(_shut=True)
        self._thread.join()
        for fd in (self._wake_read, self._wake_write):
            os.close(fd)

    def load(self, clip: Path) -> None:
        """Decode `clip` beforehand, so that `play` begins at once; raises ValueError when it is not a video."""
        if clip not in self._reels:
            self._reels[clip] = _Reel(clip)

    def play(self, clip: Path) -> Showing:
        """Cut to `clip` now, play it once and go back to the loop; raises ValueError when it is not a video."""
        self.load(clip)
        showing = Showing(clip)
        with self._lock:
            self._wanted.append(showing)
        return showing

    def loop(self, clip: Path) -> None:
        """Play `clip` in a loop from now on; raises ValueError when it is not a video."""
        self.load(clip)
        with self._lock:
            self._loop = clip
            self._showing.over = True

    def freeze(self, on: bool = True) -> None:
        """Send the same picture again and again, noise and all."""
        self._command(_frozen=on)

    def darken(self, on: bool = True) -> None:
        """The lens is covered, or the light is off: black, with a little noise."""
        self._command(_dark=on)

    def stall(self, on: bool = True) -> None:
        """Keep the connections and send nothing."""
        self._command(_stalled=on)

    def babble(self, on: bool = True) -> None:
        """Send noise where pictures should be, to whoever is connected or comes."""
        self._command(_babbles=on)

    def drop(self) -> None:
        """Cut all connections once; the camera answers the next one."""
        self._command(_drop=True)

    def vanish(self) -> None:
        """Cut all connections and refuse new ones, until `come_back`."""
        self._command(_away=True)

    def come_back(self) -> None:
        """Answer again at the same address."""
        self._command(_away=False)

    def send_garbage(self, count: int = 4096) -> None:
        """Put `count` bytes of noise into the stream once."""
        self._command(_garbage=self._dice.integers(0, 256, count, np.uint8).tobytes())

    def _command(self, **state: bool | bytes) -> None:
        with self._lock:
            for name, value in state.items():
                setattr(self, name, value)
        os.write(self._wake_write, b"!")

    def _open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        self._selector.register(self._listener, selectors.EVENT_READ)

    def _close_listener(self) -> None:
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None

    def _run(self) -> None:
        reel, due = self._next_reel(), time.monotonic()
        frames = reel.frames()
        while not self._shut:
            self._serve(due)
            if time.monotonic() < due:
                continue
            due = max(due + reel.interval_s, time.monotonic() - 1)
            picture = None if self._wanted or self._showing.over else next(frames, None)
            if picture is None:
                self._showing.over = True
                reel = self._next_reel()
                frames = reel.frames()
                picture = next(frames)
            self._send(picture)
        self._cut()
        self._close_listener()
        self._selector.close()

    def _next_reel(self) -> _Reel:
        with self._lock:
            self._showing = self._wanted.popleft() if self._wanted else Showing(self._loop)
        return self._reels[self._showing.clip]

    def _serve(self, due: float) -> None:
        """Answer connections until `due` or a command."""
        for key, _ in self._selector.select(max(0.0, due - time.monotonic())):
            if key.fileobj == self._wake_read:
                os.read(self._wake_read, 1024)
            elif key.fileobj is self._listener and self._listener is not None:
                viewer = _Viewer(self._listener.accept()[0])
                self._viewers.append(viewer)
                self._selector.register(viewer.socket, selectors.EVENT_READ, viewer)
            elif isinstance(key.data, _Viewer):
                self._hear(key.data)
        if self._drop or self._away:
            self._cut()
            self._drop = False
        if self._away:
            self._close_listener()
        elif self._listener is None:
            self._open()

    def _hear(self, viewer: _Viewer) -> None:
        try:
            got = viewer.socket.recv(4096)
        except OSError:
            got = b""
        viewer.request = (viewer.request + got)[-4096:]
        if not got:
            self._lose(viewer)
        elif not viewer.asked and b"\r\n\r\n" in viewer.request:
            viewer.asked, viewer.unsent = True, _HEAD
            self.connections += 1

    def _send(self, picture: Pixels) -> None:
        if self._stalled:
            return
        if not self._frozen or self._picture is None:
            self._picture = self._seen_by_the_sensor(picture)
        body = cv2.imencode(".jpg", self._picture, (cv2.IMWRITE_JPEG_QUALITY, 85))[1].tobytes()
        part = b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (_BOUNDARY, len(body), body)
        with self._lock:
            part, self._garbage = self._garbage + part, b""
        if self._babbles:
            part = self._dice.integers(0, 256, len(part), np.uint8).tobytes()
        for viewer in [one for one in self._viewers if one.asked]:
            if len(viewer.unsent) <= len(_HEAD):
                viewer.unsent += part
                if self._showing.first_frame_at is None:
                    self._showing.first_frame_at = time.monotonic()
            try:
                viewer.push()
            except OSError:
                self._lose(viewer)

    def _seen_by_the_sensor(self, picture: Pixels) -> Pixels:
        if self._dark:
            picture = np.zeros_like(picture)
        if not self._noise:
            return picture
        if not self._fields or self._fields[0].shape != picture.shape:
            self._fields = [
                np.rint(self._dice.normal(0, self._noise, picture.shape)).astype(np.int16) for _ in range(_NOISE_FIELDS)
            ]
        field = self._fields[int(self._dice.integers(_NOISE_FIELDS))]
        return np.asarray(np.clip(picture.astype(np.int16) + field, 0, 255), np.uint8)

    def _cut(self) -> None:
        for viewer in list(self._viewers):
            self._lose(viewer)

    def _lose(self, viewer: _Viewer) -> None:
        if viewer in self._viewers:
            self._viewers.remove(viewer)
            self._selector.unregister(viewer.socket)
            viewer.socket.close()
