"""How many carers are on duty: what every figure per person is divided by."""

from collections.abc import Callable

from agent.moment import CHINA_S, Moment
from agent.staff import ASSIGNED, CHARGE_NURSE, FLOOR, Roster

CARING = (ASSIGNED, FLOOR, CHARGE_NURSE)  # a manager on call answers ladders, not bells
ONE = 1.0

OnDuty = Callable[[float], float]  # UTC seconds -> carers on duty then


def always(carers: float) -> OnDuty:
    """The same number at any time; raises ValueError unless it is above 0."""
    if not carers > 0:
        raise ValueError(f"{carers:g} carers: give a number above 0")
    return lambda _: carers


def by_roster(roster: Roster, offset_s: float = CHINA_S) -> OnDuty:
    """Those whom `roster` has on the shift of that time; one where it knows of nobody."""

    def on_duty(wall: float) -> float:
        moment = Moment(0.0, wall, offset_s)
        shift = roster.shift_at(moment)
        if shift is None:
            return ONE
        began = moment
        if shift.span.end_s <= shift.span.start_s and moment.time_of_day_s < shift.span.end_s:
            began = Moment(0.0, wall - moment.time_of_day_s - 1.0, offset_s)  # it began the evening before
        members = {
            duty.member
            for duty in roster.duties
            if duty.shift == shift.id and duty.role in CARING and (not duty.days or began.weekday in duty.days)
        }
        return float(len(members)) or ONE

    return on_duty
