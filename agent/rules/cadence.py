"""How often a device tells a quantity, found out from what it tells. Pure."""

from collections import deque
from itertools import pairwise

from agent.memory import HEARD, part, series

FLOOR_S, CEILING_S = 30.0, 150.0
SPAN = 2.5  # two values, and half a one for lateness
LATE = 1.25  # one value, and how late it may be
SOON_S = 25.0  # no jump, but a fall, when it took two values of a device that tells less than each ten seconds


class Cadence:
    """The last intervals between values of one quantity."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=6)

    def note(self, at: float) -> None:
        """A value came at monotonic `at`, whatever its quality."""
        self._times.append(at)

    @property
    def interval_s(self) -> float:
        """The median of the intervals that were noted; 0: nothing is known."""
        times = list(self._times)
        steps = sorted(later - earlier for earlier, later in pairwise(times))
        return steps[len(steps) // 2] if steps else 0.0

    @property
    def soon_s(self) -> float:
        """The time in which what a device tells has jumped: two values of a quick one, one of a slow one."""
        interval = self.interval_s
        return max(min(SPAN * interval, SOON_S), LATE * interval, SPAN)

    @property
    def vouches_s(self) -> float:
        """How long a value speaks for the time after it: longer silence is the silent-device rule's business."""
        return min(max(SPAN * self.interval_s, FLOOR_S), CEILING_S)


CADENCE = part(_times=series(HEARD))
