"""A network camera that speaks RTSP: H.264 by GStreamer, in a process of its own with the system's Python."""

import asyncio
import socket
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

_PYTHON = Path("/usr/bin/python3")
_PROGRAM = Path(__file__).with_name("rtsp_server.py")
_START_S = 20.0


class RtspCameraError(Exception):
    """The server cannot be run here; says which packages are missing."""


class RtspCamera:
    """A ball that moves, at `url`, for user `viewer` with password `geheim`; `start` again after `vanish`."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Address with user and password."""
        return f"rtsp://viewer:geheim@127.0.0.1:{self._port}/live"

    async def start(self) -> None:
        """Answer at `url`; raises `RtspCameraError`."""
        self._process = await asyncio.create_subprocess_exec(
            *(str(_PYTHON), str(_PROGRAM), str(self._port)), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        if not await self._says("ready"):
            await self._process.wait()
            raise RtspCameraError("needs python3-gi, gir1.2-gst-rtsp-server-1.0 and gstreamer1.0-plugins-{good,ugly}")

    async def freeze(self) -> None:
        """Keep the session and send no more frames."""
        await self._tell("freeze")

    async def thaw(self) -> None:
        """Send frames again."""
        await self._tell("thaw")

    async def vanish(self) -> None:
        """Lose power: no goodbye to anybody."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    async def _tell(self, command: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(command.encode() + b"\n")
        assert await self._says(command)

    async def _says(self, word: str) -> bool:
        assert self._process is not None
        assert self._process.stdout is not None
        return await asyncio.wait_for(self._process.stdout.readline(), _START_S) == word.encode() + b"\n"
