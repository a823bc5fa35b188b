"""A press of a call button: high, at once, whatever its quality."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class SosRule(Rule):
    """Every press of one button is a happening; a button that cannot prove itself alarms all the same, marked so.

    The button that a member of staff carries calls the others to help.
    """

    def __init__(self, ground: Ground, about: Subject) -> None:
        binding = ground.site.bindings.get(about.id)
        self._kind = "staff_call" if binding is not None and binding.staff else "sos"
        self._subject = ground.site.subject_of(about.id)
        self._device_subject = about

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """One finding a press; a second, technical one when the press is not verified."""
        if not isinstance(event, Reading) or event.quantity != "button" or event.stored or event.value == "release":
            return
        unverified = event.quality is not Quality.GOOD
        reason = because("pressed", device=event.device, press=event.value)
        yield Finding(
            self._kind,
            self._subject,
            Priority.HIGH,
            now.monotonic,
            (reason,),
            event.device,
            happening=True,
            unverified=unverified,
        )
        if unverified:
            why = (because("not_verified", device=event.device, quality=event.quality.value),)
            yield Finding("device_unverified", self._device_subject, Priority.MEDIUM, now.monotonic, why, event.device)
