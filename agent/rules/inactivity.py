"""Nothing moves in a room by day although nobody is in bed or out: medium after four hours (domain 2.4)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, TEXT, Keeps, maybe, table
from agent.moment import Moment
from agent.residents import Site, Subject, SubjectKind
from agent.rules.bed_sense import BED_QUANTITIES, occupancy
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading

MOVING = ("motion", "presence", "opening", "body_movement", "button", "service", "seen_at")
LOOK_AGAIN_S = 600.0  # night, or everybody out: looked at again so much later


class InactivityRule(Rule):
    """One room where something can see movement."""

    keeps = Keeps(
        1,
        due=HEARD,
        _in_bed=table(TEXT, FLAG),
        _moved=maybe(HEARD),
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._room = about
        living = ground.site.living_in(about.room)  # the limits of two who share it are the home's
        self._after_s = ground.limits(living[0] if len(living) == 1 else None).movement.inactive_min * 60.0
        self._in_bed: dict[str, bool] = {}
        self._moved: float | None = None
        self._raised = False
        self._said_normal = False
        self.due = -math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """Anything that moves ends it; a bed's word is a movement too."""
        if not isinstance(event, Reading) or event.stored:
            return
        word = occupancy(event)
        if word is not None:
            if self._in_bed.get(event.device) is word:
                return
            self._in_bed[event.device] = word
        elif event.quantity in BED_QUANTITIES or not event.value:
            return
        self._moved = event.at
        self.due = event.at + self._after_s
        if self._raised or not self._said_normal:
            self._raised, self._said_normal = False, True
            yield self._finding(now, because("moves_again"), active=False)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """Medium when it has lasted, and it can be judged."""
        if self._moved is None:
            self._moved = now.monotonic
        self.due = self._moved + self._after_s
        if now.monotonic < self.due:
            return
        if not self._judged_now(now):
            self._moved = max(self._moved, now.monotonic - self._after_s + LOOK_AGAIN_S)
            self.due = self._moved + self._after_s
            return
        self.due = math.inf
        if not self._raised:
            self._raised = True
            still_h = (now.monotonic - self._moved) / 3600.0
            yield self._finding(now, because("nothing_moves", for_h=still_h))

    def _judged_now(self, now: Moment) -> bool:
        living = self._ground.site.living_in(self._room.room)
        at_home = [one for one in living if self._ground.ward.out(one.id, now) is None]
        night = not at_home or self._ground.ward.night(at_home[0], now)
        return bool(at_home) and not night and not self._lies_in_bed

    @property
    def _lies_in_bed(self) -> bool:
        """Whether somebody does, by the word of a bed that is still here."""
        site = self._ground.site
        return any(word and site.subject_of(bed).room == self._room.room for bed, word in self._in_bed.items())

    def _finding(self, now: Moment, why: Reason, active: bool = True) -> Finding:
        living = self._ground.site.living_in(self._room.room)
        whom = self._ground.site.resident_subject(living[0]) if len(living) == 1 else self._room
        return Finding("inactivity", whom, Priority.MEDIUM, now.monotonic, (why,), active=active)


def _watched_rooms(site: Site) -> list[Subject]:
    """Rooms where residents live and a sensor of the room itself is bound."""
    rooms = {site.place(one.room).room or one.room for one in site.bindings.values() if one.room}
    return [Subject(SubjectKind.PLACE, room, room) for room in sorted(rooms) if site.living_in(room)]


INACTIVITY_ROW = RuleRow(
    "inactivity", InactivityRule, Scope.ROOM, quantities=(*MOVING, *BED_QUANTITIES), watches=_watched_rooms
)
