"""Who is told of an alarm, and when: ladders by priority, place and shift, and the people behind a role. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agent.alarms.settings import AlarmSettings, Ladder
from agent.moment import Moment
from agent.residents import Site, Subject, SubjectKind
from agent.rules.finding import Priority
from agent.staff import ALL_STAFF, FLOOR, LIST, PLATFORM, Duty, Roster

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
    def exactness(self) -> tuple[bool, ...]:
        """The more exact of two that fit wins: kind before place before kind of place before floor before shift."""
        return tuple(bool(one) for one in (self.kind, self.place, self.place_kind, self.floor, self.shift))


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
        fitting = [one for one in self.ladders if self._fits(one, kind, priority, subject, moment)]
        if not fitting:
            return self.defaults.ladder(priority)
        return max(fitting, key=lambda one: one.exactness).ladder

    def _fits(self, one: SiteLadder, kind: str, priority: Priority, subject: Subject, moment: Moment) -> bool:
        if one.priority is not priority or one.kind not in ("", kind):
            return False
        place = self.site.place(subject.id if subject.kind is SubjectKind.PLACE else subject.room)
        shift = self.roster.shift_at(moment)
        facts: Mapping[str, tuple[str, ...]] = {
            one.place: (place.id, subject.room),
            one.place_kind: (place.kind.value,),
            one.floor: (place.floor,),
            one.shift: (shift.id if shift else "",),
        }
        return all(wanted in have for wanted, have in facts.items() if wanted)

    def people(self, roles: Iterable[str], subject: Subject, moment: Moment) -> tuple[str, ...]:
        """Ids of staff on duty at `moment` under one of `roles` who cover `subject`, in the roster's order."""
        wanted = set(roles)
        floor = self.site.place(subject.room).floor if subject.room else ""
        found = [
            duty.member
            for duty in self.on_duty(moment)
            if ALL_STAFF in wanted
            or (duty.role in wanted and _covers(duty, subject, floor))
            or (FLOOR in wanted and _same_floor(duty, floor))
        ]
        return tuple(dict.fromkeys(found))

    def nobody(self, roles: Iterable[str], subject: Subject, moment: Moment) -> bool:
        """Whether the roster names staff, and none of them stands behind `roles` now."""
        wanted = tuple(roles)
        if not self.roster.duties or any(role in ALWAYS_THERE for role in wanted):
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
        shift = self.roster.shift_at(moment) if moment.wall_known else None
        return moment.monotonic + shift.span.left_s(moment) if shift else None


def _covers(duty: Duty, subject: Subject, floor: str) -> bool:
    return not duty.covers or bool({subject.id, subject.room, floor} & set(duty.covers) - {""})


def _same_floor(duty: Duty, floor: str) -> bool:
    return not floor or not duty.covers or floor in duty.covers
