"""What a camera says about its own picture: frozen, dark, covered."""

from collections.abc import Callable

import cv2
import numpy as np

from agent.vision.background import Bytes

# A picture is wrong once it was so for this long: longer than any hand in front of the lens or lamp switched.
_PATIENCE_S = {"picture_frozen": 10.0, "picture_dark": 5.0, "picture_covered": 10.0}
_DARK = 12.0  # mean grey level: nothing but sensor noise
_PLAIN = 4.0  # spread of grey levels: a hand, a cloth or paint on the lens


class PictureChecks:
    """Turns frames into changes of state: `feed` gives ``(name, value)`` when one begins or ends."""

    def __init__(self) -> None:
        self._before: Bytes | None = None
        self._since: dict[str, float] = {}
        self._now: set[str] = set()

    def feed(self, frame: Bytes, at: float) -> list[tuple[str, bool]]:
        """Look at one small frame taken at `at` seconds."""
        wrong = {name for name, test in _TESTS.items() if test(frame)}
        # A live sensor has noise in every frame: two that are the same to the last bit are one frame sent twice.
        if self._before is not None and np.array_equal(frame, self._before):
            wrong.add("picture_frozen")
        if "picture_dark" in wrong:
            wrong.discard("picture_covered")
        self._before = frame
        return [change for name in _PATIENCE_S if (change := self._judge(name, name in wrong, at)) is not None]

    @property
    def wrong(self) -> bool:
        """Whether any fault stands: then nobody can be said to be in or out of view."""
        return bool(self._now)

    def _judge(self, name: str, wrong: bool, at: float) -> tuple[str, bool] | None:
        if not wrong:
            self._since.pop(name, None)
            if name in self._now:
                self._now.remove(name)
                return name, False
            return None
        since = min(self._since.setdefault(name, at), at)
        if name in self._now or at - since < _PATIENCE_S[name]:
            return None
        self._now.add(name)
        return name, True


def _dark(frame: Bytes) -> bool:
    return float(np.mean(cv2.mean(frame)[:3])) < _DARK


def _covered(frame: Bytes) -> bool:
    _, spread = cv2.meanStdDev(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    return float(spread[0, 0]) < _PLAIN


_TESTS: dict[str, Callable[[Bytes], bool]] = {"picture_dark": _dark, "picture_covered": _covered}
