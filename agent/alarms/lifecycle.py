"""The life of an alarm as a table: which step leads where, and who may close what.

Design "Alarm life cycle": raised -> seen -> attended -> closed. A physiological alarm is closed only after somebody
was there; a technical one may be closed by whoever has seen it. A second tap on the same button, from another panel,
changes nothing and is no error.
"""

from enum import StrEnum
from types import MappingProxyType

from agent.alarms.alarm import Action, CommandError, State
from agent.rules.finding import AlarmClass


class Turn(StrEnum):
    """What time and new evidence do to an alarm."""

    NEW_HAPPENING = "new_happening"  # pressed again, fell again
    WORSE = "worse"  # its priority rose
    UNATTENDED = "unattended"  # seen, but nobody arrived in time
    RESTORED = "restored"  # a technical condition ended by itself


_R, _S, _A, _C = State.RAISED, State.SEEN, State.ATTENDED, State.CLOSED

# Rows: state; a missing cell is forbidden (for Turns: it cannot happen to such an alarm).
TABLE: MappingProxyType[tuple[State, Action | Turn], State] = MappingProxyType(
    {
        (_R, Action.SEE): _S,
        (_R, Action.ATTEND): _A,
        (_S, Action.SEE): _S,
        (_S, Action.ATTEND): _A,
        (_A, Action.SEE): _A,
        (_A, Action.ATTEND): _A,
        (_A, Action.CLOSE): _C,
        (_R, Turn.NEW_HAPPENING): _R,
        (_S, Turn.NEW_HAPPENING): _R,
        (_R, Turn.WORSE): _R,
        (_S, Turn.WORSE): _R,
        (_A, Turn.WORSE): _A,
        (_S, Turn.UNATTENDED): _R,
        (_R, Turn.RESTORED): _C,
        (_S, Turn.RESTORED): _C,
        (_A, Turn.RESTORED): _C,
    }
)

# Cells that technical alarms have besides.
TECHNICAL: MappingProxyType[tuple[State, Action | Turn], State] = MappingProxyType({(_S, Action.CLOSE): _C})


def after(state: State, step: Action | Turn, alarm_class: AlarmClass) -> State:
    """The state that `step` leads to; raises `CommandError` where the table has no cell."""
    following = TABLE.get((state, step))
    if following is None and alarm_class is AlarmClass.TECHNICAL:
        following = TECHNICAL.get((state, step))
    if following is None:
        raise CommandError("not_in_this_state", f"an alarm that is {state.value} cannot be {step.value}")
    return following
