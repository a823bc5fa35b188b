"""Heart-rate straps and bracelets: Heart Rate Service 1.0 (0x180D), notified about once a second."""

from dataclasses import dataclass

from drivers.ble.devices.battery import BATTERY
from drivers.ble.gatt import HEART_RATE_MEASUREMENT, HEART_RATE_SERVICE, Fields, TruncatedError, uuid16
from drivers.ble.product import Characteristic, GattProduct
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

_WIDE, _CONTACT, _CONTACT_KNOWN, _ENERGY, _RR = 0x01, 0x02, 0x04, 0x08, 0x10


@dataclass(frozen=True, slots=True)
class HeartRate:
    """One Heart Rate Measurement: beats per minute, skin contact (None: not told), energy in kJ, RR in 1/1024 s."""

    bpm: int
    contact: bool | None = None
    energy_kj: int | None = None
    rr_1024: tuple[int, ...] = ()


def parse(data: bytes) -> HeartRate | None:
    """The measurement (HRS 3.1.1), or None when a flagged field is missing."""
    fields = Fields(data)
    try:
        flags = fields.unsigned(1)
        bpm = fields.unsigned(2 if flags & _WIDE else 1)
        energy_kj = fields.unsigned(2) if flags & _ENERGY else None
        rr_1024 = [fields.unsigned(2)] if flags & _RR else []
        while rr_1024 and fields.left:
            rr_1024.append(fields.unsigned(2))
    except TruncatedError:
        return None
    contact = bool(flags & _CONTACT) if flags & _CONTACT_KNOWN else None
    return HeartRate(bpm, contact, energy_kj, tuple(rr_1024))


def decode(device: str, data: bytes, at: float) -> list[Reading]:
    """`heart_rate`, and `worn` where the strap feels the skin; BAD without contact, at 0 and beyond all sense."""
    measurement = parse(data)
    if measurement is None:
        return []
    usable = measurement.contact is not False and QUANTITIES["heart_rate"].admits(measurement.bpm)
    quality = Quality.GOOD if usable else Quality.BAD
    readings = [Reading(device, "heart_rate", float(measurement.bpm), at, quality)]
    if measurement.contact is not None:
        readings.append(Reading(device, "worn", measurement.contact, at))
    return readings


HEART_RATE = GattProduct(
    "heart-rate strap or bracelet (Bluetooth Heart Rate Service)",
    uuid16(HEART_RATE_SERVICE),
    (Characteristic(uuid16(HEART_RATE_MEASUREMENT), decode),),
    (BATTERY,),
)
