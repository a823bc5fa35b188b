"""The middle of what a device told lately, so that one odd value is not taken for the person. Pure."""

from collections import deque

from agent.memory import AT, NUMBER, part, series, together

KEPT = 11  # values: five of them may be wrong
EVERY_S = 30.0  # one is kept each so often


class Recent:
    """One quantity of one person: a value each half minute, of the last five minutes or so."""

    def __init__(self, every_s: float = EVERY_S, kept: int = KEPT) -> None:
        self._every_s = every_s
        self._values: deque[tuple[float, float]] = deque(maxlen=kept)  # (time, value)
        self._middle: float | None = None  # of all of them; None: to be looked for

    def take(self, value: float, at: float) -> bool:
        """A trusted value at monotonic `at`; whether it was kept, because enough time has passed since the last."""
        if self._values and 0.0 <= at - self._values[-1][0] < self._every_s:
            return False
        self._values.append((at, value))
        self._middle = None
        return True

    def middle(self, now: float, age_s: float) -> float | None:
        """The median of what is not older than `age_s` at `now`, of two the lower; None: there is nothing."""
        if not self._values or now - self._values[0][0] > age_s:
            return _middle([value for at, value in self._values if now - at <= age_s])
        if self._middle is None:
            self._middle = _middle([value for _, value in self._values])
        return self._middle


def _middle(values: list[float]) -> float | None:
    return sorted(values)[(len(values) - 1) // 2] if values else None


RECENT = part(Recent, _values=series(together(AT, NUMBER)))
