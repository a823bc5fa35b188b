"""What a camera says about its own picture: frozen, dark, over-exposed, covered, out of focus, moved.

Each has a beginning and an end. What cannot be judged now (focus in the dark) stays as it was. Infra-red pictures are
grey and sharp: they are none of these.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from agent.vision.anchor import FOLLOW_S, Anchor, Difference, bare, log_luminance
from agent.vision.background import Bytes, Floats
from agent.vision.stillness import Stillness

_STEADY = 0.15  # of each frame: noise and whoever walks by are gone from the mean, a hand is in it within a second
_LOOK_S = 1.0  # between two comparisons with the room
_LIGHT, _LIT_SHARE = 20, (0.08, 0.12)  # grey level, and the share above it below which it is dark, or no longer
_DIM = 32.0  # mean grey level of a picture without edges, below which that is for want of light
_WHITE, _WHITE_SHARE = 249, (0.40, 0.30)
_PLAIN = 4.0  # spread of grey levels: a hand, a cloth or paint on the lens
_GONE = (0.27, 0.15)  # share of the room's edges that something hides
_REST = 0.5  # share of the others that is in place: else the camera looks elsewhere
_BLUNT = (0.62, 0.75)  # sharpness against that when learned: four pixels of 320 are lost
_SHIFT = (4, 3)  # pixels of 160
_ELSEWHERE = (0.25, 0.5)  # share of the edges that are where they were
_Verdict = bool | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A way of being wrong: it begins once it was so for `begins_s`, and ends once it was not for `ends_s`."""

    way: str
    name: str
    begins_s: float
    ends_s: float


# Longer than a hand that cleans the lens, a lamp that is switched, a carer who stands before the camera.
_ROWS = (
    _Row("recurring", "picture_frozen", 10.0, 0.0),
    _Row("noiseless", "picture_frozen", 60.0, 0.0),
    _Row("dark", "picture_dark", 5.0, 1.0),
    _Row("white", "picture_overexposed", 10.0, 2.0),
    _Row("covered", "picture_covered", 10.0, 1.0),
    _Row("half_covered", "picture_covered", 30.0, 3.0),
    _Row("blunt", "picture_blurred", 20.0, 5.0),
    _Row("moved", "camera_moved", 10.0, 5.0),
)
FAULTS = tuple(dict.fromkeys(row.name for row in _ROWS))


