"""What of a picture is not the room: a background that follows the light and does not swallow a person who lies still.

Three features a pixel: log luminance and two colour shares, so that a change of exposure is one number added
everywhere. What the light adds is measured in coarse cells and taken off before anything is called foreground.
OpenCV's MOG2 and KNN were tried and fail here: they paint whole walls at an exposure jump and absorb a still person.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.ghosts import ghosts
from agent.vision.kept import hidden

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_CELLS = (5, 4)  # across, down: coarse enough that no person fills most cells, fine enough for a window's daylight
_LIGHT_STEP = 0.18  # log units by which one cell's light may differ from the whole picture's
LUMINANCE_FLOOR = 24.0  # grey levels added before the logarithm: below it there is only sensor noise
_COLOUR_FLOOR = 75.0
_GREY = np.array([0.114, 0.587, 0.299], np.float32)  # ITU-R BT.601
_DIFFERENT = 0.2  # log units (22 %): twice what compression and noise leave after blurring
_DARK_NOISE = 6.0  # grey levels of noise: raises the threshold in the dark
_SHADOW = 1.5  # a darkening must be this many times stronger, since most darkenings are shadows
_COLOUR = 0.8  # a change of colour counts a little sooner than one of brightness
_MOVED = 0.09  # log units between two frames
_FORGET_COMING = 10  # frames of plain background after which a pixel's motion counts no more
_SAMPLES = 40  # pictures kept while learning; when full, every second one goes: they spread over the whole time
_SAMPLE_BYTES_LIMIT = 12_000_000

_GHOSTS_EVERY = 3  # frames
_SAME = 0.06  # log units within which the room is again what it was before something came
_AROUND = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
_SMALL = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
_LARGE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


@dataclass(frozen=True, slots=True)
class Foreground:
    """One frame's foreground: `mask` 0/1, `still` frames since a pixel last moved, `share` of the picture covered.

    `came` 0/1: something moved there since it is foreground. What did not come is light, or the camera was nudged.
    """

    mask: Bytes
    still: NDArray[np.int16]
    came: Bytes
    share: float


class Background:
    """The room as it looks without people, for frames of one size at about `rate_hz` frames a second.

    Pixels that differ are absorbed once they were still for `hold_s`, then over about `absorb_s`, unless protected.
    """

    def __init__(self, rate_hz: float = 10.0, hold_s: float = 2.5, absorb_s: float = 4.0) -> None:
        self._hold = int(hold_s * rate_hz)
        self._absorb = 1.0 / (absorb_s * rate_hz)
        self._follow = 0.2 / rate_hz  # background pixels follow the room over about five seconds
        self._room: Floats | None = None
        self._before: Floats | None = None
        self._still = np.zeros((0, 0), np.int16)
        self._came = np.zeros((0, 0), np.int8)
        self._clean: Floats | None = None  # the room as it was before something came
        self._strange = self._never_clean = self._present = np.zeros((0, 0), np.uint8)
        self._samples: list[NDArray[np.float16]] = []
        self._skip, self._offered = 1, 0
        self._ghost_due = 0

    @property
    def shape(self) -> tuple[int, int] | None:
        """Height and width of the frames seen so far, None before the first."""
        return None if self._room is None else (self._room.shape[0], self._room.shape[1])

    @property
    def luminance(self) -> Floats | None:
        """Log luminance (h, w) of the room, None before the first frame."""
        return None if self._room is None else self._room[..., 0].copy()

    def bare(self) -> tuple[Floats, Bytes] | None:
        """The room (h, w, 3), and where it may show what came into it since it was learned (h, w; 0/1), in boxes.

        That is all that has moved there and differed, absorbed by now or not, until the room is again as it was. Call
        it twice a minute or so: how the light changes is followed from one call to the next.
        """
        if self._room is None or self._clean is None:
            return None
        self._clean += _light(self._room - self._clean, self._strange == 0)
        other = np.abs(_beyond(self._room, self._clean)).max(axis=2) > _SAME
        self._strange &= other | (self._never_clean > 0)
        unknown = hidden(self._strange | self._present)
        np.copyto(self._clean, self._room, where=unknown[..., None] == 0)
        return self._room.copy(), unknown

    def take_up(self, room: Floats, unknown: Bytes, frame: Bytes) -> float:
        """Begin with `room`, known from before; where it is `unknown` it is taken from `frame`, and counts as strange.

        Gives the share of the known picture in which `frame` differs.
        """
        features, known = _features(frame), unknown == 0
        self._begin(features)
        room = np.where(known[..., None], room, features)
        self._room = room + np.where(known[..., None], _light(features - room, known), np.float32(0))
        self._clean = self._room.copy()
        self._strange, self._never_clean = unknown.copy(), unknown.copy()
        differs = _different(_beyond(features, self._room), features[..., 0]) > 0
        return float(differs[known].mean()) if known.any() else 1.0

    def forget_motion(self) -> None:
        """The next frame does not follow the last one (a cut, a gap): motion starts anew, the room is kept."""
        self._before = None
        self._came[:] = 0

    def sample(self, frame: Bytes) -> None:
        """Keep `frame` as one of the pictures that `settle` takes the room from."""
        features = _features(frame)
        self._begin(features)
        self._offered += 1
        if self._offered % self._skip:
            return
        assert self._room is not None
        light = _light(features - self._room, np.ones(features.shape[:2], bool))
        self._samples.append((features - light).astype(np.float16))
        if len(self._samples) >= _SAMPLES or len(self._samples) * self._samples[0].nbytes > _SAMPLE_BYTES_LIMIT:
            self._samples = self._samples[1::2]
            self._skip *= 2

    def settle(self, protect: Bytes | None = None) -> None:
        """Take the room as the median of the samples: whoever passed through is gone from it.

        Who lies in `protect` (h, w; 0/1) may lie there in most samples: those pixels stay as they are.
        """
        if self._room is None or len(self._samples) < 3:
            return
        median = np.median(np.stack(self._samples), axis=0).astype(np.float32)
        self._room = median if protect is None else np.where(protect[..., None] > 0, self._room, median)

    def end_learning(self) -> None:
        """Let the samples go: from here on the room is only followed."""
        self._samples, self._skip, self._offered = [], 1, 0

    def feed(self, frame: Bytes, protect: Bytes | None = None, lying: Bytes | None = None) -> Foreground:
        """The foreground of `frame` (h, w, 3); pixels in `protect` (h, w; 0/1) are people and never absorbed.

        Those in `lying` are people who fell there: however little of their outline is seen, they are no ghosts.
        """
        features = _features(frame)
        self._begin(features)
        assert self._room is not None
        self._note_motion(features)
        is_still = self._still > self._hold
        change = features - self._room
        light = _light(change, is_still)
        mask = _different(_beyond(features - light, self._room), features[..., 0])
        if self._ghost_due <= 0:
            self._strange |= _that_came(mask, self._came)
            gone = ghosts(mask, self._still, features[..., 0], self._room[..., 0] + light[..., 0])
            if lying is not None:
                gone &= 1 - lying
            self._room[gone > 0], change[gone > 0] = features[gone > 0], 0.0
            mask &= 1 - gone
            self._ghost_due = _GHOSTS_EVERY
        self._ghost_due -= 1
        share = cv2.countNonZero(mask) / mask.size
        np.maximum(self._came - (mask == 0), 0, out=self._came)
        self._present = mask if protect is None else mask | protect
        rate = np.where(is_still, np.float32(self._absorb), np.float32(0))
        rate[mask == 0] = self._follow
        if protect is not None:
            rate[protect > 0] = 0.0
        self._room += rate[..., None] * change
        return Foreground(mask, self._still.copy(), (self._came > 0).astype(np.uint8), share)

    def align(self, moved: Floats) -> None:
        """The camera was nudged: the room's points lie at `moved` (2 x 3) of themselves from now on."""
        if self._room is None or self._clean is None:
            return
        size = (self._room.shape[1], self._room.shape[0])
        for seen in (self._room, self._clean):
            seen[:] = cv2.warpAffine(seen, moved, size, borderMode=cv2.BORDER_REPLICATE)
        for marked in (self._strange, self._never_clean):
            marked[:] = cv2.warpAffine(marked, moved, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)

    def _begin(self, features: Floats) -> None:
        if self._room is None or self._room.shape != features.shape:
            self._room = features.copy()
            self._before = None
            self._samples, self._skip, self._offered = [], 1, 0
            self._still = np.full(features.shape[:2], self._hold + 1, np.int16)
            self._came = np.zeros(features.shape[:2], np.int8)
            self._clean, self._strange = features.copy(), np.zeros(features.shape[:2], np.uint8)
            self._never_clean, self._present = self._strange.copy(), self._strange.copy()

    def _note_motion(self, features: Floats) -> None:
        np.minimum(self._still + 1, 20_000, out=self._still)
        if self._before is not None:
            step = features[..., 0] - self._before
            step -= np.median(step[::4, ::4])
            moved = (cv2.blur(np.abs(step), (3, 3)) > _MOVED).astype(np.uint8)
            moves = cv2.dilate(moved, _SMALL) > 0
            self._still[moves] = 0
            self._came[moves] = _FORGET_COMING
        self._before = features[..., 0].copy()


