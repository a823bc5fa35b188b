"""Somebody in bed is not seen to breathe (domain 2.3): by the word of a sensor, or by a bed that counts no breath."""

import math
from collections.abc import Iterable, Iterator

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, TEXT, Keeps, members, table
from agent.moment import Moment
from agent.residents import DeviceRole, Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

SILENCE_S = 30.0  # no breath counted, and then nothing told for so long: nobody knows


class ApnoeaRule(Rule):
    """One resident, or one place, with all devices; each device speaks for itself.

    A sensor's own word holds until it says otherwise. A breathing rate of 0 is believed only of a bed device, while the
    bed is known to be occupied: an empty bed does not breathe either. A doubtful reading changes nothing.
    """

    keeps = Keeps(
        1,
        due=HEARD,
        _in_bed=table(TEXT, FLAG),
        _still=table(TEXT, HEARD),
        _counted=table(TEXT, HEARD),
        _raised=members(TEXT),
        _said_well=members(TEXT),
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._for_s = ground.limits(ground.site.residents.get(about.id)).checks.apnoea_s
        self._ground = ground
        self._subject = about
        self._in_bed: dict[str, bool] = {}
        self._still: dict[str, float] = {}  # device -> since when it says that there is no breath
        self._counted: dict[str, float] = {}  # device -> when it last counted none
        self._raised: set[str] = set()
        self._said_well: set[str] = set()  # once at the start, so that an alarm from before a restart can end

    def unsure(self) -> None:
        """Of each device."""
        self._said_well.clear()

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when breath is seen again, or the bed is empty; it begins to matter in `tick`, or by the count."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return ()
        if not QUANTITIES[event.quantity].admits(event.value):
            return ()
        if event.quantity == "bed_occupied":
            return self._bed(event, now)
        if event.quantity == "apnoea":
            return self._word(event, now) if event.value else self._breathes(event, now)
        if event.quantity != "respiratory_rate" or not self._is_bed(event.device):
            return ()
        return self._count(event, now) if event.value < 1 else self._breathes(event, now)  # type: ignore[operator]

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding for each sensor whose word has lasted."""
        late = [device for device in self._waiting() if now.monotonic - self._still[device] >= self._for_s]
        for device in late:
            yield self._raise(device, now)
        self._wait()

    def _word(self, event: Reading, now: Moment) -> Iterator[Finding]:
        if self._empty:
            return
        self._still.setdefault(event.device, event.at)
        self._wait()
        yield from self.tick(now)

    def _count(self, event: Reading, now: Moment) -> Iterator[Finding]:
        if not any(self._beds()):
            return
        device = event.device
        last = self._counted.get(device)
        if last is None or event.at - last > SILENCE_S:
            self._still[device] = event.at
        self._counted[device] = event.at
        if device not in self._raised and event.at - self._still[device] >= self._for_s:
            yield self._raise(device, now)

    def _breathes(self, event: Reading, now: Moment) -> Iterable[Finding]:
        if event.device in self._said_well and event.device not in self._still:
            return ()
        return self._over(event.device, because("breathes", device=event.device), now)

    def _bed(self, event: Reading, now: Moment) -> Iterator[Finding]:
        self._in_bed[event.device] = bool(event.value)
        if self._empty:
            for device in list(self._still):
                yield from self._over(device, because("bed_is_empty", device=event.device), now)

    def _over(self, device: str, why: Reason, now: Moment) -> Iterator[Finding]:
        self._still.pop(device, None)
        self._counted.pop(device, None)
        self._wait()
        if device in self._raised or device not in self._said_well:
            self._raised.discard(device)
            self._said_well.add(device)
            yield self._finding(device, Priority.LOW, why, now, active=False)

    def _raise(self, device: str, now: Moment) -> Finding:
        self._raised.add(device)
        why = because("no_breath", device=device, for_s=now.monotonic - self._still[device])
        return self._finding(device, Priority.HIGH, why, now, active=True)

    def _finding(self, device: str, priority: Priority, why: Reason, now: Moment, active: bool) -> Finding:
        return Finding("apnoea", self._subject, priority, now.monotonic, (why,), device, active=active)

    @property
    def _empty(self) -> bool:
        """Whether somebody has said that the bed is empty, and nobody that it is not."""
        words = self._beds()
        return bool(words) and not any(words)

    def _beds(self) -> list[bool]:
        """The last words of the beds that are still this resident's."""
        return [word for bed, word in self._in_bed.items() if self._ground.site.subject_of(bed).id == self._subject.id]

    def _is_bed(self, device: str) -> bool:
        binding = self._ground.site.bindings.get(device)
        return binding is not None and binding.role is DeviceRole.BED

    def _waiting(self) -> list[str]:
        """Sensors whose word may come to be an alarm by time alone."""
        return [device for device in self._still if device not in self._raised and device not in self._counted]

    def _wait(self) -> None:
        self.due = min((self._still[device] + self._for_s for device in self._waiting()), default=math.inf)


APNOEA_ROW = RuleRow("apnoea", ApnoeaRule, Scope.SUBJECT, quantities=("apnoea", "respiratory_rate", "bed_occupied"))
