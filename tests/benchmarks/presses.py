"""Which press became which alarm, and how long each stage took. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.figures import quantile

Interval = tuple[float, float]
Phase = Callable[[float], bool]  # whether a monotonic second lies in it


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed at monotonic `at`, just before its first byte was written."""

    subject: str
    at: float


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm as the store's log tells of it; `again`: how often the log adds a further press to it."""

    id: str
    subject: str
    at: float
    again: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The alarm of one press, and when the buzzer's line went on for it."""

    press: Press
    raised_at: float
    line_at: float

    @property
    def total_ms(self) -> float:
        """From byte to line."""
        return (self.line_at - self.press.at) * 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Presses with exactly one alarm and a sound, presses without, and alarms or repeats beyond one a press."""

    answers: tuple[Answer, ...]
    lost: int
    double: int


def calls_in(events: Iterable[Mapping[str, Any]]) -> list[Raised]:
    """The calls (kind ``sos``) that CloudEvents of the alarms lane tell of."""
    found: dict[str, Raised] = {}
    for event in events:
        alarm = event["data"].get("alarm", {})
        if alarm.get("kind") != "sos":
            continue
        before = found.get(alarm["id"])
        again = before.again if before else 0
        again += event["data"]["happened"] == "changed"
        found[alarm["id"]] = Raised(alarm["id"], alarm["subject"]["id"], alarm["raised_at"], again)
    return list(found.values())


def match(presses: Sequence[Press], calls: Sequence[Raised], lines: Mapping[str, float]) -> Outcome:
    """Each press gets the alarms of its resident that were raised before that resident's next press."""
    answers, lost = [], 0
    double = sum(call.again for call in calls)
    by_subject: dict[str, list[Press]] = {}
    for press in sorted(presses, key=lambda one: one.at):
        by_subject.setdefault(press.subject, []).append(press)
    met: set[str] = set()
    for subject, own in by_subject.items():
        raised = sorted((call for call in calls if call.subject == subject), key=lambda call: call.at)
        for press, following in zip(own, [*own[1:], None], strict=True):
            end = following.at if following else float("inf")
            here = [call for call in raised if press.at <= call.at < end]
            met |= {call.id for call in here}
            double += max(0, len(here) - 1)
            if here and here[0].id in lines:
                answers.append(Answer(press, here[0].at, lines[here[0].id]))
            else:
                lost += 1
    double += sum(call.id not in met for call in calls)  # an alarm that nobody pressed for
    return Outcome(tuple(answers), lost, double)


def stages(outcome: Outcome, phases: Mapping[str, Phase]) -> dict[str, float]:
    """The figures of the benchmark `latency`, in ms: each stage, and the total in each phase with its presses."""
    spans: dict[str, list[float]] = {"byte to raised": [], "raised to line": [], "total": []}
    in_phase: dict[str, list[float]] = {name: [] for name in phases}
    for one in outcome.answers:
        spans["byte to raised"].append((one.raised_at - one.press.at) * 1000)
        spans["raised to line"].append((one.line_at - one.raised_at) * 1000)
        spans["total"].append(one.total_ms)
        for name, lies_in in phases.items():
            if lies_in(one.press.at):
                in_phase[name].append(one.total_ms)
    values = {
        f"{stage} {words}": quantile(own, share)
        for stage, own in spans.items()
        for words, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    }
    for name, own in in_phase.items():
        values |= {f"total p99, {name}": quantile(own, 0.99), f"presses, {name}": len(own)}
    presses = len(outcome.answers) + outcome.lost
    return values | {"presses": presses, "presses lost": outcome.lost, "presses double": outcome.double}


def slowest(outcome: Outcome, phases: Mapping[str, Phase], count: int, begin: float) -> str:
    """The slowest presses in words: ms, seconds after `begin`, and what went on."""
    worst = sorted(outcome.answers, key=lambda one: -one.total_ms)[:count]
    return "; ".join(
        f"{one.total_ms:.0f} ms at {one.press.at - begin:.1f} s ("
        + (", ".join(name for name, lies_in in phases.items() if lies_in(one.press.at)) or "nothing else")
        + ")"
        for one in worst
    )


def within(intervals: Sequence[Interval]) -> Phase:
    """Whether a moment lies in one of `intervals`."""
    return lambda at: any(begin <= at <= end for begin, end in intervals)
