"""Whether a resident is in bed, out of all that speaks of it: bed sensors, radars, cameras. Pure.

Only a change of a device's own word counts, so that a sensor that is stuck cannot outvote one that moves; the newest
change wins. Back for a moment is flicker.
"""

import math

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.memory import FLAG, HEARD, TEXT, maybe, part, table
from drivers.reading import Quality, Reading


class BedSense:
    """One resident's bed: `occupied` (None: nobody has said) `since` monotonic seconds; `left`: by a departure."""

    def __init__(self, flicker_s: float) -> None:
        self._flicker_s = flicker_s
        self._words: dict[str, bool] = {}  # device -> its last word
        self._back_at: float | None = None
        self.occupied: bool | None = None
        self.since = -math.inf
        self.left = False

    @property
    def due(self) -> float:
        """When somebody who came back counts as back."""
        return math.inf if self._back_at is None else self._back_at + self._flicker_s

    def take(self, event: Event) -> bool:
        """Whether `event` changes the state at once; being back is told by `settle`."""
        word = occupancy(event)
        if word is None:
            return False
        device = event.device  # type: ignore[union-attr]
        if self._words.get(device) == word:
            return False
        self._words[device] = word
        if not word:
            self._back_at = None
            return self._become(False, event.at)
        if self.occupied is None:
            return self._become(True, event.at)
        if self.occupied is False and self._back_at is None:
            self._back_at = event.at
        return self.settle(event.at)

    def settle(self, now: float) -> bool:
        """Whether somebody who came back has stayed long enough by now."""
        if self._back_at is None or now - self._back_at < self._flicker_s:
            return False
        at, self._back_at = self._back_at, None
        return self._become(True, at)

    def _become(self, occupied: bool, at: float) -> bool:
        if self.occupied is occupied:
            return False
        self.left = self.occupied is True
        self.occupied, self.since = occupied, at
        return True


def occupancy(event: Event) -> bool | None:
    """What `event` says of the bed: occupied, empty, or nothing that can be trusted."""
    if isinstance(event, Observation):
        return event.value if event.name == "in_bed" else None
    if not isinstance(event, Reading) or event.quantity != "bed_occupied" or event.stored:
        return None
    return bool(event.value) if event.quality is Quality.GOOD else None


BED_SENSE = part(_words=table(TEXT, FLAG), _back_at=maybe(HEARD), occupied=maybe(FLAG), since=HEARD, left=FLAG)
BED_QUANTITIES = ("bed_occupied",)
BED_OBSERVATIONS = ("in_bed",)
