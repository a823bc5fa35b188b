"""Small clips, made on the spot."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.pipeline import shrink

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


def small_frames(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    """Seconds and small picture, ten a second, of the clip at `path`."""
    video = cv2.VideoCapture(str(path))
    rate = video.get(cv2.CAP_PROP_FPS) or 25.0
    kept: list[tuple[float, NDArray[np.uint8]]] = []
    number = 0
    while (read := video.read())[0]:
        if number / rate >= len(kept) / 10 - 1e-6:
            kept.append((number / rate, shrink(np.asarray(read[1], np.uint8))))
        number += 1
    video.release()
    return kept
