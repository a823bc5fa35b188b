"""Nothing but doubtful vital signs from a device that is on somebody: it is worn loosely, or its sensor is bad."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, TEXT, Keeps, members, table, together
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.cadence import CEILING_S
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

VITALS = ("heart_rate", "pulse_rate", "spo2", "respiratory_rate")
ON = ("worn", "bed_occupied")


class VitalUnreliableRule(Rule):
    """One device. Each of its quantities is judged by itself; silence is the silent-device rule's business."""

    keeps = Keeps(
        1,
        _doubt=table(TEXT, together(HEARD, HEARD)),
        _off=members(TEXT),
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._unreliable_s = ground.limits(ground.site.resident_of(about.id)).vitals.unreliable_s
        self._device = about
        self._doubt: dict[str, tuple[float, float]] = {}  # quantity -> first and last doubtful value since a good one
        self._off: set[str] = set()  # which of `ON` says that it is on nobody
        self._raised = False
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when it has lasted, and when a good value came or it is on nobody."""
        if not isinstance(event, Reading) or event.stored:
            return ()
        if event.quantity in ON:
            return self._on(event, now) if event.quality is Quality.GOOD else ()
        if event.quality is Quality.GOOD:
            if self._said_normal and not self._doubt:
                return ()
            self._doubt.pop(event.quantity, None)
            return self._well(now, because("reliable_again", device=self._device.id, quantity=event.quantity))
        if event.quality is Quality.UNCERTAIN and not self._off:
            return self._doubtful(event, now)
        return ()

    def _doubtful(self, event: Reading, now: Moment) -> Iterable[Finding]:
        first, last = self._doubt.get(event.quantity, (event.at, event.at))
        if event.at - last > CEILING_S:
            first = event.at  # what it told in between nobody knows
        self._doubt[event.quantity] = (first, event.at)
        if self._raised or event.at - first < self._unreliable_s:
            return
        self._raised = True
        why = because("only_doubtful", device=self._device.id, quantity=event.quantity, for_s=event.at - first)
        yield self._finding(now, why, active=True)

    def _on(self, event: Reading, now: Moment) -> Iterable[Finding]:
        if event.value:
            self._off.discard(event.quantity)
            return ()
        self._off.add(event.quantity)
        self._doubt.clear()
        return self._well(now, because("off_now", device=self._device.id))

    def _well(self, now: Moment, why: Reason) -> Iterable[Finding]:
        if self._doubt or (self._said_normal and not self._raised):
            return
        self._raised, self._said_normal = False, True
        yield self._finding(now, why, active=False)

    def _finding(self, now: Moment, why: Reason, active: bool) -> Finding:
        return Finding(
            "vital_unreliable", self._device, Priority.LOW, now.monotonic, (why,), self._device.id, active=active
        )


UNRELIABLE_ROW = RuleRow("vital_unreliable", VitalUnreliableRule, Scope.DEVICE, quantities=(*VITALS, *ON))
