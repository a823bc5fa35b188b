"""Counts the events of a log in one pass; memory grows with what is open at once, not with the log."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from agent.figures.carers import OnDuty, always
from agent.figures.durations import Durations, Spread
from agent.figures.kpi import (
    BY_ITSELF,
    CHATTER_COUNT,
    CHATTER_S,
    FALSE_CAUSES,
    FLEETING_S,
    FLOOD_ABOVE,
    FLOOD_ENDS_BELOW,
    NEEDED_NOBODY,
    PERIOD_S,
    PRIORITIES,
    STALE_S,
    STEPS,
    TOP,
    Figures,
    KindRow,
    Load,
    Periods,
    Source,
    carer_time,
    night,
)
from agent.figures.log_event import SUPPRESSED, WAS_QUIET, LogEvent
from agent.moment import CHINA_S

SOURCES_AT_MOST = 20_000  # pairs of subject and kind; a home has a few thousand
SourceKey = tuple[str, str]


@dataclass(slots=True)
class _Life:
    """An open alarm: when it came to each step first."""

    times: dict[str, float]
    at_night: bool
    audible: bool = False


@dataclass(slots=True)
class _Counts:
    raised: int = 0
    audible: int = 0
    needed_nobody: int = 0

    def load(self, time: Load) -> Load:
        return replace(time, raised=self.raised, audible=self.audible, needed_nobody=self.needed_nobody)


@dataclass(slots=True)
class _Periods:
    """The ten-minute period that is being filled, and what those before it came to."""

    slot: int | None = None
    filling: int = 0
    above_ten: int = 0
    peak: int = 0
    floods: int = 0
    in_flood: bool = False

    def add(self, wall: float) -> None:
        slot = int(wall // PERIOD_S)
        if self.slot is None or slot > self.slot:  # a clock set back counts into the period at hand
            self.end(empty_follows=self.slot is not None and slot > self.slot + 1)
            self.slot = slot
        self.filling += 1

    def end(self, empty_follows: bool = False) -> None:
        count, self.filling = self.filling, 0
        self.peak = max(self.peak, count)
        if count > FLOOD_ABOVE:
            self.above_ten += 1
            self.floods += not self.in_flood
            self.in_flood = True
        if count < FLOOD_ENDS_BELOW or empty_follows:
            self.in_flood = False


@dataclass(slots=True)
class _Recent:
    """When one source raised lately, and whether that is chattering."""

    raised: deque[float] = field(default_factory=lambda: deque(maxlen=CHATTER_COUNT))
    chattering: bool = False

    def add(self, wall: float) -> bool:
        """Whether it has just begun to chatter."""
        self.raised.append(wall)
        before, self.chattering = (
            self.chattering,
            len(self.raised) == CHATTER_COUNT and 0 <= wall - self.raised[0] <= CHATTER_S,
        )
        return self.chattering and not before


class Tally:
    """Add events in the order of the log, then ask for the figures; one may go on adding afterwards."""

    def __init__(self, offset_s: float = CHINA_S) -> None:
        """`offset_s` is local time minus UTC; night is 21:00 to 06:00."""
        self._offset_s = offset_s
        self._first: float | None = None
        self._last = 0.0
        self._open: dict[str, _Life] = {}
        self._counts = {True: _Counts(), False: _Counts()}  # at night, by day
        self._periods = _Periods()
        self._recent: dict[SourceKey, _Recent] = {}
        self._sources: Counter[SourceKey] = Counter()
        self._chattering = self._fleeting = self._stale = self._closed = self._attended = 0
        self._by: dict[str, Counter[str]] = {
            name: Counter() for name in ("priority", "class", "cause", "escalated", "sounded_again", "suppressed")
        }
        self._kinds: dict[str, list[int]] = {}
        self._responses: dict[tuple[str, str], Durations] = {}

    def add(self, event: LogEvent) -> None:
        """One more event."""
        self._first = event.at_wall if self._first is None else self._first
        self._last = max(self._last, event.at_wall)
        if event.happened == SUPPRESSED:
            self._by["suppressed"][event.kind] += 1
            return
        if event.happened == "raised":
            self._raised(event)
        life = self._open.get(event.alarm)
        if life is None:
            return  # raised before the span: nobody knows since when
        if event.sounding and not life.audible:
            life.audible = True
            self._counts[life.at_night].audible += 1
        if event.happened in _STEP_WORDS and event.happened not in life.times:
            life.times[event.happened] = event.at_wall
            if WAS_QUIET not in event.reasons:
                self._took(event, life)
        if event.happened in ("escalated", "sounded_again"):
            self._by[event.happened][event.priority] += 1
        if event.happened == "closed":
            self._ended(event, life)

    def inherit(self, alarm: str, raised_wall: float) -> None:
        """An alarm that is open, raised before the first event: it counts as open and, when it is old, as stale."""
        self._open.setdefault(alarm, _Life({"raised": raised_wall}, night(raised_wall, self._offset_s), audible=True))

    def _raised(self, event: LogEvent) -> None:
        at_night = night(event.at_wall, self._offset_s)
        self._open[event.alarm] = _Life({}, at_night)
        self._counts[at_night].raised += 1
        self._by["priority"][event.priority] += 1
        self._by["class"][event.alarm_class] += 1
        self._periods.add(event.at_wall)
        self._kinds.setdefault(event.kind, [0, 0, 0])[0] += 1
        source = (event.subject, event.kind)
        if source in self._sources or len(self._sources) < SOURCES_AT_MOST:
            self._sources[source] += 1
            self._chattering += self._recent.setdefault(source, _Recent()).add(event.at_wall)

    def _took(self, event: LogEvent, life: _Life) -> None:
        for step, (start, end) in STEPS.items():
            if end == event.happened and start in life.times:
                took = event.at_wall - life.times[start]
                if took >= 0:  # else the clock was set back between the two
                    self._responses.setdefault((event.priority, step), Durations()).add(took)
        self._attended += event.happened == "attended"

    def _ended(self, event: LogEvent, life: _Life) -> None:
        del self._open[event.alarm]
        self._closed += 1
        self._by["cause"][event.cause] += 1
        open_s = event.at_wall - life.times["raised"]
        self._stale += open_s > STALE_S
        by_itself = event.cause == BY_ITSELF and "attended" not in life.times
        self._fleeting += by_itself and open_s <= FLEETING_S
        if by_itself or event.cause == NEEDED_NOBODY:
            self._counts[life.at_night].needed_nobody += 1
        if event.cause and event.cause != BY_ITSELF:
            self._kinds.setdefault(event.kind, [0, 0, 0])[2 if event.cause in FALSE_CAUSES else 1] += 1

    def figures(self, on_duty: OnDuty | float = 1.0, since: float | None = None, until: float | None = None) -> Figures:
        """The figures from `since` to `until` (UTC seconds; of the events added, if None).

        `on_duty`: carers on duty, as a number or by the time. Raises ValueError for a number not above 0.
        """
        on_duty = on_duty if callable(on_duty) else always(on_duty)
        since = (self._first or 0.0) if since is None else since
        until = max(since, self._last) if until is None else until
        total = sum(counts.raised for counts in self._counts.values())
        stale_now = sum(until - life.times["raised"] > STALE_S for life in self._open.values())
        whole = _Counts(*(sum(getattr(c, name) for c in self._counts.values()) for name in _Counts.__slots__))
        span = (since, until, on_duty)
        return Figures(
            since,
            until,
            whole.load(carer_time(*span, None, self._offset_s)),
            self._counts[False].load(carer_time(*span, False, self._offset_s)),
            self._counts[True].load(carer_time(*span, True, self._offset_s)),
            self._filled(since, until),
            self._chattering,
            self._fleeting,
            stale_now,
            self._stale + stale_now,
            len(self._open),
            self._closed,
            self._attended,
            _top(self._sources, total),
            _by_priority(self._by["priority"]),
            _ordered(self._by["class"]),
            _ordered(self._by["cause"]),
            {name: KindRow(*row) for name, row in sorted(self._kinds.items(), key=lambda one: (-one[1][0], one[0]))},
            self._spreads(),
            _by_priority(self._by["escalated"]),
            _by_priority(self._by["sounded_again"]),
            _ordered(self._by["suppressed"]),
        )

    def _filled(self, since: float, until: float) -> Periods:
        done = replace(self._periods)
        done.end()
        count = int(-(-until // PERIOD_S)) - int(since // PERIOD_S)
        return Periods(max(count, 1 if done.peak else 0), done.above_ten, done.peak, done.floods)

    def _spreads(self) -> Mapping[str, Mapping[str, Spread]]:
        found: dict[str, dict[str, Spread]] = {}
        for priority in PRIORITIES:
            for step in STEPS:
                durations = self._responses.get((priority, step))
                spread = durations.spread() if durations else None
                if spread is not None:
                    found.setdefault(priority, {})[step] = spread
        return found


def figures(
    events: Iterable[LogEvent],
    on_duty: Callable[[float], float] | float = 1.0,
    since: float | None = None,
    until: float | None = None,
    offset_s: float = CHINA_S,
) -> Figures:
    """The figures of `events`, in the order of the log; the rest as `Tally.figures` has it."""
    tally = Tally(offset_s)
    for event in events:
        tally.add(event)
    return tally.figures(on_duty, since, until)


_STEP_WORDS = frozenset(word for step in STEPS.values() for word in step)


def _top(sources: Counter[SourceKey], total: int) -> tuple[Source, ...]:
    ranked = sorted(sources.items(), key=lambda one: (-one[1], one[0]))[:TOP]
    return tuple(Source(subject, kind, count, count / total) for (subject, kind), count in ranked)


def _ordered(counter: Counter[str]) -> Mapping[str, int]:
    return MappingProxyType(dict(sorted(counter.items(), key=lambda one: (-one[1], one[0]))))


def _by_priority(counter: Counter[str]) -> Mapping[str, int]:
    return MappingProxyType({priority: counter[priority] for priority in PRIORITIES})
