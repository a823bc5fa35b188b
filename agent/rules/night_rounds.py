"""Rounds at night: due, recorded by a card or a tap, missed (GB 38600; domain 2.1, 2.6)."""

import math
from collections.abc import Iterable

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, FLAG, Keeps, maybe
from agent.moment import NIGHT, Moment
from agent.residents import Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading

_LOOK_AGAIN_S = 600.0  # while the clock is not set


class NightRoundRule(Rule):
    """One room where somebody lives: looked after each `round_min` of whoever there needs it most often.

    Nothing is known of rounds before a restart but what people tapped: time counts from the first moment on, since
    an alarm for every room at once would be the agent's fault and not the carers'.
    """

    keeps = Keeps(
        1,
        _last=maybe(AT),
        _asked=FLAG,
        _missed=FLAG,
        _night=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._subject = about
        self._settings = ground.settings.care
        own = [one.round_min for one in ground.site.living_in(about.id) if one.round_min > 0]
        self._every_s = min(own, default=self._settings.round_min) * 60
        self._last: float | None = None  # a round, or when counting began
        self._asked = self._missed = False
        self._night = False
        self._said_normal = False  # once at the start, so that what was open before a restart can end
        self.due = -math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A round ends what was due."""
        by = self._by(event)
        if not by:
            return
        self._last = event.at if self._last is None else max(self._last, event.at)
        yield from self._over(now, because("round_done", by=by))
        self.due = now.monotonic

    def tick(self, now: Moment) -> Iterable[Said]:
        """A task when a round is due, an alarm when it is overdue."""
        if not now.wall_known:
            self.due = now.monotonic + _LOOK_AGAIN_S
            return
        if not NIGHT.holds(now):
            if self._night:
                yield from self._over(now, because("night_over"))
            self._night = False
            self.due = now.monotonic + NIGHT.next_start_s(now)
            return
        if not self._night:
            self._night = True
            evening = now.monotonic - (now.time_of_day_s - NIGHT.start_s) % 86_400.0
            self._last = max(evening, self._last if self._last is not None else now.monotonic)
        last = self._last if self._last is not None else now.monotonic
        if now.monotonic >= last + self._every_s and self._empty(now):
            last = self._last = now.monotonic
        overdue = last + self._every_s + self._settings.round_overdue_min * 60
        why = because("round_ago", for_min=(now.monotonic - last) / 60, every_min=self._every_s / 60)
        if now.monotonic >= last + self._every_s and not self._asked:
            self._asked = True
            yield Task("round_due", self._subject, now.monotonic, (why,), due=last + self._every_s)
        if now.monotonic >= overdue and not self._missed:
            self._missed = True
            yield self._finding(now, why, active=True)
        due = last + self._every_s if not self._asked else overdue if not self._missed else math.inf
        self.due = min(due, now.monotonic + NIGHT.left_s(now))

    def _empty(self, now: Moment) -> bool:
        """Whether everybody who lives there has signed out."""
        ward = self._ground.ward
        return all(ward.out(one.id, now) for one in self._ground.site.living_in(self._subject.id))

    def _by(self, event: Event) -> str:
        """Who did a round; empty for a card of nobody, and for another task."""
        if isinstance(event, Act):
            return event.actor if event.name == "round" or event.value == "round_due" else ""
        if not isinstance(event, Reading) or event.stored:
            return ""
        return self._ground.site.roster.member_of_card(str(event.value))

    def _over(self, now: Moment, why: Reason) -> Iterable[Said]:
        if self._asked or not self._said_normal:
            yield Task("round_due", self._subject, now.monotonic, (why,), active=False)
        if self._missed or not self._said_normal:
            yield self._finding(now, why, active=False)
        self._asked = self._missed = False
        self._said_normal = True

    def _finding(self, now: Moment, why: Reason, active: bool) -> Finding:
        priority = Priority.of(self._settings.round_missed)
        return Finding("round_missed", self._subject, priority, now.monotonic, (why,), active=active)


def rooms_lived_in(site: Site) -> Iterable[Subject]:
    """Every room where a resident lives."""
    rooms = sorted({one.room for one in site.residents.values()} - {""})
    return [Subject(SubjectKind.PLACE, room, room) for room in rooms]


ROUNDS_ROW = RuleRow(
    "night_rounds",
    NightRoundRule,
    Scope.ROOM,
    quantities=("card",),
    acts=("round", "task_done"),
    watches=rooms_lived_in,
)
