"""Low oxygen of one resident as two devices find it, and moments from a midnight on."""

from agent.moment import Moment
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.aside_home import LI

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
SATURATION = Finding(
    "spo2_low", LI, MEDIUM, 1.0, (because("cause", cause="first"), because("cause", cause="then")), "a"
)
OTHER = Finding("spo2_low", LI, MEDIUM, 2.0, (because("cause", cause="other"),), "b")


def at(seconds: float) -> Moment:
    return Moment(seconds, 1_799_942_400.0 + seconds)
