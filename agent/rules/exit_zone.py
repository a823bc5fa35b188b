"""A resident who may lose the way comes to an exit without escort: high at once (domain 2.2, 2.4 "wander boundary")."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, TEXT, Keeps
from agent.moment import Moment
from agent.places import PlaceKind
from agent.residents import Subject
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading


class ExitZoneRule(Rule):
    """The tag of one resident at risk of wandering."""

    keeps = Keeps(
        1,
        due=HEARD,
        _exit=TEXT,
        _came=HEARD,
        _lost_at=HEARD,
        _held=FLAG,
        _judged=FLAG,
        _escorted=FLAG,
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        resident = ground.site.residents.get(about.id)
        self._ground = ground
        self._settings = ground.limits(resident).movement
        self._watched = resident is not None and resident.wander_risk
        self._subject = about
        self._exit = ""  # where the tag is
        self._came = 0.0
        self._lost_at = math.inf  # unless it is heard before
        self._held = False  # that the door is held open was told
        self._judged = False
        self._escorted = False  # staff came along; it holds while they are proven to be there
        self._raised = False
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """The tag comes to an exit, or is heard elsewhere again."""
        if not self._watched or not isinstance(event, Reading) or event.quantity != "seen_at" or event.stored:
            return
        place = str(event.value)
        if self._ground.site.place(place).kind is not PlaceKind.EXIT:
            yield from self._inside_again(now, place)
            return
        self._lost_at = event.at + self._settings.lost_s
        if place != self._exit:
            self._exit, self._came, self._judged, self._escorted, self._held = place, event.at, False, False, False
        elif self._escorted and not self._ground.ward.staff_in(place, now):
            self._came, self._escorted = event.at, False  # still at the exit, and the escort is not
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """After the moment that an escort may need to come into sight; and when the tag is lost there."""
        if not self._exit or self._escorted:
            self.due = math.inf
            return
        if not self._judged:
            escort = self._ground.ward.escort(self._exit, self._came, self._settings.escort_within_s)
            at = because("at_exit", place=self._exit)
            if escort:
                self._escorted, self.due = True, math.inf
                yield Decline("exit_zone", self._subject, now.monotonic, (at, because("escorted", by=escort)))
                return
            if now.monotonic < self._came + self._settings.escort_wait_s:
                self.due = self._came + self._settings.escort_wait_s
                return
            self._judged = self._raised = True
            yield self._finding(now, at)
        yield from self._stays(now)

    def _stays(self, now: Moment) -> Iterable[Said]:
        """Alone at the exit, and told: the tag may get lost there, or the door stand open."""
        if now.monotonic >= self._lost_at:
            for_s = now.monotonic - self._lost_at + self._settings.lost_s
            self._lost_at = math.inf
            yield self._finding(now, because("tag_lost", place=self._exit, for_s=for_s))
        opened = self._ground.ward.open_since(self._exit)
        held_at = math.inf
        if opened is not None and not self._held:
            held_at = max(opened, self._came) + self._settings.door_held_s
            if now.monotonic >= held_at:
                self._held, held_at = True, math.inf
                why = because("door_held", place=self._exit, for_s=now.monotonic - opened)
                yield self._finding(now, why, happening=True)
        self.due = min(self._lost_at, held_at)

    def _inside_again(self, now: Moment, place: str) -> Iterable[Said]:
        self._exit, self.due = "", math.inf
        if self._raised or not self._said_normal:
            self._raised, self._said_normal = False, True
            yield self._finding(now, because("seen_elsewhere", place=place), active=False)

    def _finding(self, now: Moment, why: Reason, active: bool = True, happening: bool = False) -> Finding:
        return Finding(
            "exit_zone", self._subject, Priority.HIGH, now.monotonic, (why,), active=active, happening=happening
        )


EXIT_ZONE_ROW = RuleRow("exit_zone", ExitZoneRule, Scope.SUBJECT, quantities=("seen_at",))
