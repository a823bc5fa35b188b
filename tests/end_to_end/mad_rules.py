"""`nightlamp` with rules that fail, for tests: `python -m tests.end_to_end.mad_rules run --config DIR`.

Before the rules of the house, every device gets one that raises at each event, one that raises as time passes, one
that cannot even be built, and one that fails on a certain reading.
"""

import math
from collections.abc import Iterable
from typing import NoReturn

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules import registry
from agent.rules.finding import Finding
from agent.rules.ground import Ground
from agent.rules.row import Build, RuleRow, Scope, bound_devices
from agent.rules.rule import Rule
from drivers.reading import Reading


class _Raises(Rule):
    """Fails whatever it is asked; `feeds` or `ticks` False: not there."""

    def __init__(self, feeds: bool, ticks: bool) -> None:
        self._feeds, self._ticks = feeds, ticks
        self.due = -math.inf if ticks else math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        if self._feeds:
            raise ValueError("this rule always fails")
        return ()

    def tick(self, now: Moment) -> Iterable[Finding]:
        if self._ticks:
            raise ZeroDivisionError
        return ()


class _Shy(Rule):
    """Fails on a long press alone, in the middle of telling what it found."""

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        yield from ()
        if isinstance(event, Reading) and event.value == "long":
            raise KeyError(event.value)


def _never(ground: Ground, about: Subject) -> NoReturn:
    raise RuntimeError("this rule cannot be built")


def _row(name: str, build: Build) -> RuleRow:
    return RuleRow(name, build, Scope.DEVICE, quantities=("button", "smoke"), life_safety=True)


MAD = (
    _row("mad_feed", lambda *_: _Raises(feeds=True, ticks=False)),
    _row("mad_tick", lambda *_: _Raises(feeds=False, ticks=True)),
    RuleRow("mad_build", _never, Scope.DEVICE, every_word=True, life_safety=True, watches=bound_devices),
    _row("mad_reading", lambda *_: _Shy()),
)


def main() -> None:
    """As `nightlamp`."""
    registry.ROWS = (*MAD, *registry.ROWS)  # before the host, which takes them when it is imported
    from agent.cli.main import main as nightlamp

    nightlamp()


if __name__ == "__main__":
    main()
