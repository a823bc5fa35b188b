"""What each step of its life writes on an alarm. Pure."""

from dataclasses import replace

from agent.alarms.alarm import Action, Alarm, Cause, Command, State
from agent.alarms.evidence import merged
from agent.alarms.lifecycle import Turn, after
from agent.moment import Moment
from agent.rules.finding import Finding
from agent.rules.kinds import KINDS


def born(finding: Finding, id_: str, moment: Moment) -> Alarm:
    """The alarm that `finding` raises."""
    kind = KINDS[finding.kind]
    return Alarm(
        id=id_,
        kind=finding.kind,
        alarm_class=kind.alarm_class,
        priority=finding.priority,
        subject=finding.subject,
        state=State.RAISED,
        raised_at=moment.monotonic,
        raised_wall=moment.wall,
        changed_at=moment.monotonic,
        rung_at=moment.monotonic,
        reasons=merged((), finding.reasons),
        devices=(finding.device,) if finding.device else (),
        holding=(finding.device,),
        latching=kind.latching,
        unverified=finding.unverified,
    )


def answered(alarm: Alarm, state: State, command: Command, moment: Moment) -> Alarm:
    """`alarm` in `state`, with who brought it there and when."""
    step = command.action.value
    signed = {f"{step}_by": command.actor, f"{step}_at": moment.monotonic, f"{step}_wall": moment.wall}
    cause = command.cause.value if command.cause and command.action is Action.CLOSE else ""
    changed = replace(alarm, state=state, changed_at=moment.monotonic, cause=cause, **signed)  # type: ignore[arg-type]
    return replace(changed, paused_by="", paused_until=0.0)


def ended(alarm: Alarm, moment: Moment) -> Alarm:
    """A technical alarm whose fault is over by itself."""
    return replace(
        alarm,
        state=after(alarm.state, Turn.RESTORED, alarm.alarm_class),
        closed_by="system",
        closed_at=moment.monotonic,
        closed_wall=moment.wall,
        cause=Cause.RESTORED.value,
    )


def moved(alarm: Alarm, shift_s: float | None, moment: Moment) -> Alarm:
    """`alarm` with its times moved to this boot's clock; None: nobody knows how long we slept, so they are now."""

    def at(known: float) -> float:
        return moment.monotonic if shift_s is None else known + shift_s

    return replace(
        alarm,
        raised_at=at(alarm.raised_at),
        changed_at=at(alarm.changed_at),
        rung_at=at(alarm.rung_at),
        onsets=tuple(map(at, alarm.onsets)),
        well_at=0.0 if alarm.condition else at(alarm.well_at),
        also=tuple(replace(one, at=at(one.at)) for one in alarm.also),
        paused_until=at(alarm.paused_until) if alarm.paused_until else 0.0,
        seen_at=at(alarm.seen_at) if alarm.seen_by else 0.0,
        attended_at=at(alarm.attended_at) if alarm.attended_by else 0.0,
    )
