"""Who is told of an alarm, and when: ladders by priority, place and shift, and the people behind a role. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from agent.alarms.settings import AlarmSettings, Ladder
from agent.moment import Moment
from agent.places import Place
from agent.residents import Site, Subject, SubjectKind
from agent.rules.finding import Priority
from agent.staff import ALL_STAFF, FLOOR, LIST, PLATFORM, Duty, Roster, Shift

ALWAYS_THERE = (LIST, PLATFORM, ALL_STAFF)  # roles that no roster needs to name


@dataclass(frozen=True, slots=True)
class SiteLadder:
    """A ladder of this home for alarms that fit: empty conditions fit all.

    `place` is the id of a place or room, `place_kind` and `floor` are those of the alarm's place, `shift` is the one on
    duty.
    """

    priority: Priority
    ladder: Ladder
    kind: str = ""
    place: str = ""
    place_kind: str = ""
    floor: str = ""
    shift: str = ""

    @property
    def conditions(self) -> tuple[str, ...]:
        """For which alarms it is; two rows with the same conditions cannot both count (the settings refuse them)."""
        return (self.priority.label, self.kind, self.place, self.place_kind, self.floor, self.shift)

    def exactness(self, place: Place) -> tuple[int, ...]:
        """The more exact of two that fit `place` wins: kind, then place, kind of place, floor, shift.

        A place's own row goes before that of the room to which it belongs.
        """
        named = (1 + (self.place == place.id)) * bool(self.place)
        return (bool(self.kind), named, bool(self.place_kind), bool(self.floor), bool(self.shift))


@dataclass(frozen=True, slots=True)
class CallNumbers:
    """By what some people can be called, in their order, each number once."""

    pagers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """Ladders and roster of a home; replaced whole when either is edited."""

    defaults: AlarmSettings = field(default_factory=AlarmSettings)
    ladders: tuple[SiteLadder, ...] = ()
    site: Site = field(default_factory=Site)

    @property
    def roster(self) -> Roster:
        """Who works when."""
        return self.site.roster

    def ladder(self, kind: str, priority: Priority, subject: Subject, moment: Moment) -> Ladder:
        """The ladder of an alarm of `kind` and `priority` about `subject`, raised at `moment`."""
        place = self._place(subject)
        fitting = [one for one in self.ladders if self._fits(one, kind, priority, place, moment)]
        if not fitting:
            return self.defaults.ladder(priority)
        return max(fitting, key=lambda one: one.exactness(place)).ladder

    def _fits(self, one: SiteLadder, kind: str, priority: Priority, place: Place, moment: Moment) -> bool:
        shift = self._shift_at(moment)
        facts: tuple[tuple[str, tuple[str, ...]], ...] = (
            (one.kind, (kind,)),
            (one.place, (place.id, place.room)),
            (one.place_kind, (place.kind.value,) if place.id else ()),
            (one.floor, (place.floor,)),
            (one.shift, (shift.id,) if shift else ()),
        )
        return one.priority is priority and all(wanted in have for wanted, have in facts if wanted)

    def _place(self, subject: Subject) -> Place:
        """Where an alarm about `subject` is, with the floor of its room when it has none of its own."""
        place = self.site.place(subject.id if subject.kind is SubjectKind.PLACE else subject.room)
        return place if place.floor else replace(place, floor=self.site.place(place.room).floor)

    def people(self, roles: Iterable[str], subject: Subject, moment: Moment) -> tuple[str, ...]:
        """Ids of staff on duty at `moment` under one of `roles` who cover `subject`, in the roster's order."""
        wanted = set(roles)
        duties = [
            duty
            for duty in self.on_duty(moment)
            if ALL_STAFF in wanted
            or (duty.role in wanted and self._covers(duty, subject))
            or (FLOOR in wanted and self._on_floor(duty, subject))
        ]
        return tuple(dict.fromkeys(duty.member for duty in duties))

    def call_numbers(self, people: Iterable[str]) -> CallNumbers:
        """Pagers and telephones of `people`; whoever has none, or is not on the roster, is left out."""
        members = [self.roster.members[one] for one in people if one in self.roster.members]
        return CallNumbers(
            tuple(dict.fromkeys(one.pager for one in members if one.pager)),
            tuple(dict.fromkeys(one.phone for one in members if one.phone)),
        )

    def nobody(self, roles: Iterable[str], subject: Subject, moment: Moment) -> bool:
        """Whether the roster names staff, and nobody of them stands behind `roles` now; False without a clock."""
        wanted = tuple(roles)
        if not self.roster.duties or not moment.wall_known or any(role in ALWAYS_THERE for role in wanted):
            return False
        return not self.people(wanted, subject, moment)

    def on_duty(self, moment: Moment) -> tuple[Duty, ...]:
        """Rows of the roster in force at `moment`; a night shift belongs to the day on which it began."""
        return tuple(duty for duty in self.roster.duties if self._works(duty, moment))

    def _works(self, duty: Duty, moment: Moment) -> bool:
        shift = self.roster.shifts.get(duty.shift)
        if shift is None or not moment.wall_known or not shift.span.holds(moment):
            return False
        began_yesterday = shift.span.start_s >= shift.span.end_s and moment.time_of_day_s < shift.span.end_s
        return not duty.days or (moment.weekday - began_yesterday) % 7 in duty.days

    def shift_end(self, moment: Moment) -> float | None:
        """Monotonic time at which the shift on duty ends; None without one."""
        shift = self._shift_at(moment)
        return moment.monotonic + shift.span.left_s(moment) if shift else None

    def _shift_at(self, moment: Moment) -> Shift | None:
        return self.roster.shift_at(moment) if moment.wall_known else None

    def _covers(self, duty: Duty, subject: Subject) -> bool:
        """Whether `subject` is theirs; of a room or device that is nobody's own, those who live there count."""
        theirs = {subject.id, subject.room, self._place(subject).floor}  # none of `covers` is empty
        if subject.kind is not SubjectKind.RESIDENT and subject.room:
            theirs |= {resident.id for resident in self.site.living_in(subject.room)}
        return not duty.covers or bool(theirs & set(duty.covers))

    def _on_floor(self, duty: Duty, subject: Subject) -> bool:
        """Whether they work on the floor of `subject`: a home that names no floors is one floor."""
        floor = self._place(subject).floor
        return not floor or not duty.covers or any(floor in (one, self._floor_of(one)) for one in duty.covers)

    def _floor_of(self, covered: str) -> str:
        """The floor of a room or resident that a row of the roster names."""
        resident = self.site.residents.get(covered)
        return self.site.place(resident.room if resident else covered).floor
