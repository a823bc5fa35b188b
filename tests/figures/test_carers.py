"""Who is on duty."""

import pytest

from agent.figures.carers import always, by_roster
from agent.moment import DailySpan
from agent.staff import Duty, Member, Roster, Shift
from tests.figures.log import HOUR, MIDNIGHT

DAY, NIGHT = Shift("day", DailySpan(7 * HOUR, 19 * HOUR)), Shift("night", DailySpan(19 * HOUR, 7 * HOUR))
WEEKDAY = int(MIDNIGHT + 8 * HOUR) // 86400  # local days since 1970
FIRST = (WEEKDAY + 3) % 7


def test_a_number_is_a_number_above_nought() -> None:
    assert always(1.5)(MIDNIGHT) == 1.5
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="above 0"):
            always(wrong)


def test_the_roster_by_shift_and_by_the_day_on_which_the_shift_began() -> None:
    duties = [
        Duty("m-1", "day"),
        Duty("m-2", "day", "floor"),
        Duty("m-2", "day", "charge_nurse"),  # one person, two roles
        Duty("m-9", "day", "duty_manager"),
        Duty("m-3", "night", days=(FIRST,)),
        Duty("m-4", "night", days=(FIRST,)),
        Duty("m-5", "night", days=((FIRST + 1) % 7,)),
    ]
    on_duty = by_roster(Roster.of([Member("m-1")], [DAY, NIGHT], duties))
    assert on_duty(MIDNIGHT + 12 * HOUR) == 2
    assert on_duty(MIDNIGHT + 22 * HOUR) == 2
    assert on_duty(MIDNIGHT + 26 * HOUR) == 2  # after midnight it is still that night's shift
    assert on_duty(MIDNIGHT + 46 * HOUR) == 1
    assert on_duty(MIDNIGHT + 70 * HOUR) == 1  # nobody is on the roster: one is assumed


def test_without_a_roster_one_carer_is_assumed() -> None:
    assert by_roster(Roster())(MIDNIGHT) == 1
