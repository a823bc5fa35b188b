"""Expected against raised, sounded, stored and received. Pure: what was seen comes in as values."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from agent.annunciators.speech import EN, what
from agent.rules.finding import Priority
from agent.store.entry import STANDING
from tests.simulator.ward.plan import Beside, Expected

SOUND_S = 2.0  # from the decision to the buzzer (domain 3.6)


@dataclass(frozen=True, slots=True)
class Seen:
    """One alarm as the store's log tells it: when it was raised, and when it first had each priority (monotonic)."""

    id: str
    kind: str
    subject: str
    room: str
    raised_at: float
    people: tuple[str, ...]
    reached: tuple[tuple[Priority, float], ...]

    def reached_at(self, priority: Priority) -> float | None:
        """When it was first at `priority` or above."""
        return min((at for one, at in self.reached if one >= priority), default=None)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came out: first sound by alarm id and first light by room (monotonic), and what pagers showed."""

    sounded: Mapping[str, float] = field(default_factory=dict)
    paged: tuple[str, ...] = ()
    lit: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One happening: seconds from the act to each stage, None where it did not come; `faults` in words."""

    what: str
    raised_s: float | None
    priority_s: float | None
    sounded_s: float | None
    paged: bool
    lit: bool
    stored: bool
    received: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is no alarm, and what is wrong about it."""

    what: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All happenings, alarms that nobody expected, and ids that the platform keeps twice."""

    rows: tuple[Row, ...]
    extra: tuple[str, ...]
    doubles: tuple[str, ...]
    beside: tuple[Note, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything came, once, in time, and nothing else."""
        faults = [*(row.faults for row in self.rows), *(note.faults for note in self.beside)]
        return not self.extra and not self.doubles and not any(faults)

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
        subject = alarm["subject"]
        found[alarm["id"]] = Seen(
            alarm["id"], alarm["kind"], subject["id"], subject["room"] or subject["id"], alarm["raised_at"],
            tuple(alarm["people"]), reached,
        )  # fmt: skip
    return list(found.values())


def judge(
    expected: Sequence[Expected],
    acted_at: Mapping[str, float | None],
    stored: Sequence[Seen],
    heard: Heard,
    received: Sequence[Mapping[str, Any]],
) -> Verdict:
    """The verdict; `received` are the rows of the platform's journal, kept ones only."""
    there = {seen.id for seen in alarms_in(received)}
    rows, met = [], set()
    for one in expected:
        candidates = [seen for seen in stored if (seen.kind, seen.subject) == (one.kind, one.subject)]
        met |= {seen.id for seen in candidates}
        rows.append(_row(one, acted_at.get(one.act), candidates, heard, there))
    extra = tuple(f"{seen.kind} for {seen.subject}" for seen in stored if seen.id not in met)
    ids = [row["id"] for row in received]
    return Verdict(tuple(rows), extra, tuple(sorted({id_ for id_ in ids if ids.count(id_) > 1})))


def judge_beside(
    wanted: Iterable[Beside],
    acted_at: Mapping[str, float | None],
    events: Sequence[Mapping[str, Any]],
    received: Sequence[Mapping[str, Any]],
) -> tuple[Note, ...]:
    """Whether what is no alarm stands in the log, once each, and has reached the platform."""
    there = {row["id"] for row in received}
    notes = []
    for one in wanted:
        rows = [event for event in events if event["type"] == STANDING and _fits(one, event["data"])]
        faults = []
        if acted_at.get(one.act) is None:
            faults.append("the act did not happen")
        elif len(rows) != 1:
            faults.append(f"{len(rows)} times in the log" if rows else "missing")
        elif rows[0]["id"] not in there:
            faults.append("not received")
        notes.append(Note(one.what, tuple(faults)))
    return tuple(notes)


def _fits(one: Beside, data: Mapping[str, Any]) -> bool:
    """Whether a row of the log about a standing record is the one that is wanted."""
    codes = [reason["code"] for reason in data["reasons"]]
    kind = data["state"].get("kind", "")
    return data["noted"] == one.noted and one.kind in ("", kind) and (not one.reason or one.reason in codes)


def _row(one: Expected, at: float | None, candidates: Sequence[Seen], heard: Heard, there: set[str]) -> Row:
    if at is None or not candidates:
        why = "the act did not happen" if at is None else "missing"
        return Row(one.what, None, None, None, False, False, False, False, (why,))
    seen = candidates[0]
    reached, sound = seen.reached_at(one.priority), heard.sounded.get(seen.id)
    paged, lit = _paged(seen, heard), heard.lit.get(seen.room, math.inf) - at <= one.within_s + SOUND_S
    faults = {
        f"raised {len(candidates)} times": len(candidates) > 1,
        "raised before the act": seen.raised_at < at,
        f"late: more than {one.raised_s:g} s": seen.raised_at - at > one.raised_s,
        f"not {one.priority.label} within {one.within_s:g} s": reached is None or reached - at > one.within_s,
        "did not sound in time": sound is None or sound - seen.raised_at > SOUND_S,
        "nobody on duty was told": not seen.people,
        "no pager was called": not paged,
        "the lamp stayed dark": one.priority is Priority.HIGH and not lit,
        "not received": seen.id not in there,
    }
    return Row(
        one.what,
        round(seen.raised_at - at, 3),
        None if reached is None else round(reached - at, 3),
        None if sound is None else round(sound - at, 3),
        paged=paged,
        lit=lit,
        stored=True,
        received=seen.id in there,
        faults=tuple(words for words, so in faults.items() if so),
    )


def _paged(seen: Seen, heard: Heard) -> bool:
    """Whether a pager shows where to go and why; its display cuts the text off."""
    wanted = f"{seen.room} {what({'kind': seen.kind}, EN)}"
    return any(text and wanted.startswith(text) for text in heard.paged)
