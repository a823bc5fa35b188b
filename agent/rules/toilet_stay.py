"""Somebody stays in the toilet for too long: door, motion and radar, never a camera (domain 2.4)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, SUBJECT, TEXT, Keeps, maybe, named, table
from agent.moment import Moment
from agent.places import PlaceKind
from agent.residents import Resident, Subject
from agent.rules.bed_sense import BED_QUANTITIES, occupancy
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

MIN_S = 60.0
CROSSING_S = 3.0  # whoever opens the door still moves in its sight for so long


class ToiletStayRule(Rule):
    """The toilet of one room, and the beds of those who live there."""

    keeps = Keeps(
        1,
        due=HEARD,
        _toilet=TEXT,
        _has_door=FLAG,
        _in_bed=table(TEXT, FLAG),
        _inside=maybe(HEARD),
        _opened=maybe(HEARD),
        _moved=HEARD,
        _raised=maybe(named(Priority)),
        _whom=SUBJECT,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._room = about
        living = ground.site.living_in(about.room)  # the limits of two who share it are the home's
        self._settings = ground.limits(living[0] if len(living) == 1 else None).movement
        self._toilet = about.id
        self._has_door = False
        self._in_bed: dict[str, bool] = {}  # resident -> their bed's last word
        self._inside: float | None = None  # since when somebody is
        self._opened: float | None = None  # the door, since they moved last
        self._moved = -math.inf
        self._raised: Priority | None = None
        self._whom = about
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """Somebody goes in, moves, opens the door; or a bed is occupied again."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return
        word = occupancy(event)
        resident = self._ground.site.resident_of(event.device)
        if word is not None and resident is not None:
            self._in_bed[resident.id] = word
            if word and self._inside is not None and not self._may_be_inside():
                yield from self._left(now, because("back_in_bed"))
        elif self._in_toilet(event.device):
            self._take(event)
            if event.quantity == "presence" and not event.value and self._inside is not None:
                yield from self._left(now, because("left_toilet"))
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """Left, when the door was opened and nothing has moved since; else medium and high in their time."""
        if self._inside is None:
            self.due = math.inf
            return
        if now.monotonic >= self._leaves_at():
            yield from self._left(now, because("left_toilet"))
            return
        stayed_s = now.monotonic - self._inside
        steps = self._steps(now)
        passed = [priority for after_s, priority in steps if stayed_s >= after_s]
        if passed and (self._raised is None or passed[-1] > self._raised):
            self._raised = passed[-1]
            self._whom = self._who()
            yield self._finding(passed[-1], now, because("in_toilet_for", for_min=stayed_s / MIN_S))
        ahead = [self._inside + after_s for after_s, _ in steps if stayed_s < after_s]
        self.due = min(*ahead, self._leaves_at(), math.inf)

    def _take(self, event: Reading) -> None:
        if event.quantity == "opening":
            self._has_door = True
            if event.value and self._inside is not None:
                self._opened = event.at
            return
        if not event.value:
            return
        self._moved = event.at
        self._toilet = self._ground.site.place_of(event.device)
        if self._inside is None:
            self._inside, self._opened = event.at, None
        elif self._opened is not None and event.at > self._opened + CROSSING_S:
            self._opened = None  # the door was opened, but they are still inside

    def _leaves_at(self) -> float:
        """When they count as gone; a still person behind a closed door never does."""
        if self._opened is not None:
            return self._opened + self._settings.toilet_leave_s
        return math.inf if self._has_door else self._moved + self._settings.toilet_still_min * MIN_S

    def _steps(self, now: Moment) -> tuple[tuple[float, Priority], ...]:
        settings = self._settings
        living = self._ground.site.living_in(self._room.room)
        if self._ground.ward.night(living[0] if living else None, now):
            medium, high = settings.toilet_night_medium_min, settings.toilet_night_high_min
        else:
            medium, high = settings.toilet_medium_min, settings.toilet_high_min
        return (medium * MIN_S, Priority.MEDIUM), (high * MIN_S, Priority.HIGH)

    def _left(self, now: Moment, why: Reason) -> Iterable[Said]:
        if self._inside is not None and self._raised is None and not self._has_door:
            yield Decline("toilet_stay", self._whom, now.monotonic, (why,))
        self._inside, self._opened, self.due = None, None, math.inf
        if self._raised is not None or not self._said_normal:
            self._raised, self._said_normal = None, True
            yield self._finding(Priority.LOW, now, why, active=False)

    def _in_toilet(self, device: str) -> bool:
        binding = self._ground.site.bindings.get(device)
        return binding is not None and self._ground.site.place(binding.room).kind is PlaceKind.TOILET

    def _may_be_inside(self) -> list[Resident]:
        return [one for one in self._ground.site.living_in(self._room.room) if not self._in_bed.get(one.id)]

    def _who(self) -> Subject:
        """The only one who lives here and is not in bed; else the toilet itself."""
        site, might = self._ground.site, self._may_be_inside()
        return site.resident_subject(might[0]) if len(might) == 1 else site.place_subject(self._toilet)

    def _finding(self, priority: Priority, now: Moment, why: Reason, active: bool = True) -> Finding:
        return Finding("toilet_stay", self._whom, priority, now.monotonic, (why,), self._toilet, active=active)


TOILET_ROW = RuleRow(
    "toilet_stay", ToiletStayRule, Scope.ROOM, quantities=("opening", "motion", "presence", *BED_QUANTITIES)
)
