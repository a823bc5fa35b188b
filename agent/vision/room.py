"""Learning a room: when the background is taken from samples, when it is only followed, and when it starts anew."""

import logging

import cv2
import numpy as np

from agent.vision.alignment import alignment, displacement
from agent.vision.background import Background, Bytes, Floats, Foreground, log_luminance
from agent.vision.kept import Kept, hidden

_LOGGER = logging.getLogger(__name__)

LEARNING_S = 20.0
_SAMPLE_S, _SETTLE_S = 0.5, 2.0
_ALIGN_S = 2.0
_NUDGED = 0.6  # pixels: less is blurred away
_FLOODED = 0.6  # share of the picture that differs: the room itself looks other than learned
_FLOODED_FOR_S = 2.0
_OTHER_VIEW = 0.3  # share of a room known from before in which the first picture differs: people do not fill more
_PATIENCE_S = 3.0  # of the first pictures: cameras begin grey, black or blinded
_TOO_LITTLE = 0.5  # share of the picture: where more may show what came, there is not enough to keep


class Room:
    """The background of one camera and how well it is known; frames in order of time, about ten a second."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._background = Background(rate_hz)
        self._until: float | None = None
        self._sampled = False  # samples were given for the room: the next cut takes it from them
        self._sample_due = self._settle_due = self._flooded_since = 0.0
        self._align_due = 0.0
        self._kept: Kept | None = None  # from before, until it was found again or is given up
        self._give_up_at: float | None = None
        self.anew = False  # whether the last frame began a new learning: nothing seen before holds
        self.found: Kept | None = None  # the room from before, if it was the last frame that has shown it

    @property
    def learning(self) -> bool:
        """Whether the room is not known yet."""
        return self._until is not None or self._background.shape is None

    @property
    def known(self) -> Floats | None:
        """Log luminance (h, w) of the room as it is without people; None while that is not known."""
        return None if self.learning else self._background.luminance

    def keep(self, camera: str) -> Kept | None:
        """The room without what came into it, for the process that follows this one; None while it is not known."""
        if self.learning or (bare := self._background.bare()) is None:
            return None
        room, unknown = bare
        return None if unknown.mean() > _TOO_LITTLE else Kept.of(camera, room, unknown)

    def take_up(self, kept: Kept) -> None:
        """Begin with the room that was kept, if one of the first pictures shows the same one."""
        self._kept, self._give_up_at = kept, None

    def fits(self, picture: Bytes) -> bool:
        """Whether `picture` has the size of those before it: another size is another view."""
        return self._background.shape in (None, picture.shape[:2])

    def sample(self, picture: Bytes) -> None:
        """Take this picture as one of the room, people passing through or not."""
        moved = self._nudge(picture)
        self._background.sample(picture if moved is None else _turned_back(picture, moved))
        self._sampled = True

    def begin_anew(self) -> None:
        """Forget the room: the camera looks elsewhere."""
        self._kept = None
        self._background = Background(self._rate_hz)

    def cut(self, at: float) -> None:
        """The next frame, at `at`, does not follow the last one: motion is forgotten, the room is kept."""
        if self._sampled:
            self._background.settle()
            self._background.end_learning()
            self._sampled = False
        elif self._until is not None:
            self._until = at + LEARNING_S
        self._background.forget_motion()
        self._sample_due, self._settle_due, self._flooded_since = at, at + _SETTLE_S, at
        self._align_due = at

    def feed(self, picture: Bytes, protect: Bytes, lying: Bytes, at: float) -> Foreground:
        """What of `picture` is not the room; `protect` and `lying` (0/1) are people, the latter for good."""
        self.anew, self.found = False, None
        if self._kept is not None:
            self._resume(self._kept, picture, at)
        if at >= self._align_due:
            self._align_due = at + _ALIGN_S
            if (moved := self._nudge(picture)) is not None:
                self._background.align(moved)
        if self._background.shape != picture.shape[:2]:
            self._begin(at)
        foreground = self._background.feed(picture, protect, lying)
        if foreground.share < _FLOODED:
            self._flooded_since = at
        elif at - self._flooded_since >= _FLOODED_FOR_S:
            self._background = Background(self._rate_hz)
            self._begin(at)
        if self._until is not None:
            self._learn(picture, lying, at)
        return foreground

    def _nudge(self, picture: Bytes) -> Floats | None:
        """Where the room's points lie in `picture` (2 x 3), if that is not where they were."""
        luminance = self._background.luminance
        if luminance is None or luminance.shape != picture.shape[:2]:
            return None
        moved = alignment(luminance, log_luminance(picture))
        return None if moved is None or displacement(moved, luminance.shape) <= _NUDGED else moved

    def _resume(self, kept: Kept, picture: Bytes, at: float) -> None:
        """Go on with the room that was kept; until then, it is learned as ever."""
        if self._give_up_at is None:
            self._give_up_at = at + _PATIENCE_S
        if not (why := self._found(kept, picture)):
            _LOGGER.info("%s: the room is known from before", kept.camera)
            self.anew, self.found = self._until is not None, kept
            self._until, self._kept = None, None
        elif at >= self._give_up_at:
            _LOGGER.info("%s: the room known before %s; it is learned anew", kept.camera, why)
            self._kept = None

    def _found(self, kept: Kept, picture: Bytes) -> str:
        """Why `picture` does not show the room; nothing where it does, and then that is the background."""
        if kept.unknown.shape != picture.shape[:2]:
            return "had another size of picture"
        room, unknown, seen = kept.features, kept.unknown, log_luminance(picture)
        if (moved := alignment(room[..., 0], seen)) is not None and displacement(moved, seen.shape) > _NUDGED:
            room, lost = _moved(room, moved), _moved(unknown.astype(np.float32), moved)
            unknown = hidden((lost > 0).astype(np.uint8))
        background = Background(self._rate_hz)
        if (share := background.take_up(room, unknown, picture)) > _OTHER_VIEW:
            return f"differs in {share:.0%} of the picture"
        self._background = background
        return ""

    def _learn(self, picture: Bytes, lying: Bytes, at: float) -> None:
        if at >= self._sample_due:
            self._background.sample(picture)
            self._sample_due = at + _SAMPLE_S
        if at >= self._settle_due:
            self._background.settle(lying)
            self._settle_due = at + _SETTLE_S
        if self._until is not None and at >= self._until:
            self._background.end_learning()
            self._until = None

    def _begin(self, at: float) -> None:
        self.anew = True
        self._until = at + LEARNING_S
        self._sample_due, self._settle_due, self._flooded_since = at, at + _SETTLE_S, at


def _moved(room: Floats, moved: Floats) -> Floats:
    size = (room.shape[1], room.shape[0])
    return np.asarray(cv2.warpAffine(room, moved, size, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _turned_back(picture: Bytes, moved: Floats) -> Bytes:
    """`picture` as the camera would have seen it before it was nudged."""
    size, how = (picture.shape[1], picture.shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, moved, size, flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8)
