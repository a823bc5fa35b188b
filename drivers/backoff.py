"""How long to wait before the next try: doubling, capped, jittered so that a ward of devices does not call in step."""

import random
from collections.abc import Callable


class Backoff:
    """Waits in seconds: about `first`, doubling to at most `cap`; `reset` after a success.

    Each is drawn evenly from the upper half of its step ("equal jitter"), so it is never zero and never over `cap`.
    """

    def __init__(self, first: float = 0.5, cap: float = 30.0, draw: Callable[[], float] = random.random) -> None:
        self._first = first
        self._cap = cap
        self._draw = draw
        self._tries = 0

    def next(self) -> float:
        """Seconds to wait now; the following wait is longer."""
        step = min(self._cap, self._first * 2.0 ** min(self._tries, 30))
        self._tries += 1
        return step * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        """The last try succeeded: begin at `first` again."""
        self._tries = 0
