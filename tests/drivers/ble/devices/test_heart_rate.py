from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.devices.heart_rate import HeartRate, decode, parse
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading
from tests.drivers.ble.vectors import vectors


def test_published_vectors(shared: Path) -> None:
    for one in vectors(shared, "heart_rate", "hr"):
        measurement, expect = parse(bytes.fromhex(one["hex"])), one["expect"]
        if "error" in expect:
            assert measurement is None, one["name"]
        else:
            assert measurement is not None, one["name"]
            assert asdict(measurement) == expect | {"rr_1024": tuple(expect["rr_1024"])}, one["name"]


@pytest.mark.parametrize(
    ("raw", "measurement"),
    [
        ("0055", HeartRate(85)),
        ("04ff", HeartRate(255, contact=False)),
        ("1e5532002100", HeartRate(85, True, 50, (33,))),
        ("163c00040002", HeartRate(60, True, None, (1024, 512))),
        ("170101", None),
        ("013c", None),
        ("", None),
    ],
)
def test_measurement(raw: str, measurement: HeartRate | None) -> None:
    assert parse(bytes.fromhex(raw)) == measurement


@pytest.mark.parametrize(
    ("raw", "quality", "worn"),
    [
        ("0648", Quality.GOOD, [True]),
        ("0048", Quality.GOOD, []),
        ("0448", Quality.BAD, [False]),
        ("0600", Quality.BAD, [True]),
        ("07ffff", Quality.BAD, [True]),
    ],
)
def test_only_a_worn_strap_with_a_possible_rate_is_good(raw: str, quality: Quality, worn: list[bool]) -> None:
    rate, *others = decode("d", bytes.fromhex(raw), 5.0)
    assert (rate.quantity, rate.quality, rate.at) == ("heart_rate", quality, 5.0)
    assert [one.value for one in others] == worn


@given(noise=st.binary(max_size=30))
def test_noise_never_raises_and_good_is_always_plausible(noise: bytes) -> None:
    for one in decode("d", noise, 0.0):
        assert isinstance(one, Reading)
        assert one.quality is not Quality.GOOD or QUANTITIES[one.quantity].admits(one.value)


@given(noise=st.binary(min_size=1, max_size=30), cut=st.integers(1, 30))
def test_a_value_cut_short_is_refused_or_is_whole_without_its_tail(noise: bytes, cut: int) -> None:
    whole, short = parse(noise), parse(noise[:-cut])
    if whole is not None and short is not None:
        assert (short.bpm, short.contact, short.energy_kj) == (whole.bpm, whole.contact, whole.energy_kj)
