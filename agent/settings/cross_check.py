"""What no file can know alone: devices without a place, places without a device, ports with two owners."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os.path import realpath

from agent.alarms.settings import AlarmSettings
from agent.annunciators.settings import AnnunciatorSettings
from agent.eyes.settings import CamerasSettings
from agent.rules.guardrails import check_settings
from agent.rules.settings import RuleSettings
from agent.settings.camera_check import camera_check, written_zones
from agent.settings.contradiction import Contradiction
from agent.settings.site import SiteSettings
from agent.settings.site_check import site_check
from drivers.modbus.plan import plan
from drivers.modbus.profile import Profile
from drivers.registry import DeviceSettings


@dataclass(frozen=True, slots=True)
class Told:
    """The files that speak of the same things."""

    site: SiteSettings
    devices: DeviceSettings
    cameras: CamerasSettings
    profiles: Mapping[str, Profile]
    rules: RuleSettings
    alarms: AlarmSettings
    annunciators: AnnunciatorSettings = field(default_factory=AnnunciatorSettings)

    @property
    def known(self) -> Counter[str]:
        """How often each device is described."""
        return Counter((*self.devices.ids, *(camera.id for camera in self.cameras.camera)))


def cross_check(told: Told) -> Iterator[Contradiction]:
    """Every contradiction between files that are right each by itself."""
    yield from written_zones(told.site, told.cameras)
    for check in (_profiles, _twice, _ports, _rooms, _guardrails, site_problems):
        yield from check(told)


def site_problems(told: Told) -> Iterator[Contradiction]:
    """What is wrong with the site facts, in themselves and beside the devices that there are; warnings among them."""
    yield from _unbound(told)
    yield from _bindings(told)
    yield from camera_check(told.site, told.cameras)
    yield from site_check(told.site, told.rules, told.alarms)


def _profiles(told: Told) -> Iterator[Contradiction]:
    for number, bus in enumerate(told.devices.modbus):
        for mistake in plan(bus, told.profiles)[1]:
            yield Contradiction("devices.toml", ("modbus", number, *mistake.key), mistake.text)


def _twice(told: Told) -> Iterator[Contradiction]:
    devices = told.devices
    for port in _repeated(Counter(_device_ports(devices))):
        yield Contradiction("devices.toml", (), f"{port} is given twice; a port has one owner")
    for id_ in _repeated(told.known):
        yield Contradiction("devices.toml", (), f"device {id_!r} is there twice; each needs an id of its own")


def _ports(told: Told) -> Iterator[Contradiction]:
    """Under whatever name: /dev/ttyUSB0 may be the port of a link in /dev/serial/by-id."""
    owners = {realpath(port): "devices.toml" for port in _device_ports(told.devices)}
    outputs = told.annunciators
    named = [("tower_light", number, one.name, one.port) for number, one in enumerate(outputs.tower_light)]
    named += [("relay", number, one.name, one.port) for number, one in enumerate(outputs.relay)]
    named += [("pager", number, one.name, one.port) for number, one in enumerate(outputs.pager)]
    for kind, number, name, port in named:
        if owner := owners.get(realpath(port)):
            text = f"{port} is that of {owner} already; a port has one owner: give {name!r} another"
            yield Contradiction("annunciators.toml", (kind, number, "port"), text)
        owners.setdefault(realpath(port), name)


def _rooms(told: Told) -> Iterator[Contradiction]:
    """A warning, since the site may be edited beside its file."""
    site = told.site
    known = {one.id for one in site.place} | {one.room for one in site.place} | {one.room for one in site.resident}
    known |= {one.room for one in site.binding}
    outputs = told.annunciators
    named = [("loudspeaker", number, room) for number, one in enumerate(outputs.loudspeaker) for room in one.rooms]
    named += [("relay", number, room) for number, one in enumerate(outputs.relay) for room in one.rooms]
    for kind, number, room in named:
        if room not in known:
            text = f"site.toml knows no place {room!r}: nobody would ever be asked or looked for there; correct either"
            yield Contradiction("annunciators.toml", (kind, number, "rooms"), text, warning=True)


def _guardrails(told: Told) -> Iterator[Contradiction]:
    for one in check_settings(told.rules):
        yield Contradiction("rules.toml", tuple(one.name.split(".")), one.en, one.zh, warning=not one.refused)


def _device_ports(devices: DeviceSettings) -> tuple[str, ...]:
    return (*(bus.port for bus in devices.modbus), *(one.port for one in devices.serial))


def _unbound(told: Told) -> Iterator[Contradiction]:
    for id_ in sorted(set(told.known) - {binding.device for binding in told.site.binding}):
        text = f"device {id_!r} has no [[binding]]: nobody would miss it, and its alarm would name no room"
        yield Contradiction("site.toml", (), text, f"设备 {id_!r} 未绑定：丢失无人知晓，报警无房间")


def _bindings(told: Told) -> Iterator[Contradiction]:
    for number, binding in enumerate(told.site.binding):
        if binding.device not in told.known:
            text = f"no such device in devices.toml or cameras.toml: {binding.device!r}"
            zh = f"devices.toml 和 cameras.toml 中没有设备 {binding.device!r}"
            yield Contradiction("site.toml", ("binding", number, "device"), text, zh)


def _repeated(counts: Counter[str]) -> list[str]:
    return [one for one, count in counts.items() if count > 1]
