"""A press of a call button: high, at once, whatever its quality."""

from collections.abc import Iterable

from agent.residents import Site
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.rules.rule import Event
from drivers.reading import Quality, Reading


class SosRule:
    """Every press of one button is a happening; a button that cannot prove itself alarms all the same, marked so."""

    def __init__(self, site: Site, device: str) -> None:
        self._subject = site.subject_of(device)
        self._device_subject = site.device_subject(device)

    def feed(self, event: Event, now: float) -> Iterable[Finding]:
        """One finding a press; a second, technical one when the press is not verified."""
        if not isinstance(event, Reading) or event.quantity != "button" or event.stored or event.value == "release":
            return
        unverified = event.quality is not Quality.GOOD
        reason = because("pressed", device=event.device, press=event.value)
        yield Finding(
            "sos", self._subject, Priority.HIGH, now, (reason,), event.device, happening=True, unverified=unverified
        )
        if unverified:
            why = (because("not_verified", device=event.device, quality=event.quality.value),)
            yield Finding("device_unverified", self._device_subject, Priority.MEDIUM, now, why, event.device)

    def tick(self, now: float) -> Iterable[Finding]:
        """Nothing: a press has no duration."""
        return ()
