"""What a meter has counted, as use over time. Pure."""

from collections import deque
from functools import partial

from agent.memory import AT, NUMBER, Form, maybe, part, series, together


class Counter:
    """One meter: each reading gives what was used since the last; one that goes backwards was exchanged."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._value: float | None = None
        self._uses: deque[tuple[float, float]] = deque()
        self.heard_at: float | None = None
        self.since = 0.0  # from when on all use is known

    def count(self, value: float, at: float) -> float:
        """Take a reading; gives what was used since the one before."""
        used = 0.0 if self._value is None else max(0.0, value - self._value)
        if self._value is None:
            self.since = at
        self._value, self.heard_at = value, at
        if used > 0:
            self._uses.append((at, used))
        while self._uses and self._uses[0][0] <= at - self._keep_s:
            self._uses.popleft()
        return used

    def used_since(self, start: float) -> float:
        """What was used after monotonic `start`."""
        return round(sum(used for at, used in self._uses if at > start), 6)


def counter(keep_s: float | None = None) -> Form:
    """What a meter remembers: the one that stands there, or one made anew that keeps uses for `keep_s`."""
    make = None if keep_s is None else partial(Counter, keep_s)
    return part(make, _value=maybe(NUMBER), _uses=series(together(AT, NUMBER)), heard_at=maybe(AT), since=AT)
