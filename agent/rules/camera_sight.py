"""What a camera says about its own sight: a fall there would not be seen (domain 3.5).

The running core judges these words where it supervises the vision process (`agent.app.parts`), since a dead process
and a dark picture are one thing to it and must survive its restart; a replay has no process, and judges them here.
"""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule

FAULTS = (
    "no_frames",
    "picture_frozen",
    "picture_dark",
    "picture_overexposed",
    "picture_covered",
    "picture_blurred",
    "camera_moved",
    "frame_rate_low",
)


class CameraSightRule(Rule):
    """One camera; it is blind while any of its faults lasts. That it is still learning its room is no fault."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._subject = about
        self._faults: set[str] = set()
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding for each fault that comes, and one when the last has gone."""
        if not isinstance(event, Observation):
            return
        known = event.name in self._faults
        if event.value and not known:
            self._faults.add(event.name)
            yield self._finding(now, because("camera_says", device=event.device, fault=event.name), active=True)
        elif not event.value and (known or not self._said_normal):
            self._faults.discard(event.name)
            if not self._faults:
                self._said_normal = True
                yield self._finding(now, because("camera_sees", device=event.device), active=False)

    def _finding(self, now: Moment, why: Reason, active: bool) -> Finding:
        return Finding(
            "camera_blind", self._subject, Priority.MEDIUM, now.monotonic, (why,), self._subject.id, active=active
        )


CAMERA_SIGHT_ROW = RuleRow("camera_sight", CameraSightRule, Scope.DEVICE, observations=FAULTS)
