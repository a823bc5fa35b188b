"""What every device said last, for the panel: kept in memory, bounded by what was adopted."""

from collections import OrderedDict
from dataclasses import dataclass, field

from agent.alarms.snapshot import DeviceStatus, LatestReading
from agent.detection.event import DeviceEvent
from agent.detection.observations import Observation
from agent.residents import Site
from agent.rules.reason import Reason, of_trouble
from drivers.base import Link, LinkState
from drivers.quantities import QUANTITIES
from drivers.reading import Reading

UNKNOWN_KEPT = 50


@dataclass(slots=True)
class _Device:
    link: LinkState = LinkState.SEARCHING
    reason: Reason | None = None
    heard_at: float | None = None
    readings: dict[str, Reading] = field(default_factory=dict)


class DeviceBook:
    """One page a bound device; foreign ones are listed by address, newest last."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._devices = {device: _Device() for device in site.bindings}
        self._unknown: OrderedDict[str, None] = OrderedDict()

    def use(self, site: Site) -> None:
        """Site facts have changed: what a device said stays on its page."""
        pages = self._devices
        self._site = site
        self._devices = {device: pages.get(device) or _Device() for device in site.bindings}

    def note(self, event: DeviceEvent) -> None:
        """Write down what a device said."""
        page = self._devices.setdefault(event.device, _Device())
        if isinstance(event, Link):
            page.link, page.reason = event.state, of_trouble(event.reason) if event.reason else None
            return
        page.link, page.reason, page.heard_at = LinkState.CONNECTED, None, event.at
        if isinstance(event, Reading) and not event.stored:
            page.readings[event.quantity] = event
        elif isinstance(event, Observation):
            page.heard_at = event.at

    def note_unknown(self, address: str, name: str = "") -> None:
        """A device that nobody adopted was heard; its words are never obeyed."""
        self._unknown[f"{address} {name}".strip()] = None
        while len(self._unknown) > UNKNOWN_KEPT:
            self._unknown.popitem(last=False)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Foreign devices heard so far."""
        return tuple(self._unknown)

    def statuses(self, now: float) -> tuple[DeviceStatus, ...]:
        """Every device by room and id, ages counted to monotonic `now`."""
        shown = [self._status(device, page, now) for device, page in self._devices.items()]
        return tuple(sorted(shown, key=lambda status: (status.room, status.id)))

    def _status(self, device: str, page: _Device, now: float) -> DeviceStatus:
        binding = self._site.bindings.get(device)
        return DeviceStatus(
            device,
            binding.role.value if binding else "",
            self._site.subject_of(device).room,
            page.link,
            page.reason,
            None if page.heard_at is None else max(0.0, now - page.heard_at),
            tuple(
                LatestReading(r.quantity, QUANTITIES[r.quantity].unit, r.value, r.quality.value, max(0.0, now - r.at))
                for r in page.readings.values()
            ),
        )
