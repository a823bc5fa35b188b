"""What is held back or shelved now, and comes back as an alarm if it still holds when that ends. Pure."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from agent.alarms.book import Key
from agent.alarms.holds import claim_on, shelf_of
from agent.alarms.standing import Shelf, Suppressed
from agent.detection.ward import Ward
from agent.moment import Moment
from agent.rules.finding import Finding
from agent.rules.reason import Reason, because

Held = dict[Key, tuple[Finding, Suppressed]]


class Aside:
    """Findings that would be alarms, one a subject and kind, each with what keeps it back."""

    def __init__(self, ward: Ward, shelves: Callable[[], tuple[Shelf, ...]]) -> None:
        self._ward = ward
        self._shelves = shelves
        self._held: Held = {}

    @property
    def shown(self) -> tuple[Suppressed, ...]:
        """What is kept back now."""
        return tuple(suppressed for _, suppressed in self._held.values())

    @property
    def due(self) -> float:
        """When the first of it ends."""
        return min((suppressed.until for _, suppressed in self._held.values()), default=math.inf)

    def keeps(self, finding: Finding, moment: Moment) -> tuple[bool, Suppressed | None]:
        """Whether `finding` is kept back now; the record of it when that is news."""
        why = self._why(finding, moment)
        if why is None:
            return False, None
        key = (finding.subject, finding.kind)
        known = self._held.get(key)
        since = known[1].since if known else moment.monotonic
        until, by, reason = why
        suppressed = Suppressed(
            finding.kind,
            finding.subject,
            finding.priority,
            since,
            until,
            by,
            (reason, *finding.reasons),
            finding.device,
        )
        self._held[key] = (finding, suppressed)
        news = known is None or finding.priority > known[0].priority
        return True, suppressed if news else None

    def over(self, finding: Finding) -> None:
        """The device of `finding` says that it is over."""
        key = (finding.subject, finding.kind)
        if key in self._held and self._held[key][0].device == finding.device:
            del self._held[key]

    def released(self, moment: Moment) -> Iterator[Finding]:
        """What nothing keeps back any more, with the reason that it was kept back for so long."""
        for key, (finding, suppressed) in list(self._held.items()):
            why = self._why(finding, moment)
            if why is None:
                del self._held[key]
                minutes = round((moment.monotonic - suppressed.since) / 60)
                told = because("was_held_back", minutes=minutes, by=suppressed.by)
                yield replace(finding, reasons=(*finding.reasons, told))
            else:
                self._held[key] = (finding, replace(suppressed, until=why[0], by=why[1]))

    def _why(self, finding: Finding, moment: Moment) -> tuple[float, str, Reason] | None:
        held = claim_on(finding, self._ward, moment)
        if held is not None:
            return held[0].until, held[0].by, held[1]
        shelf = shelf_of(finding, self._shelves(), moment)
        if shelf is not None:
            return shelf.until, shelf.by, because("shelved", by=shelf.by, why=shelf.reason)
        return None
