"""What speaks for a fall, and how much: evidence of several sensors within a window, by weights that are data. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from math import prod

from agent.rules.reason import Reason, because
from agent.rules.settings.fall import FallSettings

SIGNS = frozenset({"camera", "on_floor", "radar", "belt", "unworn"})  # only these say that somebody fell
BUTTON = "button"


class Weight(IntEnum):
    """What evidence is worth, ordered: more evidence never makes it less."""

    NOTHING = 0
    ASK = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: `kind` is a field of `FallWeights`; `resident`: whose device it is, if anybody's."""

    kind: str
    device: str
    at: float
    score: float = 1.0
    resident: str = ""

    @property
    def source(self) -> tuple[str, bool]:
        """What counts once: a device; but the hand that presses its button is another witness than its sensor."""
        return self.device, self.kind == BUTTON

    def strength(self, settings: FallSettings) -> float:
        """How probable a fall is by this piece alone."""
        return self.score * float(getattr(settings.weights, self.kind))

    def why(self, now: float) -> Reason:
        """As staff read it."""
        ago_s = max(0.0, now - self.at)
        return because("evidence", evidence=self.kind, device=self.device, score=self.score, before_s=ago_s)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What some pieces are worth, and the probability of a fall that this rests on."""

    weight: Weight
    certainty: float


def weigh(pieces: Iterable[Piece], settings: FallSettings) -> Weighed:
    """Weigh the pieces of one window: each source counts once, by its strongest word, and their order means nothing.

    Sources are taken as independent: together they are as probable as at least one of them being right. What is no sign
    of a fall by itself only strengthens signs that are worth asking about. Two signs worth asking about, or one and a
    button, are high whatever the sum.
    """
    strongest: dict[tuple[str, bool], float] = {}
    signs: dict[tuple[str, bool], float] = {}
    for piece in pieces:
        strength = piece.strength(settings)
        strongest[piece.source] = max(strength, strongest.get(piece.source, 0.0))
        if piece.kind in SIGNS:
            signs[piece.source] = max(strength, signs.get(piece.source, 0.0))
    carried, certainty = _either(signs.values()), _either(strongest.values())
    if carried < settings.ask_at:
        return Weighed(Weight.NOTHING, carried)
    witnesses = [source for source, strength in signs.items() if strength >= settings.ask_at]
    witnesses += [source for source in strongest if source[1]]
    if len(witnesses) > 1 or (len(strongest) > 1 and certainty >= settings.high_at):
        return Weighed(Weight.HIGH, certainty)
    return Weighed(Weight.MEDIUM if certainty >= settings.raise_at else Weight.ASK, certainty)


def _either(strengths: Iterable[float]) -> float:
    """The probability that at least one of them is right; rounded, so that their order leaves no trace."""
    return round(1.0 - prod(1.0 - strength for strength in strengths), 6)
