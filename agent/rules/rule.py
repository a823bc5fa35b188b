"""What every rule is."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Priority, Said


class Rule:
    """One rule watching one subject (a resident, a place, a device); pure, so time comes in as a value.

    `feed` and `tick` speak when a verdict changes, never once a reading: a `Finding` with `active=True` when it starts
    to matter or matters more, with `active=False` when it ends. `due` is the monotonic time of the next tick that the
    rule needs (inf: none); it is looked at after each call. A tick may come late, and comes at most once a second.
    """

    due: float = math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """Take one event about the subject."""
        raise NotImplementedError

    def resume(self, priority: Priority, at: float, subject: Subject) -> None:
        """An alarm of this rule about `subject` was raised at monotonic `at`, before a restart, and is open."""

    def tick(self, now: Moment) -> Iterable[Said]:
        """Let time pass: called when `due` has come."""
        return ()
