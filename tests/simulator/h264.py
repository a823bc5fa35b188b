"""Clips as a camera's sub-stream sends them: H.264, which OpenCV's own writer cannot make."""

import contextlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_PYTHON = Path("/usr/bin/python3")
_PROGRAM = Path(__file__).with_name("h264_encoder.py")
KBIT_PER_S = 1000  # what makers set for 640×480


class H264Error(Exception):
    """The encoder cannot be run here; says which packages are missing."""


def write_h264(path: Path, frames: Iterable[NDArray[np.uint8]], size: tuple[int, int], fps: int) -> Path:
    """`frames` (h, w, 3; BGR), scaled to `size` (width, height), as H.264 main profile; raises H264Error."""
    width, height = size
    command = [str(_PYTHON), str(_PROGRAM), str(width), str(height), str(fps), str(KBIT_PER_S), str(path)]
    try:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as encoder:
            assert encoder.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has ended, and its status says so
                for frame in frames:
                    scaled = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR)
                    encoder.stdin.write(cv2.cvtColor(scaled, cv2.COLOR_BGR2YUV_I420).tobytes())
    except OSError as error:
        raise H264Error(f"{_PYTHON}: {error.strerror}") from error
    if encoder.returncode != 0 or not path.exists():
        raise H264Error(
            "needs python3-gi, gstreamer1.0-plugins-{base,bad,ugly} and their x264enc, for /usr/bin/python3"
        )
    return path
