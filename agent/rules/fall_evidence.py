"""What speaks for a fall, and how much: evidence from several sensors within a window, by weights that are data."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.residents import DeviceRole, Site
from agent.rules.reason import Reason, because
from agent.rules.settings.fall import FallWeights
from drivers.reading import Quality, Reading

SOURCES = ("camera", "radar", "belt", "button")  # a second one of these makes a fall high; the rest only adds weight


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence: its kind is a field of `FallWeights`; `source` is what it stems from."""

    kind: str
    device: str
    at: float
    score: float = 1.0

    @property
    def source(self) -> tuple[str, str]:
        """What it stems from; the same camera seeing them lie is no second source."""
        return self.device, "camera" if self.kind == "on_floor" else self.kind

    def weight(self, weights: FallWeights) -> float:
        """What it is worth."""
        return float(getattr(weights, self.kind)) * self.score

    def reason(self, last: float) -> Reason:
        """In words, with how long before the last piece it was."""
        return because("evidence", evidence=self.kind, device=self.device, score=self.score, before_s=last - self.at)


def piece_of(event: Event, site: Site) -> Piece | None:
    """The evidence in `event`; None when there is none."""
    if isinstance(event, Observation):
        if event.name == "fall" and event.value:
            return Piece("camera", event.device, event.at, event.score)
        if event.name == "low_on_floor" and event.value:
            return Piece("on_floor", event.device, event.at, event.score)
        return None
    if not isinstance(event, Reading) or event.stored:
        return None
    if event.quantity == "body_fall" and event.value == "fall":
        binding = site.bindings.get(event.device)
        carried = binding is not None and binding.role is DeviceRole.WEARABLE
        return Piece("belt" if carried else "radar", event.device, event.at)
    if event.quantity == "button" and event.value != "release":
        return Piece("button", event.device, event.at)
    if event.quantity == "bed_occupied" and event.value is False and event.quality is Quality.GOOD:
        return Piece("bed_left", event.device, event.at)
    return None


def certainty(pieces: Iterable[Piece], weights: FallWeights) -> float:
    """How sure all pieces together are, 0 to 1; another piece never makes it less."""
    return 1.0 - prod(1.0 - piece.weight(weights) for piece in pieces)


def sources(pieces: Iterable[Piece]) -> int:
    """How many independent sources speak."""
    return len({piece.source for piece in pieces if piece.source[1] in SOURCES})


def said_to_recover(event: Event) -> bool:
    """Whether `event` says that whoever fell stands again."""
    if isinstance(event, Observation):
        return event.name == "recovered"
    return isinstance(event, Reading) and event.quantity == "body_fall" and event.value == "recovered"
