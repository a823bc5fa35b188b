"""How often a condition has begun lately: one that comes and goes is one alarm, not many. Pure."""

from collections import deque

from agent.alarms.book import Key
from agent.alarms.settings import ChatterSettings


class Onsets:
    """Times at which each condition began, as far as they still count."""

    def __init__(self, settings: ChatterSettings) -> None:
        self._settings = settings
        self._times: dict[Key, deque[float]] = {}

    def began(self, key: Key, at: float) -> bool:
        """It begins at monotonic `at`; gives whether it chatters."""
        times = self._times.setdefault(key, deque(maxlen=self._settings.onsets))
        times.append(at)
        return self._count(key, at) >= self._settings.onsets

    def settle_s(self, key: Key, at: float, *, chattering: bool) -> float:
        """How long it must be well now before it counts as over: nothing the first time."""
        if chattering:
            return self._settings.within_s
        return self._settings.settle_s if self._count(key, at) > 1 else 0.0

    def _count(self, key: Key, now: float) -> int:
        return sum(now - at < self._settings.within_s for at in self._times.get(key, ()))
