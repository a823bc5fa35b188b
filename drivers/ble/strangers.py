"""Devices that nobody adopted: their address is shown to the installer; nothing that they say is ever used."""

from collections.abc import Callable

OnUnknown = Callable[[str, str], None]

REMEMBERED = 512  # addresses; phones change theirs every 15 minutes, so there is no end of them
EVERY_S = 0.5  # a crowd of phones, or somebody who makes addresses up, must not flood the display
NAME_LETTERS = 40


class Strangers:
    """Tells `on_unknown(address, name)` once for each address, at most one every `EVERY_S` seconds.

    One heard within that time is told when it is heard next. `name` is what the stranger calls itself: cut to
    `NAME_LETTERS`, with nothing in it that cannot be printed.
    """

    def __init__(self, on_unknown: OnUnknown) -> None:
        self._on_unknown = on_unknown
        self._told: dict[str, None] = {}
        self._told_at = -EVERY_S

    def heard(self, address: str, name: str, at: float) -> None:
        """A stranger advertised at `at` (CLOCK_MONOTONIC seconds)."""
        if address in self._told or at - self._told_at < EVERY_S:
            return
        self._told_at = at
        self._told[address] = None
        if len(self._told) > REMEMBERED:
            del self._told[next(iter(self._told))]
        self._on_unknown(address, "".join(letter for letter in name[:NAME_LETTERS] if letter.isprintable()))
