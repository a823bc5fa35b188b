"""What the learned room looked like, and how the present picture differs: moved, half covered, out of focus.

Edges are compared, not grey levels: they stay where they are when a lamp is switched or the camera turns to infra-red,
and their sign, which infra-red may turn over, is not looked at. Upright and level edges are judged apart, since a
camera that is panned keeps its level ones. Whoever walks by hides a few cells of twelve.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from agent.vision.background import LUMINANCE_FLOOR, Floats

_SHADING, _EDGE = 0.01, 0.05  # log units a pixel: what noise and smooth shadows reach, and what is an edge for sure
_FAINT = 0.05  # mean edge strength (0..1) below which a cell has no edges to go by
_PLACES = (4, 3)  # cells across and down in which edges are looked for where they were
_COVERS = (8, 6)  # cells in which edges are missed: a hand's border falls into few of these
_ENOUGH = 4  # cells with edges; fewer do not tell anything
_IN_PLACE = 0.35  # correlation of a cell's edges from which on they are where they were; chance gives 0 +- 0.15
_GONE = 0.3  # of a cell's edges: fewer are left
_CLIPPED, _BLACK = 238.0, 20.0  # grey levels: a cell so bright or dark shows no edges, whatever lies there
_SAME_LIGHT = 0.35  # log units by which the rest may change while a cell that turned black is called covered
_SEARCH = 8  # half pixels each way in which the room is looked for
_FOUND, _BETTER = 0.35, 0.1  # correlation at another place, and by how much it beats that in the old one
FOLLOW_S = 10.0
_FOLLOW = FOLLOW_S / 3600  # furniture is moved, day turns to night
_SHARPER, _DULLER = 0.2, 1e-4  # of ten seconds: a lens that was set is believed soon, one that drifts is not
_BARE = 0.012  # log units a pixel that no smooth shadow reaches
_BARE_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Difference:
    """How a picture differs from the anchor. Shares are 0..1 of the cells that can be judged, None where too few can.

    `shift`: pixels by which the whole room is found elsewhere, 0 where it is not; `in_place`: cells whose edges are
    where they were (the worse of upright and level edges); `gone`: cells that lost theirs; `sharpness`: as a share of
    that when learned.
    """

    shift: int
    in_place: float | None
    gone: float | None
    sharpness: float


@dataclass(frozen=True, slots=True)
class _Look:
    """A picture as it is compared: edge strengths 0..1, both at half size, log luminance of cells."""

    upright: Floats
    level: Floats
    halves: Floats
    cells: Floats


class Anchor:
    """The room to compare with: `room` is its log luminance (h, w), as `log_luminance` gives it."""

    def __init__(self, room: Floats) -> None:
        self.shape = room.shape
        self._room = _look(room)
        self._sharpness = _sharpness(room)

    def compare(self, luminance: Floats) -> Difference:
        """How a picture of the same size (log luminance) differs."""
        room, now = self._room, _look(luminance)
        places = [_in_place(room.upright, now.upright), _in_place(room.level, now.level)]
        judged = [share for share in places if share is not None]
        return Difference(
            shift=_shift(room.halves, now.halves),
            in_place=min(judged) if judged else None,
            gone=_gone(room, now),
            sharpness=_sharpness(luminance) / self._sharpness,
        )

    def follow(self, room: Floats) -> None:
        """Go along with the room, over about an hour: to be called each `FOLLOW_S` seconds while nothing is wrong."""
        seen, sharpness = _look(room), _sharpness(room)
        for name in _Look.__slots__:
            cv2.accumulateWeighted(getattr(seen, name), getattr(self._room, name), _FOLLOW)
        self._sharpness += (_SHARPER if sharpness > self._sharpness else _DULLER) * (sharpness - self._sharpness)


def log_luminance(grey: Floats) -> Floats:
    """Of grey levels, as `Anchor` and `bare` take it."""
    return np.asarray(cv2.log(grey + np.float32(LUMINANCE_FLOOR)), np.float32)


def bare(luminance: Floats) -> bool:
    """Whether nothing in the picture has an edge: a hand, a cloth or paint before the lens, or darkness."""
    across, down = _slopes(luminance, 2.0)
    steep = cv2.countNonZero(np.asarray(cv2.max(across, down) > _BARE, np.uint8))
    return steep < _BARE_SHARE * luminance.size


def _look(luminance: Floats) -> _Look:
    across, down = _slopes(luminance, 1.2)
    upright, level = (np.clip((slope - _SHADING) / _EDGE, 0, 1) for slope in (across, down))
    both = cv2.merge([upright, level])
    half = cv2.resize(both, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _Look(upright, level, np.asarray(half, np.float32), _mean(luminance, _COVERS))


def _slopes(luminance: Floats, soften: float) -> tuple[Floats, Floats]:
    """How steep it is across and down, in log units a pixel, whatever the direction."""
    soft = cv2.GaussianBlur(luminance, (0, 0), soften) if soften else luminance
    across, down = (cv2.Sobel(soft, cv2.CV_32F, one, 1 - one, scale=1 / 8) for one in (1, 0))
    return np.abs(np.asarray(across, np.float32)), np.abs(np.asarray(down, np.float32))


def _mean(values: Floats, cells: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(values, cells, interpolation=cv2.INTER_AREA), np.float32)


def _shift(before: Floats, now: Floats) -> int:
    """Pixels by which the middle of the room as it was is found elsewhere in the picture as it is."""
    if min(before.shape[:2]) <= 4 * _SEARCH:
        return 0
    middle = before[_SEARCH:-_SEARCH, _SEARCH:-_SEARCH]
    fits = cv2.matchTemplate(now, middle, cv2.TM_CCOEFF_NORMED)
    _, best, _, (across, down) = cv2.minMaxLoc(fits)
    if best < _FOUND or best - fits[_SEARCH, _SEARCH] < _BETTER:
        return 0
    return 2 * max(abs(across - _SEARCH), abs(down - _SEARCH))


def _in_place(before: Floats, now: Floats) -> float | None:
    mean, present = _mean(before, _PLACES), _mean(now, _PLACES)
    judged = (mean > _FAINT) & (present > _FAINT)
    if np.count_nonzero(judged) < _ENOUGH:
        return None
    together = _mean(before * now, _PLACES) - mean * present
    spread = (_mean(before * before, _PLACES) - mean**2) * (_mean(now * now, _PLACES) - present**2)
    alike = together / np.sqrt(np.maximum(spread, 1e-9))
    return float(np.mean(alike[judged] >= _IN_PLACE))


def _gone(before: _Look, now: _Look) -> float | None:
    """The share of cells with edges that have none now; what is clipped, or black while the light changed, is not."""
    edges = _mean(before.upright + before.level, _COVERS)
    had = edges > 2 * _FAINT
    lost = had & (_mean(now.upright + now.level, _COVERS) < _GONE * edges)
    stays = had & ~lost
    change = abs(float(np.median((now.cells - before.cells)[stays]))) if stays.any() else 0.0
    judged = had & (now.cells < np.log(_CLIPPED + LUMINANCE_FLOOR))
    if change > _SAME_LIGHT:
        judged &= now.cells > np.log(_BLACK + LUMINANCE_FLOOR)
    count = np.count_nonzero(judged)
    return float(np.count_nonzero(lost & judged) / count) if count >= _ENOUGH else None


def _sharpness(luminance: Floats) -> float:
    """How much steeper the picture is than the same picture softened: a lens out of focus leaves little to soften."""
    fine, soft = (sum(cv2.norm(slope, cv2.NORM_L2SQR) for slope in _slopes(luminance, by)) for by in (0.0, 3.0))
    return float(np.sqrt((fine + 1e-6) / (soft + 1e-6)))
