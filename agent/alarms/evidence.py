"""What new evidence makes of an alarm: one happening is one alarm with all of it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from agent.alarms.alarm import Alarm, State
from agent.alarms.lifecycle import Turn, after
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason

REASONS_KEPT = 12  # an alarm shows its first reason and the newest others; the log keeps every one


def with_evidence(alarm: Alarm, finding: Finding, at: float) -> tuple[Alarm, Turn | None]:
    """`alarm` with `finding` added at monotonic `at`, and what turn that is for it."""
    own, priority = finding.kind == alarm.kind, _priority(alarm, finding)
    news = is_news(alarm, finding) and alarm.state is not State.ATTENDED  # whoever is there sees it
    turn = Turn.WORSE if priority > alarm.priority else Turn.NEW_HAPPENING if news else None
    state = after(alarm.state, turn, alarm.alarm_class) if turn else alarm.state
    back = _quiet_until_now(alarm)
    starts = back or turn is Turn.WORSE or state is not alarm.state
    devices = (*alarm.devices, finding.device) if finding.device not in ("", *alarm.devices) else alarm.devices
    changed = replace(
        alarm,
        subject=finding.subject if own else alarm.subject,  # who has moved since is where the newest word says
        priority=priority,
        state=state,
        holding=union(alarm.holding, (finding.device,)) if own else alarm.holding,
        well_at=0.0 if own else alarm.well_at,
        changed_at=at if back or turn else alarm.changed_at,
        rung_at=at if starts else alarm.rung_at,
        reasons=merged(alarm.reasons, finding.reasons),
        devices=devices,
        unverified=alarm.unverified and finding.unverified,
        also=alarm.also if own else (*_others(alarm, finding), finding),
    )
    return changed, turn


def without(alarm: Alarm, finding: Finding, at: float) -> Alarm:
    """`alarm` after the device of `finding` has said, at monotonic `at`, that it is over."""
    if finding.kind != alarm.kind:
        return replace(alarm, also=_others(alarm, finding), reasons=merged(alarm.reasons, finding.reasons))
    holding = tuple(device for device in alarm.holding if device != finding.device)
    return replace(alarm, holding=holding, well_at=at, reasons=merged(alarm.reasons, finding.reasons))


def host_of(finding: Finding, alarms: Iterable[Alarm]) -> Alarm | None:
    """The alarm of another kind that `finding` belongs to, if its kind joins one; the likeliest of several.

    Whoever came after it began has seen to it; what began after they came is a happening of its own.
    """
    hosts = [
        alarm
        for alarm in alarms
        if alarm.kind == KINDS[finding.kind].joins
        and _may_be_one(alarm.subject, finding.subject)
        and (alarm.state is not State.ATTENDED or alarm.attended_at > finding.at - finding.lasts_s)
    ]
    return max(
        hosts,
        key=lambda one: (finding.device in one.devices, one.subject == finding.subject, one.raised_at),
        default=None,
    )


def joined(alarm: Alarm, finding: Finding) -> bool:
    """Whether `finding` is of something that goes on in `alarm`, which is of another kind."""
    return len(_others(alarm, finding)) < len(alarm.also)


def is_news(alarm: Alarm, finding: Finding) -> bool:
    """Whether `finding` tells of something new in itself: another press, or a second smoke detector."""
    kind = KINDS[finding.kind]
    own = finding.kind == alarm.kind
    begins = finding.device not in alarm.holding if own else not joined(alarm, finding)
    return finding.happening or (begins and kind.unsuppressible and not kind.one_off)


def is_another(alarm: Alarm, finding: Finding, now: float, again_s: float) -> bool:
    """Whether `finding` is another alarm beside `alarm`, since staff have been there for that one.

    So is what begins anew or gets worse `again_s` after they came: nobody closed the alarm, and nobody would hear.
    """
    if alarm.state is not State.ATTENDED:
        return False
    changes = not alarm.condition or finding.priority > alarm.priority
    return is_news(alarm, finding) or (changes and now - alarm.changed_at >= again_s)


def is_known(alarm: Alarm, finding: Finding) -> bool:
    """Whether `finding` only says what `alarm` says already."""
    return finding.device in alarm.holding and alarm.priority >= finding.priority and not finding.happening


def as_findings(alarm: Alarm) -> tuple[Finding, ...]:
    """What goes on in `alarm`, as it would be raised anew: one a kind and device."""
    why = alarm.reasons[:1]
    own = [Finding(alarm.kind, alarm.subject, alarm.priority, alarm.raised_at, why, device) for device in alarm.holding]
    also = [replace(one, happening=False) for one in alarm.also]
    return (*own, *also)


def sounds(alarm: Alarm) -> bool:
    """Whether it asks for the buzzer: unseen, and the condition holds, latches, or comes and goes."""
    return alarm.state is State.RAISED and (alarm.condition or alarm.latching or alarm.chattering)


def merged(old: tuple[Reason, ...], new: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """`old` with what is new in `new`, the first and the newest kept."""
    fresh = (*old, *(reason for reason in new if reason not in old))
    return fresh if len(fresh) <= REASONS_KEPT else (fresh[0], *fresh[1 - REASONS_KEPT :])


def union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """`old`, then what `new` adds."""
    return (*old, *(one for one in new if one not in old))


def _others(alarm: Alarm, finding: Finding) -> tuple[Finding, ...]:
    """What goes on in `alarm` beside `finding`."""
    key = (finding.kind, finding.subject, finding.device)
    return tuple(one for one in alarm.also if (one.kind, one.subject, one.device) != key)


def _may_be_one(one: Subject, other: Subject) -> bool:
    """Whether both may be the same person: somebody in a room may be whoever is known to be there."""
    nobody = SubjectKind.PLACE in (one.kind, other.kind)
    return one == other or (nobody and one.room == other.room != "")


def _quiet_until_now(alarm: Alarm) -> bool:
    """Unseen, but its cause was over: as it sounds again, its rung waits anew."""
    return alarm.state is State.RAISED and not alarm.sounding


def _priority(alarm: Alarm, finding: Finding) -> Priority:
    """A rule may lower its own verdict (a near fall); the milder word of a second device lowers nothing.

    Nor does another fall, or a milder word while somebody lies on the floor.
    """
    own = set(alarm.holding) <= {finding.device} or KINDS[alarm.kind].one_off
    lowers = own and finding.kind == alarm.kind and not finding.happening and not alarm.also
    return finding.priority if lowers else max(alarm.priority, finding.priority)
