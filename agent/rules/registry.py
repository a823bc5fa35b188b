"""Which rules there are: one row each, life-safety first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from agent.detection.observations import Observation
from agent.residents import Site
from agent.rules.bed_exit import BedExitRule
from agent.rules.fall import FallRule
from agent.rules.hazard_contact import KIND_OF, HazardContactRule
from agent.rules.rule import Event, Rule
from agent.rules.settings import RuleSettings
from agent.rules.silent_device import SilentDeviceRule
from agent.rules.sos import SosRule
from agent.rules.vital_limits import WATCHES, VitalLimitRule, Watch
from drivers.reading import Reading

Build = Callable[[Site, str, RuleSettings], Rule]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, the readings and observations it wants, whether all devices of a subject share one instance.

    `life_safety` rules run first and also in safe mode, and their blindness is a high alarm.
    """

    name: str
    build: Build
    quantities: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    per_subject: bool = False
    life_safety: bool = False
    all_devices: bool = False  # wants every word of every device, and watches bound devices before their first

    def wants(self, event: Event) -> bool:
        """Whether `event` is for this rule."""
        if self.all_devices:
            return True
        if isinstance(event, Reading):
            return event.quantity in self.quantities
        return isinstance(event, Observation) and event.name in self.observations


def _vital(watch: Watch, site: Site, device: str, settings: RuleSettings) -> Rule:
    return VitalLimitRule(site, device, watch, settings.vitals)


ROWS: tuple[RuleRow, ...] = (
    RuleRow("sos", lambda site, device, _: SosRule(site, device), ("button",), life_safety=True),
    RuleRow(
        "hazard_contact", lambda site, device, _: HazardContactRule(site, device), tuple(KIND_OF), life_safety=True
    ),
    RuleRow(
        "fall",
        lambda site, device, settings: FallRule(site.subject_of(device), settings.fall),
        ("button",),
        ("fall", "low_on_floor", "recovered"),
        per_subject=True,
    ),
    RuleRow("bed_exit", lambda site, device, settings: BedExitRule(site, device, settings.bed_exit), ("bed_occupied",)),
    RuleRow("silent_device", SilentDeviceRule, all_devices=True),
    *(RuleRow(watch.kind, partial(_vital, watch), watch.quantities) for watch in WATCHES),
)
