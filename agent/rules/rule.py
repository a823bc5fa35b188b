"""What every rule is."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from agent.detection.event import Event
from agent.memory import Keeps, Sleep
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Priority, Said


class Rule(ABC):
    """One rule watching one subject (a resident, a place, a device); pure, so time comes in as a value.

    `feed` and `tick` speak when a verdict changes, never once a reading: a `Finding` with `active=True` when it starts
    to matter or matters more, with `active=False` when it ends. `due` is the monotonic time of the next tick that the
    rule needs (inf: none); it is looked at after each call. A tick may come late, and comes at most once a second.
    `keeps`: what it remembers over a restart, `due` among it; None: a restart is a new beginning. `goes_on`: it
    does so under other site facts as well, whoever is there now.
    """

    due: float = math.inf
    keeps: ClassVar[Keeps | None] = None
    goes_on: ClassVar[bool] = False
    _said_normal: bool = False  # that all is well, once at the start: an alarm from before a restart can end
    _watched: bool = True  # False: by the site facts it does not concern its subject, and takes nothing up

    @abstractmethod
    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """Take one event about the subject."""

    def resume(self, priority: Priority, at: float, subject: Subject) -> None:
        """An alarm of this rule about `subject` was raised at monotonic `at`, before a restart, and is open."""
        return  # most rules judge anew what they hear

    def tick(self, now: Moment) -> Iterable[Said]:
        """Let time pass: called when `due` has come."""
        return ()

    def unsure(self) -> None:
        """An alarm of it may be open that it does not remember: once all is well it says so again."""
        self._said_normal = False

    def memory(self) -> dict[str, Any]:
        """What it remembers, as JSON values; empty: nothing."""
        return self.keeps.fields.of(self) if self.keeps is not None else {}

    def remember(self, facts: Mapping[str, Any], sleep: Sleep) -> None:
        """Take up what it remembered before a restart; raises `UnfitError`, and then must be built anew."""
        if self.keeps is not None and self._watched:
            self.keeps.fields.into(self, facts, sleep)
