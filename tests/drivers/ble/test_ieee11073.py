from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.ieee11073 import Special, float32, sfloat
from tests.drivers.ble.vectors import vectors

_SPECIALS = {
    "NaN": Special.NAN,
    "NRes": Special.NRES,
    "RFU": Special.RESERVED,
    "+INF": Special.POSITIVE_INFINITY,
    "-INF": Special.NEGATIVE_INFINITY,
}


@pytest.mark.parametrize(("decoder", "decode"), [("sfloat", sfloat), ("float32", float32)])
def test_published_vectors(shared: Path, decoder: str, decode: object) -> None:
    assert callable(decode)
    for one in vectors(shared, "ieee11073", decoder):
        value = decode(int.from_bytes(bytes.fromhex(one["hex"]), "little"))
        expect = one["expect"]
        assert value == (_SPECIALS[expect["special"]] if "special" in expect else expect["value"]), one["name"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [(0x0061, 97.0), (0xF3D4, 98.0), (0xF16C, 36.4), (0x0B2E, -1234.0), (0xD005, 0.005), (0x2002, 200.0)],
)
def test_sfloat(raw: int, value: float) -> None:
    assert sfloat(raw) == value


@pytest.mark.parametrize(
    ("raw", "special"),
    [
        (0x07FF, Special.NAN),
        (0x0800, Special.NRES),
        (0x0801, Special.RESERVED),
        (0x07FE, Special.POSITIVE_INFINITY),
        (0x0802, Special.NEGATIVE_INFINITY),
    ],
)
def test_sfloat_specials_stand_at_exponent_zero_only(raw: int, special: Special) -> None:
    assert sfloat(raw) is special
    assert isinstance(sfloat(raw | 0x1000), float)


@given(mantissa=st.integers(-2045, 2045), exponent=st.integers(-8, 7))
def test_sfloat_is_the_decimal_that_it_spells(mantissa: int, exponent: int) -> None:
    assert sfloat((exponent & 0xF) << 12 | mantissa & 0xFFF) == float(f"{mantissa}e{exponent}")
