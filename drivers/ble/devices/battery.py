"""The Battery Service (0x180F) that most connected products have beside their own."""

from drivers.ble.gatt import BATTERY_LEVEL, battery_level, uuid16
from drivers.ble.product import Characteristic
from drivers.reading import Reading


def decode(device: str, data: bytes, at: float) -> list[Reading]:
    """The reading `battery`, or none for a value that is no percentage."""
    percent = battery_level(data)
    return [] if percent is None else [Reading(device, "battery", float(percent), at)]


BATTERY = Characteristic(uuid16(BATTERY_LEVEL), decode)
