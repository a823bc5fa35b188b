"""The table of an alarm's life, cell by cell."""

import itertools

import pytest

from agent.alarms.alarm import Action, CommandError, State
from agent.alarms.lifecycle import TABLE, TECHNICAL, Turn, after
from agent.rules.finding import AlarmClass

R, S, A, C = State.RAISED, State.SEEN, State.ATTENDED, State.CLOSED
FORBIDDEN = None

# One column a step, in this order; one row a state.
STEPS = (*Action, *Turn)
PHYSIOLOGICAL_CELLS = {
    R: (S, A, FORBIDDEN, R, R, FORBIDDEN, C),
    S: (S, A, FORBIDDEN, R, R, R, C),
    A: (A, A, C, FORBIDDEN, A, FORBIDDEN, C),
    C: (FORBIDDEN,) * 7,
}
TECHNICAL_CELLS = {**PHYSIOLOGICAL_CELLS, S: (S, A, C, R, R, R, C)}


@pytest.mark.parametrize(("state", "column"), list(itertools.product(State, range(len(STEPS)))))
@pytest.mark.parametrize("alarm_class", AlarmClass)
def test_each_cell(state: State, column: int, alarm_class: AlarmClass) -> None:
    cells = TECHNICAL_CELLS if alarm_class is AlarmClass.TECHNICAL else PHYSIOLOGICAL_CELLS
    expected, step = cells[state][column], STEPS[column]
    if expected is FORBIDDEN:
        with pytest.raises(CommandError) as refused:
            after(state, step, alarm_class)
        assert refused.value.code == "not_in_this_state"
    else:
        assert after(state, step, alarm_class) is expected


def test_nothing_leaves_closed() -> None:
    assert all(state is not C for state, _ in {**TABLE, **TECHNICAL})
