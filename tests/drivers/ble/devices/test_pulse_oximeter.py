from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.devices.pulse_oximeter import (
    Oximetry,
    decode_continuous,
    decode_spot_check,
    parse_continuous,
    parse_spot_check,
)
from drivers.ble.ieee11073 import Special
from drivers.quantities import QUANTITIES
from drivers.reading import Quality
from tests.drivers.ble.vectors import vectors


def _number(value: float | Special) -> float | None:
    return None if isinstance(value, Special) else value


def _told(measurement: Oximetry | None) -> dict[str, object]:
    """A measurement in the words of the vectors."""
    if measurement is None:
        return {"error": "truncated"}
    told: dict[str, object] = {"spo2": _number(measurement.spo2), "pulse": _number(measurement.pulse)}
    for name, pair in (("fast", measurement.fast), ("slow", measurement.slow)):
        if pair is not None:
            told[name] = [_number(value) for value in pair]
    if measurement.amplitude is not None:
        told["pai"] = _number(measurement.amplitude)
    if measurement.time is not None:
        told["timestamp"] = measurement.time.replace(tzinfo=None).isoformat()
    if measurement.clock_not_set:
        told["clock_not_set"] = True
    return told


@pytest.mark.parametrize(("decoder", "parse"), [("plx_spot", parse_spot_check), ("plx_cont", parse_continuous)])
def test_published_vectors(shared: Path, decoder: str, parse: object) -> None:
    assert callable(parse)
    for one in vectors(shared, "pulse_oximeter", decoder):
        assert _told(parse(bytes.fromhex(one["hex"]))) == one["expect"], one["name"]


def _continuous(measurement: int = 0, sensor: int = 0, spo2: str = "6100") -> bytes:
    return (
        b"\x0c" + bytes.fromhex(spo2) + b"\x48\x00" + measurement.to_bytes(2, "little") + sensor.to_bytes(3, "little")
    )


@pytest.mark.parametrize(
    ("measurement_bit", "sensor_bit", "quality"),
    [
        (None, None, Quality.GOOD),
        (5, None, Quality.GOOD),  # ongoing
        (7, None, Quality.GOOD),  # validated
        (6, None, Quality.UNCERTAIN),  # early estimate
        (14, None, Quality.UNCERTAIN),  # questionable
        (10, None, Quality.BAD),  # demonstration
        (13, None, Quality.BAD),  # unavailable
        (15, None, Quality.BAD),  # invalid
        (None, 2, Quality.UNCERTAIN),  # irregular
        (None, 4, Quality.UNCERTAIN),  # poor
        (None, 6, Quality.UNCERTAIN),  # erratic
        (None, 8, Quality.UNCERTAIN),  # questionable pulse
        (None, 11, Quality.BAD),  # not on the user
        (None, 14, Quality.BAD),  # fault
        (None, 15, Quality.BAD),  # disconnected
        (14, 11, Quality.BAD),  # the worse one counts
    ],
)
def test_status_bits_set_the_quality(measurement_bit: int | None, sensor_bit: int | None, quality: Quality) -> None:
    measurement = 0 if measurement_bit is None else 1 << measurement_bit
    sensor = 0 if sensor_bit is None else 1 << sensor_bit
    spo2, pulse, worn = decode_continuous("d", _continuous(measurement, sensor), 1.0)
    assert (spo2.quality, pulse.quality) == (quality, quality)
    assert (spo2.value, pulse.value, worn.quantity) == (97.0, 72.0, "worn")
    assert worn.value is (sensor_bit not in (11, 15))


def test_no_number_is_a_bad_reading_and_not_zero_per_cent() -> None:
    spo2, pulse, _ = decode_continuous("d", _continuous(spo2="ff07"), 1.0)
    assert (spo2.quality, pulse.quality) == (Quality.BAD, Quality.GOOD)


def test_the_biased_exponent_of_a_faulty_library_is_not_believed() -> None:
    assert {one.quality for one in decode_spot_check("d", bytes.fromhex("0062804880"), 1.0)} == {Quality.BAD}


def test_a_value_out_of_storage_is_marked_with_its_own_time() -> None:
    raw = bytes.fromhex("036200400" + "0ea0709180e1e050002")
    assert [(one.stored, one.measured_at) for one in decode_spot_check("d", raw, 1.0)] == [(True, 1790260205.0)] * 2
    unset = bytes((raw[0] | 0x10,)) + raw[1:]
    assert {one.measured_at for one in decode_spot_check("d", unset, 1.0)} == {None}


@given(noise=st.binary(max_size=40))
def test_noise_never_raises_and_good_is_always_plausible(noise: bytes) -> None:
    for decode in (decode_continuous, decode_spot_check):
        for one in decode("d", noise, 0.0):
            assert one.quality is not Quality.GOOD or QUANTITIES[one.quantity].admits(one.value)
