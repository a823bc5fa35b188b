"""A log written by hand."""

from itertools import count

from agent.figures.log_event import LogEvent

MIDNIGHT = 1_800_028_800.0  # local midnight, UTC+8
NOON = MIDNIGHT + 12 * 3600
HOUR = 3600.0


class Log:
    """Events in order; each method gives the alarm's id."""

    def __init__(self) -> None:
        self.events: list[LogEvent] = []
        self._numbers = count(1)

    def say(self, happened: str, at: float, alarm: str, **of: object) -> str:
        known = next((one for one in reversed(self.events) if one.alarm == alarm), None)
        base = {
            "kind": known.kind if known else "sos",
            "priority": known.priority if known else "high",
            "alarm_class": known.alarm_class if known else "physiological",
            "subject": known.subject if known else "r-1",
            "sounding": False,
        }
        self.events.append(LogEvent(at, happened, alarm, **{**base, **of}))  # type: ignore[arg-type]
        return alarm

    def raised(self, at: float, **of: object) -> str:
        return self.say("raised", at, f"a-{next(self._numbers)}", **{"sounding": True, **of})

    def lived(self, at: float, cause: str = "assisted", **of: object) -> str:
        """Raised, seen after 20 s, attended after 60 s, closed after 120 s."""
        alarm = self.raised(at, **of)
        self.say("seen", at + 20, alarm)
        self.say("attended", at + 60, alarm)
        return self.say("closed", at + 120, alarm, cause=cause)
