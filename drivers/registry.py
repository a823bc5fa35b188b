"""Which kinds of links there are: one row each, an array of tables in config/devices.toml."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from drivers.base import Driver, Emit, Now
from drivers.ble import adapter
from drivers.ble.settings import BleAdapterSettings
from drivers.modbus import bus
from drivers.modbus.profile import Profile
from drivers.modbus.settings import ModbusBusSettings
from drivers.serial import streaming
from drivers.serial.settings import SerialDeviceSettings


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """All of devices.toml: Bluetooth adapters, Modbus buses, devices that stream on a port of their own."""

    ble: tuple[BleAdapterSettings, ...] = ()
    modbus: tuple[ModbusBusSettings, ...] = ()
    serial: tuple[SerialDeviceSettings, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def ids(self) -> tuple[str, ...]:
        """The site's ids of all devices, in the order of the file."""
        return (
            *(device.id for one in self.ble for device in one.device),
            *(device.id for one in self.modbus for device in one.device),
            *(one.id for one in self.serial),
        )


def build(
    settings: DeviceSettings,
    profiles: Mapping[str, Profile],
    emit: Emit,
    now: Now,
    on_unknown: Callable[[str, str], None],
) -> list[Driver]:
    """A driver a link; raises `ProfileError` for a device that its profile does not fit (checked settings fit)."""
    return [
        *(adapter.build(one, emit, now, on_unknown) for one in settings.ble),
        *(bus.build(one, profiles, emit, now) for one in settings.modbus),
        *(streaming.build(one, emit, now) for one in settings.serial),
    ]
