"""NEWS2 of a resident, from fresh values only (domain 2.3; chart and credit: news2_chart.py).

What is not complete is no NEWS2: it is shown as so many of seven, and raises nothing. Consciousness and oxygen are a
person's word. The temperature of the skin is none of the body, so only `body_temperature` counts.
"""

import math
from collections.abc import Iterable
from types import MappingProxyType

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, FLAG, NUMBER, TEXT, Keeps, maybe, members, named, table, together
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.news2_chart import LEVELS, Score, Vitals, score
from agent.rules.reason import Reason, because
from agent.rules.recent import RECENT, Recent
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

# quantity -> parameter of the chart: those that come all the time, and those that are measured now and then
STREAMS: MappingProxyType[str, str] = MappingProxyType(
    {"heart_rate": "heart_rate", "pulse_rate": "heart_rate", "spo2": "spo2", "respiratory_rate": "respiratory_rate"}
)
SPOTS: MappingProxyType[str, str] = MappingProxyType({"systolic": "systolic", "body_temperature": "body_temperature"})


class News2Rule(Rule):
    """One resident. A stream counts by its middle of the last minutes, so a dip of a minute moves nothing."""

    keeps = Keeps(
        2,
        _off=members(TEXT),
        _streams=table(TEXT, RECENT),
        _spots=table(TEXT, together(NUMBER, AT)),
        _word=together(TEXT, AT),
        _oxygen=FLAG,
        _raised=maybe(named(Priority)),
        _said_normal=FLAG,
        _declined=FLAG,
        _well_since=maybe(AT),
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        resident = ground.site.residents.get(about.id) if about.kind is SubjectKind.RESIDENT else None
        self._settings = ground.limits(resident).news2
        self._resident = resident
        self._subject = about
        self._off: set[str] = set()  # devices that measure nobody, by their own word
        self._streams = {parameter: Recent() for parameter in STREAMS.values()}
        self._spots: dict[str, tuple[float, float]] = {}  # parameter -> (value, time)
        self._word: tuple[str, float] = ("", -math.inf)
        self._oxygen = False  # air, until somebody says otherwise
        self._raised: Priority | None = None
        self._said_normal = False
        self._declined = False
        self._well_since: float | None = None

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A finding when the score comes to a trigger, or to a graver one, and when it has been below for its time."""
        if self._resident is None or not self._takes(event):
            return ()
        return self._judge(now)

    def values(self, now: Moment) -> Vitals:
        """What is known and fresh at `now`."""
        monotonic, settings = now.monotonic, self._settings
        streams = {name: one.middle(monotonic, settings.fresh_min * 60.0) for name, one in self._streams.items()}
        spots = {name: v for name, (v, at) in self._spots.items() if monotonic - at <= settings.spot_h * 3600.0}
        word, told_at = self._word
        return Vitals(
            respiratory_rate=streams["respiratory_rate"],
            spo2=streams["spo2"],
            oxygen=self._oxygen,
            systolic=spots.get("systolic"),
            heart_rate=streams["heart_rate"],
            consciousness=word if monotonic - told_at <= settings.word_h * 3600.0 else None,
            body_temperature=spots.get("body_temperature"),
            scale_2=self._resident is not None and self._resident.spo2_scale_2,
        )

    def _takes(self, event: Event) -> bool:
        """Whether `event` can have changed the score."""
        if isinstance(event, Act):
            return self._hears(event)
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return False
        if event.quantity == "worn":
            (self._off.discard if event.value else self._off.add)(event.device)
            return False
        if event.device in self._off or not QUANTITIES[event.quantity].admits(event.value) or not event.value:
            return False  # no breath counted is no rate
        stream = STREAMS.get(event.quantity)
        if stream is not None:
            return self._streams[stream].take(float(event.value), event.at)
        spot = SPOTS.get(event.quantity)
        if spot is None:
            return False
        self._spots[spot] = (float(event.value), event.at)
        return True

    def _hears(self, act: Act) -> bool:
        """What a person says of consciousness and oxygen; a letter that the chart does not have is no word."""
        if act.name == "oxygen" and isinstance(act.value, bool):
            self._oxygen = act.value
            return True
        if act.name == "consciousness" and act.value in LEVELS:
            self._word = (str(act.value), act.at)
            return True
        return False

    def _judge(self, now: Moment) -> Iterable[Said]:
        values = self.values(now)
        found = score(values)
        level = self._level(found)
        if found.missing:
            yield from self._partial(values, found, level, now)
        elif level is not None:
            self._well_since = None
            if self._raised is None or level > self._raised:
                self._raised = level
                why = (because("news2_total", total=found.total), *_parts(values, found))
                yield Finding("news2", self._subject, level, now.monotonic, why)
        elif self._is_over(now):
            self._raised, self._said_normal = None, True
            why = (because("news2_total", total=found.total),)
            yield Finding("news2", self._subject, Priority.LOW, now.monotonic, why, active=False)

    def _level(self, found: Score) -> Priority | None:
        if found.total >= self._settings.high_at:
            return Priority.HIGH
        grave = found.total >= self._settings.medium_at or found.worst >= self._settings.single_at
        return Priority.MEDIUM if grave else None

    def _is_over(self, now: Moment) -> bool:
        """Whether to say that it is over: once at the start, else when it has been below the triggers for its time."""
        if self._raised is None:
            return not self._said_normal
        if self._well_since is None:
            self._well_since = now.monotonic
        return now.monotonic - self._well_since >= self._settings.over_min * 60.0

    def _partial(self, values: Vitals, found: Score, level: Priority | None, now: Moment) -> Iterable[Decline]:
        """Not all is known: what would have been a trigger is left, once until it would be none."""
        news, self._declined = level is not None and not self._declined, level is not None
        if news:
            missing = tuple(because("news2_missing", parameter=name) for name in found.missing)
            why = (because("news2_partial", known=found.known, points=found.total), *missing, *_parts(values, found))
            yield Decline("news2", self._subject, now.monotonic, why)


def _parts(values: Vitals, found: Score) -> tuple[Reason, ...]:
    """Each parameter that is known, with its points."""
    return tuple(
        because("news2_part", parameter=name, shown=_shown(getattr(values, name)), points=points)
        for name, points in found.parts
    )


def _shown(value: float | bool | str) -> str:
    if isinstance(value, bool):
        return "oxygen" if value else "air"
    return value if isinstance(value, str) else f"{value:g}"


NEWS2_ROW = RuleRow(
    "news2", News2Rule, Scope.SUBJECT, quantities=(*STREAMS, *SPOTS, "worn"), acts=("consciousness", "oxygen")
)
