"""Pulse oximeters: Pulse Oximeter Service 1.0 (0x1822), continuous (0x2A5F) and spot-check (0x2A5E) measurements."""

import datetime
from dataclasses import dataclass

from drivers.ble.devices.battery import BATTERY
from drivers.ble.gatt import (
    CONTINUOUS_MEASUREMENT,
    PULSE_OXIMETER_SERVICE,
    SPOT_CHECK_MEASUREMENT,
    Fields,
    TruncatedError,
    uuid16,
)
from drivers.ble.ieee11073 import Special
from drivers.ble.product import Characteristic, GattProduct
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

Number = float | Special


def _bits(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


# Measurement Status (PLXS 3.1.1.6) and Device and Sensor Status (PLXS 3.1.1.7), sorted by what they do to a value.
FROM_STORAGE = _bits(9)
MEASUREMENT_BAD = _bits(10, 11, 13, 15)  # demonstration, test, unavailable, invalid: says nothing about the resident
MEASUREMENT_DOUBTFUL = _bits(6, 12, 14)  # early estimate, calibrating, questionable
SENSOR_BAD = _bits(1, 11, 13, 14, 15)  # malfunction, not on the user, displaced, faulty, disconnected
# irregular, inadequate, poor, low perfusion, erratic, non-pulsatile, questionable pulse, analysing, interference,
# unknown sensor
SENSOR_DOUBTFUL = _bits(2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
SENSOR_OFF = _bits(11, 15)


@dataclass(frozen=True, slots=True)
class Oximetry:
    """One measurement: SpO2 in % and pulse per minute, the fast and slow averages, status bits, amplitude index in %.

    `time` is the device's own clock, None when it told none that can be used.
    """

    spo2: Number
    pulse: Number
    fast: tuple[Number, Number] | None = None
    slow: tuple[Number, Number] | None = None
    time: datetime.datetime | None = None
    clock_not_set: bool = False
    measurement_status: int = 0
    sensor_status: int | None = None
    amplitude: Number | None = None


def parse_continuous(data: bytes) -> Oximetry | None:
    """PLX Continuous Measurement (PLXS 3.2.1), or None when a flagged field is missing."""
    fields = Fields(data)
    try:
        flags = fields.unsigned(1)
        spo2, pulse = fields.sfloat(), fields.sfloat()
        fast = (fields.sfloat(), fields.sfloat()) if flags & 0x01 else None
        slow = (fields.sfloat(), fields.sfloat()) if flags & 0x02 else None
        measurement_status = fields.unsigned(2) if flags & 0x04 else 0
        sensor_status = fields.unsigned(3) if flags & 0x08 else None
        amplitude = fields.sfloat() if flags & 0x10 else None
    except TruncatedError:
        return None
    return Oximetry(
        spo2,
        pulse,
        fast,
        slow,
        measurement_status=measurement_status,
        sensor_status=sensor_status,
        amplitude=amplitude,
    )


def parse_spot_check(data: bytes) -> Oximetry | None:
    """PLX Spot-Check Measurement (PLXS 3.1.1), or None when a flagged field is missing."""
    fields = Fields(data)
    try:
        flags = fields.unsigned(1)
        spo2, pulse = fields.sfloat(), fields.sfloat()
        time = fields.date_time() if flags & 0x01 else None
        measurement_status = fields.unsigned(2) if flags & 0x02 else 0
        sensor_status = fields.unsigned(3) if flags & 0x04 else None
        amplitude = fields.sfloat() if flags & 0x08 else None
    except TruncatedError:
        return None
    return Oximetry(
        spo2,
        pulse,
        time=time,
        clock_not_set=bool(flags & 0x10),
        measurement_status=measurement_status,
        sensor_status=sensor_status,
        amplitude=amplitude,
    )


def quality_of(measurement: Oximetry) -> Quality:
    """How far the device itself trusts this measurement."""
    sensor = measurement.sensor_status or 0
    if measurement.measurement_status & MEASUREMENT_BAD or sensor & SENSOR_BAD:
        return Quality.BAD
    if measurement.measurement_status & MEASUREMENT_DOUBTFUL or sensor & SENSOR_DOUBTFUL:
        return Quality.UNCERTAIN
    return Quality.GOOD


def readings(device: str, measurement: Oximetry, at: float) -> list[Reading]:
    """`spo2` and `pulse_rate`, and `worn` where the sensor can tell.

    No number (NaN and its kin) is a BAD reading of 0: "no value now" is not the same as silence. One beyond all sense
    is BAD as well. A value out of the device's memory is marked as stored, with its time if the clock was set.
    """
    stored = bool(measurement.measurement_status & FROM_STORAGE)
    time = None if measurement.clock_not_set else measurement.time
    measured_at = time.timestamp() if time else None
    quality = quality_of(measurement)
    found = []
    for quantity, number in (("spo2", measurement.spo2), ("pulse_rate", measurement.pulse)):
        value = 0.0 if isinstance(number, Special) else number
        sound = quality if QUANTITIES[quantity].admits(value) else Quality.BAD
        found.append(Reading(device, quantity, value, at, sound, stored, measured_at))
    if measurement.sensor_status is not None and not stored:
        found.append(Reading(device, "worn", not measurement.sensor_status & SENSOR_OFF, at))
    return found


def decode_continuous(device: str, data: bytes, at: float) -> list[Reading]:
    """Readings of a notification of 0x2A5F; none for noise."""
    measurement = parse_continuous(data)
    return readings(device, measurement, at) if measurement else []


def decode_spot_check(device: str, data: bytes, at: float) -> list[Reading]:
    """Readings of an indication of 0x2A5E; none for noise."""
    measurement = parse_spot_check(data)
    return readings(device, measurement, at) if measurement else []


PULSE_OXIMETER = GattProduct(
    "pulse oximeter (Bluetooth Pulse Oximeter Service)",
    uuid16(PULSE_OXIMETER_SERVICE),
    (
        Characteristic(uuid16(CONTINUOUS_MEASUREMENT), decode_continuous),
        Characteristic(uuid16(SPOT_CHECK_MEASUREMENT), decode_spot_check),
    ),
    (BATTERY,),
)
