"""What a person asks for: signed, with its reason, and refused in words."""

import pytest

from agent.alarms.alarm import Action, AlarmEvent, Cause, Command, CommandError, Happened
from agent.alarms.standing import Noted, StandingEvent
from agent.rules.reason import because
from tests.alarms.engines import alarms
from tests.alarms.quiet_home import Home


def do(home: Home, action: Action, cause: Cause | None = None) -> AlarmEvent:
    """What the first event of the command tells."""
    return alarms(home.engine.command(Command(action, home.engine.open[0].id, "wang", cause), home.moment))[0]


def test_each_is_signed_and_only_the_end_has_a_cause() -> None:
    home = Home()
    home.find("sos", happening=True)
    told = [do(home, action, Cause.FALL) for action in Action]
    assert [(event.happened, event.actor) for event in told] == [
        (Happened.SEEN, "wang"),
        (Happened.ATTENDED, "wang"),
        (Happened.CLOSED, "wang"),
    ]
    assert [event.reasons for event in told] == [(), (), (because("cause", cause="fall"),)]
    assert [event.alarm.cause for event in told] == ["", "", "fall"]


@pytest.mark.parametrize("cause", [None, Cause.RESTORED])
def test_a_closing_without_a_cause_of_a_person_s_is_refused(cause: Cause | None) -> None:
    home = Home()
    home.find("sos", happening=True)
    do(home, Action.ATTEND)
    with pytest.raises(CommandError, match=r"^closing an alarm needs a cause$") as refused:
        do(home, Action.CLOSE, cause)
    assert refused.value.code == "cause_needed"


def test_an_alarm_that_is_not_open_is_named() -> None:
    home = Home()
    with pytest.raises(CommandError, match=r"^no open alarm a-9; somebody may have closed it$") as refused:
        home.engine.command(Command(Action.SEE, "a-9", "wang"), home.moment)
    assert refused.value.code == "unknown_alarm"


def test_a_pause_whose_time_is_over_is_ended_by_the_system() -> None:
    home = Home()
    home.find("spo2_low")
    home.pause(60.0)
    (over,) = [one for one in home.tick(60.0) if isinstance(one, StandingEvent)]
    assert (over.noted, over.actor, over.open, over.reasons) == (
        Noted.RESUMED,
        "system",
        False,
        (because("time_over"),),
    )
