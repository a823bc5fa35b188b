"""A bed sensor that says in and out by turns: its pad has slipped or its cable is loose, and nothing it says counts."""

from collections import deque
from collections.abc import Iterable

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.bed_sense import BED_QUANTITIES, occupancy
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule


class BedFlutterRule(Rule):
    """One bed sensor: a hint while it changes too often, until it has not changed for `flutter_s`."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._settings = ground.settings.devices
        self._subject = about
        self._word: bool | None = None
        self._since = 0.0  # of its word
        self._changes: deque[float] = deque(maxlen=self._settings.flutter_changes + 1)
        self._raised = False
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when it changes too often, and at a word that has held since."""
        word = occupancy(event)
        if word is None:
            return
        if word is not self._word:
            if self._word is not None:
                self._changes.append(event.at)
            self._word, self._since = word, event.at
            yield from self._flutter(event.at, now)
        elif (self._raised or not self._said_normal) and event.at - self._since >= self._settings.flutter_s:
            self._raised, self._said_normal = False, True
            yield self._finding(now, because("flutters_no_more", device=self._subject.id), active=False)

    def _flutter(self, at: float, now: Moment) -> Iterable[Finding]:
        if self._raised or len(self._changes) <= self._settings.flutter_changes:
            return
        for_s = at - self._changes[0]
        if for_s <= self._settings.flutter_s:
            self._raised = True
            changes = len(self._changes)
            yield self._finding(now, because("flutters", device=self._subject.id, changes=changes, for_s=for_s))

    def _finding(self, now: Moment, why: Reason, active: bool = True) -> Finding:
        about = self._subject
        return Finding("device_fault", about, Priority.LOW, now.monotonic, (why,), about.id, active=active)


BED_FLUTTER_ROW = RuleRow("bed_flutter", BedFlutterRule, Scope.DEVICE, quantities=BED_QUANTITIES)
