"""Somebody who lives alone uses far less electricity by noon than usual, or far more at night (domain 2.4)."""

from collections.abc import Iterable
from statistics import median

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import COUNT, FLAG, NUMBER, TEXT, Keeps, members, part, table
from agent.moment import NIGHT, Moment
from agent.residents import Subject
from agent.rules.counter import Counter, counter
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

_NOON_S = 12 * 3600.0
_NIGHT_H = (NIGHT.end_s - NIGHT.start_s) % 86_400.0 / 3600
_GAP_S = 2.5 * 3600  # an hourly meter may miss a word, no more: else that part of the day is not whole


class _History:
    """Use of one part of each day, of the days that are known as a whole."""

    def __init__(self) -> None:
        self._days: dict[int, float] = {}
        self._broken: set[int] = set()
        self.day = -1

    def add(self, day: int, used: float, whole: bool) -> None:
        """`used` more on `day`; `whole` False: some of that day is not known, or was not usual."""
        self.day = max(day, self.day)
        self._days[day] = self._days.get(day, 0.0) + used
        if not whole:
            self._broken.add(day)

    def today(self) -> float | None:
        """Use on the newest day; None when it is not whole."""
        return None if self.day in self._broken else self._days.get(self.day)

    def usual(self, days: int, least: int) -> float | None:
        """Median of the `days` days before the newest; None with fewer than `least` whole ones."""
        old = {day for day in self._days if day < self.day - days}
        for day in old:
            del self._days[day]
        self._broken -= old
        known = [used for day, used in self._days.items() if day < self.day and day not in self._broken]
        return median(known) if len(known) >= least else None


_HISTORY = part(_days=table(COUNT, NUMBER), _broken=members(COUNT), day=COUNT)


class ElectricityUseRule(Rule):
    """One home and its meter; judged at each reading, against the home's own past."""

    keeps = Keeps(
        1,
        _meter=counter(),
        _mornings=_HISTORY,
        _nights=_HISTORY,
        _after_noon=NUMBER,
        _why=members(TEXT),
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._settings = ground.settings.utilities
        here = ground.site.living_in(about.id)
        self._watched = len(here) == 1 and here[0].lives_alone
        self._subject = ground.site.resident_subject(here[0]) if self._watched else about
        self._meter = Counter(self._settings.night_for_h * 3600)
        self._mornings, self._nights = _History(), _History()
        self._after_noon = 0.0
        self._why: set[str] = set()
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when use is unusual, and when it is as usual again."""
        if not self._watched or not now.wall_known:
            return
        if isinstance(event, Act):
            yield from self._judge("little", None, now, because("is_back", by=event.actor))
            yield from self._judge("much", None, now, because("is_back", by=event.actor))
        elif isinstance(event, Reading) and not event.stored and event.quality is Quality.GOOD:
            self._count(event, now, self._ground.ward.out(self._subject.id, now) is None)
            yield from self._morning(now)
            yield from self._night(now)

    def _count(self, event: Reading, now: Moment, at_home: bool) -> None:
        heard_at = self._meter.heard_at
        used = self._meter.count(float(event.value), event.at)
        whole = at_home and heard_at is not None and event.at - heard_at <= _GAP_S
        if now.time_of_day_s < _NOON_S:
            self._after_noon = 0.0
            self._mornings.add(now.day, used, whole)
        else:
            self._after_noon += used
        if NIGHT.holds(now):
            self._nights.add(now.day + (now.time_of_day_s >= NIGHT.start_s), used, whole)

    def _morning(self, now: Moment) -> Iterable[Finding]:
        usual = self._mornings.usual(self._settings.days, self._settings.least_days)
        used = self._mornings.today()
        if now.time_of_day_s < _NOON_S or now.day != self._mornings.day or usual is None or used is None:
            return
        least = usual * self._settings.noon_share
        little = used + self._after_noon < least
        yield from self._judge("little", little, now, because("power_little", used=used, usual=usual))

    def _night(self, now: Moment) -> Iterable[Finding]:
        usual = self._nights.usual(self._settings.days, self._settings.least_days)
        if not NIGHT.holds(now):
            yield from self._judge("much", None, now, because("night_over"))
            return
        for_h = self._settings.night_for_h
        began = (now.time_of_day_s - NIGHT.start_s) % 86_400.0 >= for_h * 3600
        if usual is None or not began:
            return
        used = self._meter.used_since(now.monotonic - for_h * 3600)
        much = used > self._settings.night_times * usual * for_h / _NIGHT_H > 0
        yield from self._judge("much", much, now, because("power_much", used=used, hours=for_h))

    def _judge(self, name: str, bad: bool | None, now: Moment, why: Reason) -> Iterable[Finding]:
        """Note whether `name` holds; None: it can no longer, which says nothing about the rest."""
        if bad and name not in self._why:
            self._why.add(name)
            yield self._finding(now, why, active=True)
        elif not bad and (name in self._why or (bad is False and not self._said_normal)):
            self._why.discard(name)
            if not self._why:
                self._said_normal = True
                yield self._finding(now, why, active=False)

    def _finding(self, now: Moment, why: Reason, active: bool) -> Finding:
        return Finding("no_electricity_use", self._subject, Priority.MEDIUM, now.monotonic, (why,), active=active)


ELECTRICITY_ROW = RuleRow(
    "electricity_use", ElectricityUseRule, Scope.ROOM, quantities=("electric_energy",), acts=("back",)
)