def log_luminance(frame: Bytes) -> Floats:
    """(h, w) float32 of a picture (h, w, 3)."""
    return np.asarray(np.log(frame.astype(np.float32) @ _GREY + LUMINANCE_FLOOR), np.float32)


def _features(frame: Bytes) -> Floats:
    """Log luminance, blue share, red share: (h, w, 3) float32."""
    pixels = frame.astype(np.float32)
    luminance = pixels @ _GREY
    total = pixels[..., 0] + pixels[..., 1] + pixels[..., 2] + _COLOUR_FLOOR
    features = np.empty_like(pixels)
    features[..., 0] = np.log(luminance + LUMINANCE_FLOOR)
    features[..., 1] = 3.0 * pixels[..., 0] / total
    features[..., 2] = 3.0 * pixels[..., 2] / total
    return features


def _light(change: Floats, still: NDArray[np.bool_]) -> Floats:
    """What the light alone added to each pixel: mean over each cell's still pixels that changed like the whole."""
    height, width = still.shape
    whole = np.median(change[::4, ::4].reshape(-1, 3), axis=0).astype(np.float32)
    rest = change - whole
    near = np.abs(rest) < _LIGHT_STEP
    alike = near[..., 0] & near[..., 1] & near[..., 2] & still
    weight = cv2.resize(alike.astype(np.float32), _CELLS, interpolation=cv2.INTER_AREA)[..., None]
    total = cv2.resize(rest * alike[..., None], _CELLS, interpolation=cv2.INTER_AREA)
    cells = np.where(weight > 0.3, total / np.maximum(weight, 0.01), 0.0).astype(np.float32) + whole
    return np.asarray(cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _beyond(features: Floats, room: Floats) -> Floats:
    """By how much each pixel lies outside what the room shows there and one pixel round it.

    A camera that trembles, or was nudged by less than a pixel, moves edges no further than that.
    """
    smooth = np.asarray(cv2.blur(features, (3, 3)), np.float32)
    room = np.asarray(cv2.blur(room, (3, 3)), np.float32)
    above = np.maximum(smooth - cv2.dilate(room, _AROUND), 0)
    below = np.minimum(smooth - cv2.erode(room, _AROUND), 0)
    return np.asarray(above + below, np.float32)


def _that_came(mask: Bytes, came: NDArray[np.int8]) -> Bytes:
    """The parts of `mask` in which anything moved: legs that pass a floor as bright as they are belong to the rest."""
    number, labels = cv2.connectedComponents(mask, connectivity=8)
    moved = np.zeros(number, np.uint8)
    moved[labels[came > 0]] = 1
    moved[0] = 0
    return np.asarray(moved[labels], np.uint8)


def _different(change: Floats, log_luminance: Floats) -> Bytes:
    """0/1 mask of the pixels that changed more than noise and shadow do, small specks and holes closed."""
    limit = np.maximum(_DIFFERENT, _DARK_NOISE * np.exp(-log_luminance))
    brighter = change[..., 0]
    colour = np.abs(change[..., 1]) + np.abs(change[..., 2])
    mask = ((brighter > limit) | (brighter < -_SHADOW * limit) | (colour > _COLOUR * limit)).astype(np.uint8)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _SMALL)
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, _LARGE), np.uint8)
