"""Expected against raised, sounded, stored and received. Pure: what was seen comes in as values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from agent.rules.finding import Priority
from tests.simulator.ward.plan import Expected

SOUND_S = 2.0  # from the decision to the buzzer (domain 3.6)


@dataclass(frozen=True, slots=True)
class Seen:
    """One alarm as the store's log tells it: when it was raised, and when it first had each priority (monotonic)."""

    id: str
    kind: str
    subject: str
    raised_at: float
    reached: tuple[tuple[Priority, float], ...]

    def reached_at(self, priority: Priority) -> float | None:
        """When it was first at `priority` or above."""
        return min((at for one, at in self.reached if one >= priority), default=None)


@dataclass(frozen=True, slots=True)
class Row:
    """One happening: seconds from the act to each stage, None where it did not come; `faults` in words."""

    what: str
    raised_s: float | None
    priority_s: float | None
    sounded_s: float | None
    stored: bool
    received: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All happenings, alarms that nobody expected, and ids that the platform keeps twice."""

    rows: tuple[Row, ...]
    extra: tuple[str, ...]
    doubles: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything came, once, in time, and nothing else."""
        return not self.extra and not self.doubles and not any(row.faults for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"ok": self.ok, **asdict(self)}


def alarms_in(events: Iterable[Mapping[str, Any]]) -> list[Seen]:
    """The alarms that CloudEvents of the alarms lane tell of, in the order in which they were raised."""
    found: dict[str, Seen] = {}
    for event in events:
        if not event["type"].startswith("nightlamp.alarm."):
            continue
        alarm = event["data"]["alarm"]
        before = found.get(alarm["id"])
        reached = (*(before.reached if before else ()), (Priority.of(alarm["priority"]), alarm["changed_at"]))
        found[alarm["id"]] = Seen(alarm["id"], alarm["kind"], alarm["subject"]["id"], alarm["raised_at"], reached)
    return list(found.values())


def judge(
    expected: Sequence[Expected],
    acted_at: Mapping[str, float | None],
    stored: Sequence[Seen],
    sounded: Mapping[str, float],
    received: Sequence[Mapping[str, Any]],
) -> Verdict:
    """The verdict; `received` are the rows of the platform's journal, kept ones only, `sounded` is by alarm id."""
    there = {seen.id for seen in alarms_in(received)}
    rows, met = [], set()
    for one in expected:
        candidates = [seen for seen in stored if (seen.kind, seen.subject) == (one.kind, one.subject)]
        met |= {seen.id for seen in candidates}
        rows.append(_row(one, acted_at.get(one.act), candidates, sounded, there))
    extra = tuple(f"{seen.kind} for {seen.subject}" for seen in stored if seen.id not in met)
    ids = [row["id"] for row in received]
    return Verdict(tuple(rows), extra, tuple(sorted({id_ for id_ in ids if ids.count(id_) > 1})))


def _row(
    one: Expected, at: float | None, candidates: Sequence[Seen], sounded: Mapping[str, float], there: set[str]
) -> Row:
    if at is None or not candidates:
        why = "the act did not happen" if at is None else "missing"
        return Row(one.what, None, None, None, stored=False, received=False, faults=(why,))
    seen = candidates[0]
    reached, sound = seen.reached_at(one.priority), sounded.get(seen.id)
    faults = []
    if len(candidates) > 1:
        faults.append(f"raised {len(candidates)} times")
    if seen.raised_at < at:
        faults.append("raised before the act")
    if seen.raised_at - at > one.raised_s:
        faults.append(f"late: more than {one.raised_s:g} s")
    if reached is None or reached - at > one.within_s:
        faults.append(f"not {one.priority.label} within {one.within_s:g} s")
    if sound is None or sound - seen.raised_at > SOUND_S:
        faults.append("did not sound in time")
    if seen.id not in there:
        faults.append("not received")
    return Row(
        one.what,
        round(seen.raised_at - at, 3),
        None if reached is None else round(reached - at, 3),
        None if sound is None else round(sound - at, 3),
        stored=True,
        received=seen.id in there,
        faults=tuple(faults),
    )
