"""What all GATT characteristics share: their UUIDs, and fields read in the order in which flags announce them."""

import datetime

from drivers.ble.ieee11073 import Special, sfloat

HEART_RATE_SERVICE, HEART_RATE_MEASUREMENT = 0x180D, 0x2A37
PULSE_OXIMETER_SERVICE, SPOT_CHECK_MEASUREMENT, CONTINUOUS_MEASUREMENT = 0x1822, 0x2A5E, 0x2A5F
BATTERY_LEVEL = 0x2A19
BTHOME_SERVICE_DATA = 0xFCD2


def uuid16(number: int) -> str:
    """The 128-bit form, as bleak writes it, of a 16-bit UUID of the Bluetooth SIG."""
    return f"{number:08x}-0000-1000-8000-00805f9b34fb"


class TruncatedError(ValueError):
    """A flag announced a field that is not there: the whole value is to be dropped (GATT: optional fields)."""


class Fields:
    """Reads little-endian fields off the front of `data`; every read raises `TruncatedError` past its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._next = 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._next

    def unsigned(self, width: int) -> int:
        """An unsigned integer of `width` bytes."""
        return int.from_bytes(self._take(width), "little")

    def sfloat(self) -> float | Special:
        """An IEEE 11073 SFLOAT."""
        return sfloat(self.unsigned(2))

    def date_time(self) -> datetime.datetime | None:
        """A Date Time (0x2A08) taken as UTC; None when a part of it is unknown or no such moment exists."""
        year, parts = self.unsigned(2), self._take(5)
        try:
            month, day, hour, minute, second = parts
            return datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC)
        except ValueError:
            return None

    def _take(self, width: int) -> bytes:
        if self.left < width:
            raise TruncatedError
        taken = self._data[self._next : self._next + width]
        self._next += width
        return taken


def battery_level(data: bytes) -> int | None:
    """Percent out of Battery Level (BAS 3.1); None unless it is exactly one byte of 0 to 100."""
    return data[0] if len(data) == 1 and data[0] <= 100 else None
