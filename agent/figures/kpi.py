"""The figures of a span of time, as a value; what each means and where it comes from stands in docs/figures.md."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from agent.figures.carers import OnDuty
from agent.figures.durations import Spread
from agent.moment import CHINA_S, NIGHT, Moment

# ISA-18.2 / IEC 62682, as domain practice gives them.
PERIOD_S = 600.0
FLOOD_ABOVE, FLOOD_ENDS_BELOW = 10, 5
CHATTER_COUNT, CHATTER_S = 3, 60.0
FLEETING_S = 60.0
STALE_S = 24 * 3600.0
TOP = 10

FALSE_CAUSES = ("false_alarm", "device", "test")
NEEDED_NOBODY = "false_alarm"
BY_ITSELF = "restored"

# name of the step -> (from, to)
STEPS: Mapping[str, tuple[str, str]] = {
    "raised_to_sounded": ("raised", "sounded"),
    "raised_to_seen": ("raised", "seen"),
    "raised_to_attended": ("raised", "attended"),
    "seen_to_attended": ("seen", "attended"),
    "raised_to_closed": ("raised", "closed"),
}
PRIORITIES = ("high", "medium", "low")
RATED_H = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """What came to the carers in `hours`, of which each carer on duty counts as `carer_hours`."""

    hours: float = 0.0
    carer_hours: float = 0.0
    raised: int = 0
    audible: int = 0
    needed_nobody: int = 0

    def per_carer_hour(self, count: int) -> float | None:
        """`count` a carer and hour; None of no carer, and of less than an hour, which tells no rate."""
        return count / self.carer_hours if self.hours >= RATED_H and self.carer_hours else None

    def per_carer_day(self, count: int) -> float | None:
        """The same a day."""
        an_hour = self.per_carer_hour(count)
        return None if an_hour is None else 24 * an_hour

    def to_json(self) -> dict[str, Any]:
        """With the rates."""
        rates = {f"{name}_per_carer_hour": self.per_carer_hour(getattr(self, name)) for name in COUNTED}
        return {**asdict(self), **rates}


COUNTED = ("raised", "audible", "needed_nobody")


@dataclass(frozen=True, slots=True)
class Periods:
    """Ten-minute periods by the clock: how many, how many with more than ten alarms, the fullest, and floods."""

    count: int = 0
    above_ten: int = 0
    peak: int = 0
    floods: int = 0

    @property
    def share_above_ten(self) -> float:
        """Share of periods with more than ten alarms."""
        return self.above_ten / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of alarm of one subject."""

    subject: str
    kind: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class KindRow:
    """Of one kind: how many raised, and of those that a person closed, how many were true, and how many not."""

    raised: int = 0
    true: int = 0
    false: int = 0

    @property
    def precision(self) -> float | None:
        """Share of true ones; None when nobody has judged any."""
        judged = self.true + self.false
        return self.true / judged if judged else None


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it. Times are UTC seconds; keys are words of the log."""

    since: float
    until: float
    whole: Load
    day: Load
    night: Load
    periods: Periods
    chattering: int
    fleeting: int
    stale_now: int
    stale_ever: int
    open_now: int
    closed: int
    attended: int
    sources: tuple[Source, ...]
    priorities: Mapping[str, int]
    classes: Mapping[str, int]
    causes: Mapping[str, int]
    kinds: Mapping[str, KindRow]
    responses: Mapping[str, Mapping[str, Spread]]  # priority -> step -> how long
    escalations: Mapping[str, int]
    sounded_again: Mapping[str, int]
    suppressed: Mapping[str, int]

    @property
    def days(self) -> float:
        """Length of the span in days."""
        return self.whole.hours / 24

    @property
    def top_share(self) -> float:
        """Share of all alarms that comes from the ten busiest sources."""
        return sum(source.share for source in self.sources)

    @property
    def needed_nobody_share(self) -> float | None:
        """Share of the closed alarms that needed nobody; None while none is closed."""
        return self.whole.needed_nobody / self.closed if self.closed else None

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, rates and shares worked out."""
        return {
            "since": self.since,
            "until": self.until,
            "load": {"all": self.whole.to_json(), "day": self.day.to_json(), "night": self.night.to_json()},
            "raised_per_carer_day": self.whole.per_carer_day(self.whole.raised),
            "raised_per_ten_minutes": self.whole.raised / self.periods.count if self.periods.count else None,
            "periods": {**asdict(self.periods), "share_above_ten": self.periods.share_above_ten},
            "chattering": self.chattering,
            "fleeting": self.fleeting,
            "stale": {"now": self.stale_now, "ever": self.stale_ever},
            "open": self.open_now,
            "closed": self.closed,
            "attended": self.attended,
            "needed_nobody_share": self.needed_nobody_share,
            "top_sources": [asdict(source) for source in self.sources],
            "top_share": self.top_share,
            "priorities": dict(self.priorities),
            "classes": dict(self.classes),
            "causes": dict(self.causes),
            "kinds": {name: {**asdict(row), "precision": row.precision} for name, row in self.kinds.items()},
            "responses_s": {
                priority: {step: asdict(spread) for step, spread in steps.items()}
                for priority, steps in self.responses.items()
            },
            "escalations": dict(self.escalations),
            "sounded_again": dict(self.sounded_again),
            "suppressed": dict(self.suppressed),
        }


def carer_time(since: float, until: float, on_duty: OnDuty, is_night: bool | None, offset_s: float) -> Load:
    """The hours of a span, those of the night or of the day alone if `is_night` is given; nothing counted yet."""
    seconds = carer_seconds = 0.0
    at = since
    while at < until:
        end = min(until, (at // PERIOD_S + 1) * PERIOD_S)
        middle = (at + end) / 2
        if is_night is None or is_night is night(middle, offset_s):
            seconds += end - at
            carer_seconds += (end - at) * on_duty(middle)
        at = end
    return Load(seconds / 3600, carer_seconds / 3600)


def night(wall: float, offset_s: float = CHINA_S) -> bool:
    """Whether UTC second `wall` lies between 21:00 and 06:00 local time."""
    return NIGHT.holds(Moment(0.0, wall, offset_s))
