"""The residents and devices of the rule tests, and a way to let a rule live through time."""

import math
from collections.abc import Iterable

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Decline, Finding, Priority, Prompt, Said, Task
from agent.rules.ground import Ground
from agent.rules.kinds import KINDS
from agent.rules.prompts import PROMPTS
from agent.rules.reason import Reason
from agent.rules.rule import Rule
from agent.rules.settings import RuleSettings
from agent.rules.tasks import TASKS
from agent.rules.words import WORDS
from agent.staff import Member, Roster
from drivers.reading import Quality, Reading

H, MIN = 3600.0, 60.0
MIDNIGHT = 1_799_942_400.0  # 00:00 of a day in 2027, in China
EIGHT_PM = MIDNIGHT + 20 * H

SITE = Site.of(
    [
        Resident("r-1", "甲", "201", fall_risk=FallRisk.HIGH),
        Resident("r-2", "乙", "202", spo2_scale_2=True),
    ],
    [
        Binding("dev-1", DeviceRole.BED, resident="r-1"),
        Binding("dev-2", DeviceRole.BED, resident="r-2"),
        Binding("contact", DeviceRole.LIFE_SAFETY, room="201"),
    ],
)
R1 = Subject(SubjectKind.RESIDENT, "r-1", "201")
R2 = Subject(SubjectKind.RESIDENT, "r-2", "202")

# of the rules of care: one resident in a room with a reader of cards and a sensor of motion
ROOM = Subject(SubjectKind.PLACE, "201", "201")
RESIDENT = Resident("r-1", "甲", "201")


def home(*residents: Resident, meals: tuple[float, ...] = ()) -> Site:
    """That home, or the same room with other residents."""
    bindings = [Binding("reader", DeviceRole.READER, room="201"), Binding("pir", DeviceRole.ENVIRONMENT, room="201")]
    return Site.of(
        residents or [RESIDENT], bindings, roster=Roster.of([Member("s-1", card="c-1")], [], []), meals=meals
    )


def act(name: str, when: float, subject: Subject = R1, value: str | float | bool = True) -> Act:
    """What the one member of staff of that home did."""
    return Act(name, subject, when, "s-1", value)


def reading(
    quantity: str, value: float | bool | str, at: float, quality: Quality = Quality.GOOD, device: str = "dev-1"
) -> Reading:
    return Reading(device, quantity, value, at, quality)


def at(seconds: float, wall: float = MIDNIGHT) -> Moment:
    """Monotonic `seconds`, when monotonic 0 was `wall` (local midnight unless said otherwise)."""
    return Moment(seconds, wall + seconds)


def ground(site: Site = SITE, settings: RuleSettings | None = None) -> Ground:
    """The ground that a rule under test stands on."""
    return Ground.of(site, settings)


def device(name: str, site: Site = SITE) -> Subject:
    """What a rule of scope DEVICE is told to watch."""
    return site.device_subject(name)


def play(
    rule: Rule, events: Iterable[Event], until: float = 0.0, wall: float = MIDNIGHT, on: Ground | None = None
) -> list[tuple[float, Said]]:
    """Feed the events at their own times, tick when the rule wants to between them and until `until`; (time, said).

    Ticks come at whole seconds, as the heart gives them. `on`: its ward hears the events too, as the host does it.
    """
    said: list[tuple[float, Said]] = []
    now = 0.0

    def pass_time(to: float) -> None:
        nonlocal now
        while (due := max(math.ceil(rule.due) if math.isfinite(rule.due) else rule.due, now + 1)) <= to:
            now = due
            said.extend((now, one) for one in rule.tick(at(now, wall)))
            assert rule.due > now, f"{type(rule).__name__} wants a tick at {rule.due}, which is over at {now}"

    for event in events:
        pass_time(event.at)
        moment = at(event.at, wall)
        if on is not None:
            on.ward.take(event, moment)
        said += [(event.at, one) for one in rule.feed(event, moment)]
        now = max(now, event.at)
    pass_time(until)
    for when, one in said:
        assert one.at == when, one
        check_whole(one)
    return said


def check_whole(one: Said) -> None:
    """Raise AssertionError if something in what a rule said has no name, no subject or no words."""
    assert isinstance(one.subject, Subject), one
    for reason in one.reasons:
        assert all(isinstance(value, str | float | int) for _, value in reason.values), one
        assert all(words.format(**dict(reason.values)) for words in WORDS[reason.code]), one  # it can be read
    if isinstance(one, Prompt):
        assert one.text in PROMPTS, one
        return
    assert one.kind in (TASKS if isinstance(one, Task) else KINDS), one
    assert isinstance(one.device, str), one
    assert isinstance(one, Decline) or isinstance(one.active, bool), one
    assert not isinstance(one, Finding) or isinstance(one.priority, Priority), one


def said_as(said: Iterable[tuple[float, Said]]) -> list[str]:
    """Each word of a rule whole, as one line: ``TIME WHAT SUBJECT[ by DEVICE][, FLAG …]: REASON, …``.

    WHAT is ``KIND PRIORITY`` or ``KIND over PRIORITY`` of a finding, ``left KIND`` of a decline, ``asks TEXT`` of a
    prompt, ``task KIND[ due TIME]`` or ``done KIND`` of a task.
    """
    return [f"{when:.10g} {_what(one)}: {', '.join(_why(reason) for reason in one.reasons)}" for when, one in said]


def _what(one: Said) -> str:
    match one:
        case Prompt():
            return f"asks {one.text} {one.subject.id}"
        case Decline():
            what = f"left {one.kind} {one.subject.id}"
        case Task():
            due = "" if one.due is None else f" due {one.due:.10g}"
            what = f"{'task' if one.active else 'done'} {one.kind}{due} {one.subject.id}"
        case Finding():
            what = f"{one.kind} {'' if one.active else 'over '}{one.priority.label} {one.subject.id}"
            what += ", happening" * one.happening + ", unverified" * one.unverified
    return f"{what} by {one.device}" if one.device else what


def _why(reason: Reason) -> str:
    values = (f"{name}={value:.6g}" if isinstance(value, float) else f"{name}={value}" for name, value in reason.values)
    return " ".join((reason.code, *values))


def live(
    rule: Rule, events: Iterable[Event], until: float = 0.0, wall: float = MIDNIGHT, on: Ground | None = None
) -> list[tuple[float, Finding]]:
    """As `play`, the findings alone."""
    return [(when, one) for when, one in play(rule, events, until, wall, on) if isinstance(one, Finding)]


def declined(said: Iterable[tuple[float, Said]]) -> list[tuple[float, Decline]]:
    """What was weighed and left."""
    return [(when, one) for when, one in said if isinstance(one, Decline)]


def asked(said: Iterable[tuple[float, Said]]) -> list[tuple[float, Prompt]]:
    """What was asked aloud."""
    return [(when, one) for when, one in said if isinstance(one, Prompt)]


def tasks(said: Iterable[tuple[float, Said]]) -> list[tuple[float, Task]]:
    """What somebody should do."""
    return [(when, one) for when, one in said if isinstance(one, Task)]


def words(said: Iterable[tuple[float, Said]]) -> list[tuple[float, str]]:
    """Each finding and task as (time, ``KIND begins`` or ``KIND ends``)."""
    told = []
    for when, one in said:
        assert isinstance(one, Finding | Task)
        told.append((when, f"{one.kind} {'begins' if one.active else 'ends'}"))
    return told
