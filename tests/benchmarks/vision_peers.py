"""The usual way beside ours: a person detector and a pose model on every frame, and falls by what the pose does.

YOLOX-nano finds people, MoveNet Lightning the joints of the surest one. The score of a fall was fixed beforehand: how
far the top of the box dropped within our window's time, in heights of the person, and how far the trunk lies over.
"""

import hashlib
import math
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from agent.vision.clip import Shot
from agent.vision.window import LENGTH_S
from models.person_detector import DetectorFile, Person, PersonDetector

Picture = NDArray[np.uint8]

YOLOX, MOVENET = "yolox_nano.onnx", "movenet_lightning_int8.onnx"
_LEAST, _JOINT = 0.25, 0.2  # how sure, of a person and of a joint
_ROOM = 1.25  # the crop round a person
_SHOULDERS, _HIPS = (5, 6), (11, 12)
_LEAN = 0.5  # what a trunk that lies weighs, in heights of drop
_SMOOTH = 3  # frames


@dataclass(frozen=True, slots=True)
class Posture:
    """One frame: where the person's box is, and how far the trunk leans (0 upright, 1 lying; NaN unknown)."""

    at: float
    top: float
    height: float
    lean: float


class Peers:
    """Both networks of `folder`, one thread each; raises OSError where they are not there."""

    def __init__(self, folder: Path) -> None:
        weights = folder / YOLOX
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
        self._detector = PersonDetector(DetectorFile("yolox_nano", weights, digest, "images", "output", (3, 416, 416)))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._pose = onnxruntime.InferenceSession(
            (folder / MOVENET).read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._pose.get_inputs()[0].name

    def look(self, picture: Picture, at: float) -> Posture | None:
        """The surest person of a frame, if there is one."""
        people = self._detector.find(picture, _LEAST)
        if not people:
            return None
        return Posture(at, people[0].top, people[0].height, self._lean(picture, people[0]))

    def costs_ms(self, pictures: Iterator[Picture], frames: int) -> list[float]:
        """Milliseconds of this thread for each frame."""
        costs = []
        for picture in islice(pictures, frames):
            begun = time.thread_time()
            self.look(picture, 0.0)
            costs.append(1000 * (time.thread_time() - begun))
        return costs

    def score(self, shots: Iterable[Shot]) -> float:
        """The highest score of a fall in a clip."""
        lately: deque[Posture] = deque()
        drops: deque[float] = deque(maxlen=_SMOOTH)
        best = 0.0
        for shot in shots:
            seen = self.look(shot.picture, shot.at)
            if seen is None:
                continue
            lately.append(seen)
            while lately[0].at < shot.at - LENGTH_S:
                lately.popleft()
            drops.append(fallen(lately))
            best = max(best, float(np.median(drops)))
        return best

    def _lean(self, picture: Picture, person: Person) -> float:
        side = _ROOM * max(person.width, person.height)
        left = (person.left + person.right - side) / 2
        top = (person.top + person.bottom - side) / 2
        scale = 192 / side
        crop = cv2.warpAffine(picture, np.array([[scale, 0, -left * scale], [0, scale, -top * scale]]), (192, 192))
        joints = self._pose.run(None, {self._input: cv2.cvtColor(crop, cv2.COLOR_BGR2RGB)[None]})[0][0, 0]
        ends = [joints[list(pair)] for pair in (_SHOULDERS, _HIPS)]
        if min(float(end[:, 2].max()) for end in ends) < _JOINT:
            return math.nan
        shoulders, hips = (np.average(end[:, :2], axis=0, weights=end[:, 2]) for end in ends)
        down, aside = hips[0] - shoulders[0], abs(hips[1] - shoulders[1])
        return float(np.clip(math.atan2(aside, down) / (math.pi / 2), 0, 1))


def fallen(lately: deque[Posture]) -> float:
    """The score of the last of some postures, oldest first."""
    now = lately[-1]
    tallest = max(one.height for one in lately)
    drop = (now.top - min(one.top for one in lately)) / max(tallest, 1.0)
    return drop + _LEAN * (0.0 if math.isnan(now.lean) else now.lean)
