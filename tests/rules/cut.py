"""A home that is lived twice: once unbroken, once cut by restarts, each of which takes up what was remembered."""

import json
import math
import random
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum

from agent.detection.event import Event
from agent.memory import AWAKE, Sleep
from agent.residents import Site, Subject
from agent.rules.finding import Said
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.row import RuleRow
from agent.rules.settings import RuleSettings
from tests.rules.ward import at

ALL = 1_000_000


def rested(before: RuleHost, rows: Iterable[RuleRow], now: float, sleep: Sleep = AWAKE) -> RuleHost:
    """A fresh host that takes up all that `before` remembers, by way of JSON; each memory must fit."""
    after = RuleHost(Ground.of(before.ground.site, before.ground.settings), tuple(rows))
    for one in before.memories(ALL):
        facts = json.loads(json.dumps(one.facts, allow_nan=False))
        why = after.remember(replace(one, facts=facts), sleep, now)
        assert why == "", (one, why)
    return after


class Twice:
    """`whole` and `cut`: what both say must be the same, word for word."""

    def __init__(self, site: Site, rows: Iterable[RuleRow], dice: random.Random, cuts: float) -> None:
        self._rows = tuple(rows)
        self._dice = dice
        self._cuts = cuts  # the probability of one before each event
        self.whole = RuleHost(Ground.of(site, RuleSettings()), self._rows)
        self.cut = RuleHost(Ground.of(site, RuleSettings()), self._rows)
        self.deaths = 0
        self._second = 0.0

    def live(self, events: Iterable[Event], until: float) -> Iterator[tuple[float, list[Said], list[Said]]]:
        """(time, what the unbroken life says, what the other says) wherever either says something."""
        for event in events:
            yield from self._to(event.at)
            if self._dice.random() < self._cuts:
                self.cut = rested(self.cut, self._rows, event.at)
                self.deaths += 1
            now = at(event.at)
            said, also = self.whole.feed(event, now), self.cut.feed(event, now)
            if said or also:
                yield event.at, said, also
        yield from self._to(until)

    def _to(self, end: float) -> Iterator[tuple[float, list[Said], list[Said]]]:
        """Ticks at whole seconds, when somebody wants to be asked."""
        while (due := max(min(self.whole.due, self.cut.due), self._second)) <= end:
            self._second = math.ceil(due) + (math.ceil(due) == self._second)
            if self._second > end:
                self._second = max(self._second - 1, 0.0)
                return
            now = at(self._second)
            said, also = self.whole.tick(now), self.cut.tick(now)
            if said or also:
                yield self._second, said, also


def learned(host: RuleHost) -> dict[tuple[str, str], object]:
    """All that each rule of `host` knows, whether it names it as kept or not."""
    found: dict[tuple[str, str], object] = {("ward", ""): _known(host.ground.ward)}
    for (name, about), place in host._places.items():
        if place.rule is not None:
            found[name, about.id] = _known(place.rule)
    return found


def _known(whole: object) -> object:
    """The values in an object, to compare two of them; what stands in the site facts is the same for both."""
    match whole:
        case bool() | int() | float() | str() | None | Enum():
            return whole
        case Mapping():
            return {str(key): _known(value) for key, value in whole.items()}
        case set() | frozenset():
            return sorted(map(str, whole))
        case list() | tuple() | deque():
            return [_known(one) for one in whole]
        case Ground() | Site() | Subject() | RuleSettings():
            return None
    if callable(whole):
        return None
    slots = [name for one in type(whole).__mro__ for name in getattr(one, "__slots__", ())]
    names = {*(slots or vars(whole))} - {"due"}  # a calendar's next look at the day: judged by what is said
    return {name: _known(getattr(whole, name)) for name in sorted(names)}
