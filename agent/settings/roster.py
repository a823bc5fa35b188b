"""Who works when, and the home's own ladders, as site.toml and the API write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import Field

from agent.alarms.escalation import SiteLadder
from agent.alarms.settings import Ladder, Rung
from agent.moment import DailySpan, seconds_of
from agent.rules.finding import Priority
from agent.settings.site_texts import ClockText, Id, PlaceKindText, Text
from agent.staff import ASSIGNED, Duty, Member, Roster, Shift

_FORBID: dict[str, Any] = {"extra": "forbid"}

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class StaffSettings:
    """One ``[[staff]]``; `id` is a pseudonym, `card` what they tap, `pager` and `phone` how they are called."""

    id: Id
    name: Text = ""
    card: Text = ""
    pager: Text = ""
    phone: Text = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class ShiftSettings:
    """One ``[[shift]]``, past midnight when it ends earlier than it begins; equal times mean the whole day."""

    id: Id
    from_: Annotated[ClockText, Field(alias="from")]
    to: ClockText

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    @property
    def span(self) -> DailySpan:
        """As seconds of the day."""
        return DailySpan(seconds_of(self.from_), seconds_of(self.to))


@dataclass(frozen=True, slots=True)
class DutySettings:
    """One ``[[duty]]``: `member` works `shift` on `days` (empty: each) as `role`; `covers` empty: all of the home.

    Without an `id` it gets one from the member and the shift.
    """

    member: Id
    shift: Id
    id: Text = ""
    role: Id = ASSIGNED
    covers: Annotated[tuple[Id, ...], MaxLen(500)] = ()
    days: Annotated[tuple[Day, ...], MaxLen(7)] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """One ``[[ladder]]``: the rungs of alarms for which all conditions given hold; the more exact row wins.

    `unattended_s` and `again_s` as in alarms.toml. Without an `id` it gets one from its conditions.
    """

    priority: Literal["high", "medium", "low"]
    rungs: Annotated[tuple[Rung, ...], MinLen(1), MaxLen(10)]
    id: Text = ""
    kind: Text = ""
    place: Text = ""
    place_kind: PlaceKindText = ""
    floor: Text = ""
    shift: Text = ""
    unattended_s: Annotated[float, Ge(0), Le(1800)] = 0.0
    again_s: Annotated[float, Ge(60), Le(12 * 3600)] = 300.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def to_ladder(self) -> SiteLadder:
        """As the alarm core uses it."""
        return SiteLadder(
            Priority.of(self.priority),
            Ladder(self.rungs, self.unattended_s, self.again_s),
            self.kind,
            self.place,
            self.place_kind,
            self.floor,
            self.shift,
        )


def roster_of(
    staff: Iterable[StaffSettings], shifts: Iterable[ShiftSettings], duties: Iterable[DutySettings]
) -> Roster:
    """As the alarm core uses it."""
    return Roster.of(
        [Member(one.id, one.name, one.card, one.pager, one.phone) for one in staff],
        [Shift(one.id, one.span) for one in shifts],
        [
            Duty(one.member, one.shift, one.role, one.covers, tuple(DAYS.index(day) for day in one.days))
            for one in duties
        ],
    )
