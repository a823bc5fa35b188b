"""Falls in safe mode: nothing new is judged, and what was being judged when the core died is raised. Pure."""

import math
from collections.abc import Iterable
from dataclasses import replace

from agent.moment import Moment
from agent.rules.fall import FALL_ROW, FallRule
from agent.rules.finding import Priority, Said
from agent.rules.reason import because


class UnjudgedFallRule(FallRule):
    """Stands in for the rule of a room, with its memory, and hears nothing.

    Nobody waits for somebody to get up or to answer: a fall is high at once, and so is a question, unless staff have
    come since (left) or whoever was asked got up before (low).
    """

    def tick(self, now: Moment) -> Iterable[Said]:
        """The last word of each fall that is not high yet."""
        why = because("nobody_judges")
        for fall in list(self._falls):
            if fall.priority is None:
                yield from self._unanswered(fall, now, why, Priority.HIGH)
            elif fall.priority is not Priority.HIGH:
                fall.priority = Priority.HIGH
                yield self._finding(fall, now, (why,))
        self.due = self._next()

    def _next(self) -> float:
        judged = all(fall.priority is Priority.HIGH for fall in self._falls)
        return math.inf if judged else -math.inf


UNJUDGED_FALL_ROW = replace(FALL_ROW, build=UnjudgedFallRule, quantities=(), observations=())
