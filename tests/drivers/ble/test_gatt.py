import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.gatt import Fields, TruncatedError, battery_level, uuid16
from tests.drivers.ble.vectors import vectors


def test_published_battery_vectors(shared: Path) -> None:
    for one in vectors(shared, "battery", "battery"):
        assert battery_level(bytes.fromhex(one["hex"])) == one["expect"].get("level"), one["name"]


@pytest.mark.parametrize(("data", "percent"), [(b"\x64", 100), (b"\x0f", 15), (b"\x64\x00", None), (b"\x65", None)])
def test_battery_level(data: bytes, percent: int | None) -> None:
    assert battery_level(data) == percent


def test_uuid_has_the_form_that_bleak_uses() -> None:
    assert uuid16(0x2A37) == "00002a37-0000-1000-8000-00805f9b34fb"


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("ea0709180e1e05", datetime.datetime(2026, 9, 24, 14, 30, 5, tzinfo=datetime.UTC)),
        ("000009180e1e05", None),  # year unknown
        ("ea07021e0e1e05", None),  # 30 February
        ("ea070918ff1e05", None),
    ],
)
def test_date_time_is_never_built_blindly(raw: str, moment: datetime.datetime | None) -> None:
    assert Fields(bytes.fromhex(raw)).date_time() == moment


@given(data=st.binary(max_size=20), widths=st.lists(st.integers(1, 4), max_size=10))
def test_fields_take_bytes_in_order_and_stop_at_the_end(data: bytes, widths: list[int]) -> None:
    fields, rest = Fields(data), data
    for width in widths:
        if len(rest) < width:
            with pytest.raises(TruncatedError):
                fields.unsigned(width)
            return
        assert fields.unsigned(width) == int.from_bytes(rest[:width], "little")
        rest = rest[width:]
        assert fields.left == len(rest)
