"""How far a long command is: a line on stderr each two seconds, for whoever waits."""

import sys
import time
from collections.abc import Callable

from agent.cli.language import say

PROGRESS_S = 2.0


class Progress:
    """Begins to wait when it is made; `waited_s` is how long ago that is."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()

    @property
    def waited_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    def tell(self, words: Callable[[], str]) -> None:
        """Say `words` in one line, if it is time to say something."""
        now = time.monotonic()
        if now - self._told >= PROGRESS_S:
            self._told = now
            sys.stderr.write(f"{say('nightlamp: ', 'nightlamp：')}{words()}\n")
