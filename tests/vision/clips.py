"""Small clips, made on the spot."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = (160, 120)


def write_clip(
    path: Path, seconds: float = 2.0, fps: float = 15.0, shade: int = 90, size: tuple[int, int] = SIZE
) -> Path:
    """A figure that walks through a room of one shade (grey level), with the grain of a real sensor."""
    dice = np.random.default_rng(7)
    picture = np.full((size[1], size[0], 3), shade, np.uint8)
    cv2.rectangle(picture, (0, 90), (160, 120), (60, 50, 40), -1)

    def frame(number: int) -> NDArray[np.uint8]:
        walked = picture.copy()
        left = 10 + number % 100
        cv2.rectangle(walked, (left, 40), (left + 18, 105), (30, 60, 200), -1)
        grain = dice.normal(0, 3, walked.shape)
        return np.asarray(np.clip(walked + grain, 0, 255), np.uint8)

    return write_frames(path, [frame(number) for number in range(round(seconds * fps))], fps)


def write_frames(path: Path, frames: list[NDArray[np.uint8]], fps: float = 15.0, codec: str = "mp4v") -> Path:
    """`frames` as a video at `path`."""
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (width, height))
    assert writer.isOpened()
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path
