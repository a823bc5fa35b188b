"""Who works when, and who is called under which role: the roster as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agent.moment import DailySpan, Moment

# Roles that a rung of a ladder may call; the first four are found on the roster.
ASSIGNED, FLOOR, CHARGE_NURSE, MANAGER = "assigned_carer", "floor", "charge_nurse", "duty_manager"
ALL_STAFF = "all_staff"
LIST, PLATFORM = "list", "platform"
ROLES = (ASSIGNED, FLOOR, CHARGE_NURSE, ALL_STAFF, MANAGER, LIST, PLATFORM)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of staff. `id` is a pseudonym; `card` is what they tap, `pager` and `phone` how to call."""

    id: str
    name: str = ""
    card: str = ""
    pager: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of the day."""

    id: str
    span: DailySpan


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of the roster: `member` works `shift` on `days` (Monday 0; empty: each day) as `role`.

    `covers`: floors, rooms or residents that are theirs; empty: all.
    """

    member: str
    shift: str
    role: str = ASSIGNED
    covers: tuple[str, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """All of it, by id."""

    members: Mapping[str, Member] = field(default_factory=dict)
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()

    @staticmethod
    def of(members: Iterable[Member], shifts: Iterable[Shift], duties: Iterable[Duty]) -> "Roster":
        """Build the look-up tables."""
        return Roster({m.id: m for m in members}, {s.id: s for s in shifts}, tuple(duties))

    def shift_at(self, moment: Moment) -> Shift | None:
        """The first shift that holds `moment`."""
        return next((shift for shift in self.shifts.values() if shift.span.holds(moment)), None)

    def member_of_card(self, card: str) -> str:
        """Id of whoever carries `card`; empty for a card of nobody."""
        return next((m.id for m in self.members.values() if m.card and m.card == card), "")
