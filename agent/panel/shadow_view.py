"""What the pages show of cameras on trial, in words. Pure."""

import time
from dataclasses import dataclass

from agent.alarms.snapshot import Snapshot
from agent.panel.view import actor
from agent.panel.words import word
from agent.shadow.candidate import Candidate, Kind, Label
from agent.shadow.proposal import Forecast, Proposal, Why
from agent.shadow.status import Counts, ShadowStatus, raises

LEAST_H = 24.0
_LABELS = (tuple(Label), (Label.FELL, Label.NOT))  # of a candidate; of a fall that somebody noted
_WHY = {Why.FALLS: "proposal_falls", Why.HIGHEST: "proposal_highest"}


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One candidate: when and where, what it looked like, and what somebody said. `labels`: what can be said."""

    id: str
    clock: str
    what: str
    raised: bool
    said: str
    label: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """One way to switch: the words of its button, and what it sends."""

    text: str
    mode: str
    threshold: float | None


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One camera on trial or live; `consequence`: what must be known before it is switched."""

    camera: str
    place: str
    shadow: bool
    mode: str
    counts: tuple[str, ...]
    forecast: tuple[str, ...]
    waiting: str
    recent: tuple[CandidateRow, ...]
    switch: str
    consequence: tuple[str, ...]
    switches: tuple[Switch, ...]


def cameras(snapshot: Snapshot, language: str) -> tuple[CameraRow, ...]:
    """Every camera; those in shadow first, since people wait for something there."""
    rows = sorted(snapshot.shadows, key=lambda one: (not one.shadow, one.camera))
    return tuple(_camera(one, language) for one in rows)


def lines(one: ShadowStatus, language: str) -> tuple[str, ...]:
    """All that is to be known of a camera but the single candidates, a sentence each."""
    return (_mode(one, language), *_forecasts(one, language), *_both(one, language))


def modes(snapshot: Snapshot, language: str) -> dict[str, str]:
    """What is to be said wherever the state of a camera is shown; nothing of a live one."""
    return {one.camera: word("shadow_is", language) for one in snapshot.shadows if one.shadow}


def waiting(snapshot: Snapshot) -> int:
    """How many candidates of the last shift wait for a word."""
    return sum(one.waiting for one in snapshot.shadows if one.shadow)


def _camera(one: ShadowStatus, language: str) -> CameraRow:
    return CameraRow(
        one.camera,
        one.place,
        one.shadow,
        _mode(one, language),
        _both(one, language),
        _forecasts(one, language),
        word("candidates_waiting", language, count=one.waiting) if one.waiting else "",
        tuple(_candidate(found, one.threshold, language) for found in one.recent),
        word("to_live" if one.shadow else "to_shadow", language),
        _consequence(one, language),
        _switches(one, language),
    )


def _mode(one: ShadowStatus, language: str) -> str:
    return word("shadow_is" if one.shadow else "live_is", language)


def _both(one: ShadowStatus, language: str) -> tuple[str, ...]:
    return tuple(_counts(name, counts, language) for name, counts in (("day", one.day), ("window", one.window)))


def _counts(name: str, counts: Counts, language: str) -> str:
    told = word(f"counts_{name}", language, told=counts.told, noted=counts.noted)
    raised = "" if counts.raised is None else word("counts_raised", language, raised=counts.raised)
    labels = word(
        "counts_labels",
        language,
        fell=counts.fell,
        not_fell=counts.not_fell,
        unsure=counts.unsure,
        unlabelled=counts.unlabelled,
    )
    between = "；" if language == "zh" else "; "
    return between.join(text for text in (told, raised, labels) if text)


def _forecasts(one: ShadowStatus, language: str) -> tuple[str, ...]:
    """A rate a week is told once a day was watched: of some minutes it would be thousands, and mean nothing."""
    too_early = one.now is None or one.proposal.hours < LEAST_H
    found = [] if one.now is None or too_early else [_forecast("in_force", one.now, language)]
    return (*found, *_proposal(one.proposal, language))


def _proposal(proposal: Proposal, language: str) -> tuple[str, ...]:
    if proposal.forecast is None:
        return (word("not_enough_hours", language, hours=f"{proposal.hours:.0f}", needed=f"{proposal.needed_h:.0f}"),)
    told = _forecast("proposal", proposal.forecast, language)
    why = _WHY.get(proposal.why)
    return (told,) if why is None else (told, word(why, language, goal=f"{proposal.goal_a_week:g}"))


def _forecast(name: str, one: Forecast, language: str) -> str:
    told = word(
        name,
        language,
        threshold=f"{one.threshold:.2f}",
        a_week=f"{one.a_week:.1f}",
        low=f"{one.low:.1f}",
        high=f"{one.high:.1f}",
    )
    unknown = word("forecast_unknown", language, unknown=one.unknown) if one.unknown else ""
    falls = word("forecast_falls", language, found=one.found, falls=one.falls) if one.falls else ""
    return told + unknown + falls


def _candidate(one: Candidate, threshold: float | None, language: str) -> CandidateRow:
    kind = word(f"kind_{one.kind}", language, score=f"{one.score:.2f}")
    said = "" if one.label is None else f"{word(f'label_{one.label}', language)} · {actor(one.by)}"
    raised = threshold is not None and raises(one, threshold)
    clock = time.strftime("%H:%M:%S", time.localtime(one.wall))
    return CandidateRow(one.id, clock, kind, raised, said, one.label or "", _LABELS[one.kind is Kind.NOTED])


def _consequence(one: ShadowStatus, language: str) -> tuple[str, ...]:
    if not one.shadow:
        return (word("to_shadow_means", language, camera=one.camera),)
    unknown = word("to_live_unknown", language) if one.proposal.forecast is None else ""
    return tuple(text for text in (word("to_live_means", language, camera=one.camera), unknown) if text)


def _switches(one: ShadowStatus, language: str) -> tuple[Switch, ...]:
    own = one.threshold if one.own else None
    if not one.shadow:
        return (Switch(word("to_shadow_yes", language), "shadow", own),)
    told = "" if one.threshold is None else f" {one.threshold:.2f}"
    ways = [Switch(word("to_live_as_it_is", language, threshold=told), "live", own)]
    proposed = one.proposal.forecast
    if proposed is not None and proposed.threshold != one.threshold:
        text = word("to_live_proposed", language, threshold=f"{proposed.threshold:.2f}")
        ways.insert(0, Switch(text, "live", proposed.threshold))
    return tuple(ways)
