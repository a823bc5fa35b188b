"""`nightlamp` with rules that fail, for tests: `python -m tests.end_to_end.mad_rules run --config DIR`.

Before the rules of the house, every device gets one that raises at each event, one that raises as time passes, one
that cannot even be built, and one that fails on a certain reading.
"""

from collections.abc import Iterable
from typing import NoReturn

from agent.residents import Site
from agent.rules import registry
from agent.rules.finding import Finding
from agent.rules.rule import Event
from agent.rules.settings import RuleSettings
from drivers.reading import Reading


class _Raises:
    """Fails whatever it is asked; `feeds` or `ticks` False: not there."""

    def __init__(self, feeds: bool, ticks: bool) -> None:
        self._feeds, self._ticks = feeds, ticks

    def feed(self, event: Event, now: float) -> Iterable[Finding]:
        if self._feeds:
            raise ValueError("this rule always fails")
        return ()

    def tick(self, now: float) -> Iterable[Finding]:
        if self._ticks:
            raise ZeroDivisionError
        return ()


class _Shy:
    """Fails on a long press alone, in the middle of telling what it found."""

    def feed(self, event: Event, now: float) -> Iterable[Finding]:
        yield from ()
        if isinstance(event, Reading) and event.value == "long":
            raise KeyError(event.value)

    def tick(self, now: float) -> Iterable[Finding]:
        return ()


def _never(site: Site, device: str, settings: RuleSettings) -> NoReturn:
    raise RuntimeError("this rule cannot be built")


_QUANTITIES = ("button", "smoke")
MAD = (
    registry.RuleRow("mad_feed", lambda *_: _Raises(feeds=True, ticks=False), _QUANTITIES, life_safety=True),
    registry.RuleRow("mad_tick", lambda *_: _Raises(feeds=False, ticks=True), _QUANTITIES, life_safety=True),
    registry.RuleRow("mad_build", _never, life_safety=True, all_devices=True),
    registry.RuleRow("mad_reading", lambda *_: _Shy(), _QUANTITIES, life_safety=True),
)


def main() -> None:
    """As `nightlamp`."""
    registry.ROWS = (*MAD, *registry.ROWS)  # before the host, which takes them when it is imported
    from agent.cli.main import main as nightlamp

    nightlamp()


if __name__ == "__main__":
    main()