class PictureChecks:
    """Turns frames into changes of state: `feed` gives ``(name, value)`` when one begins or ends.

    When `camera_moved` begins, the room must be learned anew. It ends when the view is the old one again, or when the
    new room is learned; with `zoned` (zones were drawn on the old view) not before `accept` says that they fit.
    """

    def __init__(self) -> None:
        self.zoned = False
        self._steady: Floats | None = None
        self._stillness = Stillness()
        self._anchor: Anchor | None = None
        self._difference: Difference | None = None
        self._bare = False
        self._learned = False
        self._looked_at: float | None = None
        self._followed_at = 0.0
        self._since: dict[str, float] = {}
        self._ways: set[str] = set()  # that stand

    @property
    def wrong(self) -> bool:
        """Whether any fault stands: then nobody can be said to be in or out of view."""
        return bool(self._ways)

    def accept(self) -> None:
        """The view is right as it is now: take the room to compare with from what is learned of it."""
        self._anchor = self._difference = None
        self._learned = False

    def feed(self, frame: Bytes, at: float, room: Floats | None = None) -> list[tuple[str, bool]]:
        """Look at one small frame taken at `at` seconds; `room` is the learned room's log luminance, None before."""
        grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
        steady = self._mean(grey)
        self._stillness.feed(frame, grey, steady)
        if self._looked_at is None or not 0 <= at - self._looked_at < _LOOK_S:
            self._looked_at = at
            self._look(log_luminance(steady), room if room is not None and room.shape == grey.shape else None, at)
        before = self._standing()
        verdicts = self._judge(grey, steady)
        for row in _ROWS:
            self._note(row, verdicts[row.way], at)
        now = self._standing()
        return [(name, name in now) for name in FAULTS if (name in now) != (name in before)]

    def _mean(self, grey: Bytes) -> Floats:
        """Of the last second's pictures; another size is another view, of which nothing is known."""
        if self._steady is None or self._steady.shape != grey.shape:
            self._steady, self._stillness, self._looked_at = grey.astype(np.float32), Stillness(), None
            self._anchor = self._difference = None
        cv2.accumulateWeighted(grey, self._steady, _STEADY)
        return self._steady

    def _standing(self) -> set[str]:
        return {row.name for row in _ROWS if row.way in self._ways}

    def _look(self, luminance: Floats, room: Floats | None, at: float) -> None:
        """Compare with the room, which is taken anew when it was learned anew, and followed while all is well."""
        self._bare = bare(luminance)
        learned_anew = room is not None and not self._learned
        self._learned = room is not None
        if room is not None:
            moved_for_good = self._ways == {"moved"} and not self.zoned
            if self._anchor is None or (learned_anew and (moved_for_good or not self._ways)):
                self._anchor = Anchor(room)
            elif not self._ways and not self._since and not 0 <= at - self._followed_at < FOLLOW_S:
                self._followed_at = at
                self._anchor.follow(room)
        self._difference = None if self._anchor is None else self._anchor.compare(luminance)

    def _judge(self, grey: Bytes, steady: Floats) -> dict[str, _Verdict]:
        mean, spread = (float(value[0, 0]) for value in cv2.meanStdDev(steady))
        lit = cv2.countNonZero(cv2.threshold(grey, _LIGHT, 1, cv2.THRESH_BINARY)[1]) / grey.size
        white = cv2.countNonZero(cv2.threshold(grey, _WHITE, 1, cv2.THRESH_BINARY)[1]) / grey.size
        dark = lit < self._limit("dark", _LIT_SHARE) or (self._bare and mean < _DIM)
        blinded = white > self._limit("white", _WHITE_SHARE)
        verdicts: dict[str, _Verdict] = dict.fromkeys([row.way for row in _ROWS])
        verdicts |= {"recurring": self._stillness.recurring, "noiseless": self._stillness.noiseless}
        verdicts |= {"dark": dark, "white": blinded}
        if not dark and not blinded:
            verdicts["covered"] = spread < _PLAIN or self._bare
            if self._difference is not None and not verdicts["covered"]:
                verdicts |= self._against_the_room(self._difference)
        return verdicts

    def _against_the_room(self, now: Difference) -> dict[str, _Verdict]:
        blunt = now.sharpness < self._limit("blunt", _BLUNT)
        hidden = now.gone is not None and now.gone >= self._limit("half_covered", _GONE)
        elsewhere = now.in_place is not None and now.in_place < self._limit("moved", _ELSEWHERE)
        shifted = now.shift >= self._limit("moved", _SHIFT)
        covered = hidden and not blunt and (now.in_place is None or now.in_place >= _REST)
        return {
            "half_covered": covered,
            "blunt": None if covered or shifted else blunt,
            "moved": None if covered or (blunt and not shifted) else shifted or elsewhere,
        }

    def _limit(self, way: str, limits: tuple[float, float]) -> float:
        """To begin, or to go on once it stands."""
        return limits[way in self._ways]

    def _note(self, row: _Row, verdict: _Verdict, at: float) -> None:
        """Let the verdict become the state once it has held for long enough."""
        stands = row.way in self._ways
        if verdict is None or verdict == stands:
            self._since.pop(row.way, None)
            return
        since = self._since[row.way] = min(self._since.get(row.way, at), at)  # clocks go back
        if at - since >= (row.ends_s if stands else row.begins_s):
            del self._since[row.way]
            (self._ways.discard if stands else self._ways.add)(row.way)
