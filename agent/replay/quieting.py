"""Orders of a day file that keep the buzzer quiet: pause, shelf, and their ends. Pure."""

from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import ShelveOrder
from agent.judge import Judge, Verdict
from agent.moment import Moment
from agent.replay.line import CommandLine, DayError

_UNITS = (("minutes", 60.0), ("seconds", 1.0), ("value", 1.0))  # key of the line -> seconds


def quieted(judge: Judge, settings: AlarmSettings, line: CommandLine, now: Moment) -> Verdict:
    """What comes of the order `line.name`; raises `DayError` or `CommandError`."""
    if line.name == "pause":
        return judge.pause(line.by, _lasts(line, settings.pause_s, now), now)
    if line.name == "resume":
        return judge.resume(line.by, now)
    subject = line.resident or line.device or line.place
    if line.name == "shelve":
        reason, seconds = str(line.more.get("reason") or ""), _lasts(line, settings.shelf_s, now)
        return judge.shelve(ShelveOrder(line.kind, subject, line.by, reason, seconds), now)
    found = [one for one in judge.engine.quiet.shelves if (one.kind, one.subject) == (line.kind, subject)]
    if not found:
        raise DayError(f"unshelve: {line.kind or 'no kind'} of {subject or 'nobody'} is on no shelf")
    return judge.unshelve(found[0].id, line.by, now)


def _lasts(line: CommandLine, longest_s: float, now: Moment) -> float:
    """For how long: `until`, `minutes` or `seconds` of the line; as long as may be if it says nothing."""
    told = {key: one for key, one in line.more.items() if isinstance(one, int | float) and not isinstance(one, bool)}
    if "until" in told:
        return told["until"] - now.wall
    return next((told[key] * unit_s for key, unit_s in _UNITS if key in told), longest_s)
