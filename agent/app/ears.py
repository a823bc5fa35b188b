"""Whether anybody can hear an alarm here: the sounder with one buzzer that works, or a panel that sounds."""

from collections.abc import Callable

DEBOUNCE_S = 5.0  # a sounder that was killed is back by then
NOT_HEARD_YET = "not heard yet"


class Ears:
    """`tell` gets why nobody hears once that has lasted, and an empty text as long as somebody does.

    `panels`: how many would be heard now. `can_sound`: whether any output is there to be heard; without one there is
    nothing to lose, and a part of its own says so.
    """

    def __init__(self, can_sound: bool, panels: Callable[[], int], tell: Callable[[str], None], now: float) -> None:
        self._can_sound = can_sound
        self._panels = panels
        self._tell = tell
        self._mute = NOT_HEARD_YET
        self._since = now

    def sounder(self, why: str, now: float) -> None:
        """The sounder cannot be heard because of `why`, or it can (empty)."""
        self._mute = why
        self.look(now)

    def look(self, now: float) -> None:
        """Each second, since panels come and go without a word."""
        if not self._can_sound or not self._mute or self._panels():
            self._since = now
            self._tell("")
        elif now - self._since >= DEBOUNCE_S:
            self._tell(self._mute)
