"""Assessments that are too old, as tasks (domain 1, row 15; GB/T 42195)."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import COUNT, FLAG, Keeps, Sleep, maybe
from agent.moment import DAY_S, Moment
from agent.residents import Subject
from agent.rules.calendar import day_of
from agent.rules.finding import Task
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope, residents
from agent.rules.rule import Rule

_LOOK_AGAIN_S = 3600.0  # the clock may be set only later
_MORNING_S = 8 * 3600.0


class AssessmentRule(Rule):
    """One resident: a task on the morning when the last assessment is older than `assessment_days`."""

    keeps = Keeps(
        1,
        _assessed=maybe(COUNT),
        _asked=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._subject = about
        resident = ground.site.residents.get(about.id)
        self._assessed = day_of(resident.assessed_on) if resident else None
        self._asked = False
        self.due = -math.inf

    def remember(self, facts: Mapping[str, Any], sleep: Sleep) -> None:
        """What it remembered, unless a later day stands in the site facts by now."""
        written = self._assessed
        super().remember(facts, sleep)
        if written is not None and (self._assessed is None or written > self._assessed):
            self._assessed, self._asked = written, False

    def feed(self, event: Event, now: Moment) -> Iterable[Task]:
        """The end of the task: an assessment was made, or one is known from before a restart."""
        if not isinstance(event, Act) or not now.wall_known:
            return
        if event.name == "assessed" or event.value == "assessment_due":
            day = int((now.wall + now.offset_s + event.at - now.monotonic) // DAY_S)
            if self._assessed is None or day >= self._assessed:
                self._assessed, self._asked = day, False
                why = (because("assessed", by=event.actor),)
                yield Task("assessment_due", self._subject, now.monotonic, why, active=False)
            self.due = now.monotonic

    def tick(self, now: Moment) -> Iterable[Task]:
        """A task once it is too old; one that was never made counts as such only where a date was ever written."""
        if self._asked or self._assessed is None:
            self.due = math.inf
            return
        if not now.wall_known:
            self.due = now.monotonic + _LOOK_AGAIN_S
            return
        due_day = self._assessed + int(self._ground.settings.care.assessment_days) + 1
        left_s = due_day * DAY_S + _MORNING_S - (now.wall + now.offset_s)
        if left_s > 0:
            self.due = now.monotonic + min(left_s, DAY_S)  # a day at most: the clock may be set meanwhile
            return
        self._asked, self.due = True, math.inf
        why = (because("assessed_ago", days=now.day - self._assessed),)
        yield Task("assessment_due", self._subject, now.monotonic, why)


ASSESSMENT_ROW = RuleRow("assessment", AssessmentRule, Scope.SUBJECT, acts=("assessed", "task_done"), watches=residents)
