"""Which pages and terminals could be heard now: those that answer their stream and say that they sound. Pure.

An open connection proves nothing: a tablet that sleeps keeps its own for minutes.
"""

import secrets
from collections.abc import Callable

HEARD_FOR_S = 5.0  # after an answer; a page answers at each beat of its stream, at least every two seconds


class Hearing:
    """`opened` and `closed` by the streams, `answered` by who reads them."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: dict[str, float] = {}  # stream -> how long it counts

    @property
    def count(self) -> int:
        """How many would be heard now."""
        now = self._now()
        return sum(now < until for until in self._until.values())

    def opened(self) -> str:
        """The name of a stream that begins; nobody has answered it."""
        stream = secrets.token_urlsafe(9)
        self._until[stream] = float("-inf")
        return stream

    def closed(self, stream: str) -> None:
        """It has ended."""
        del self._until[stream]

    def answered(self, stream: str, sounds: bool) -> bool:
        """Who reads `stream` lives, and would be heard or not; gives whether there is such a stream."""
        if stream not in self._until:
            return False
        self._until[stream] = self._now() + HEARD_FOR_S if sounds else float("-inf")
        return True
