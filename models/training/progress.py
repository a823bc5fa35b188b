"""Progress on the terminal."""

import sys
import time


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Remaining:
    """How long the rest takes, if it goes on like this."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._begun = total, 0, time.monotonic()

    def step(self) -> str:
        """One of the total is done: how many, and the minutes to go."""
        self._done += 1
        left = (time.monotonic() - self._begun) / self._done * (self._total - self._done)
        return f"{self._done}/{self._total}, {left / 60:.1f} min to go"
