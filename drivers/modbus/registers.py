"""Bits and registers to the value that a profile's point means."""

import math
import struct
from collections.abc import Sequence
from types import MappingProxyType

from drivers.modbus.profile import Point
from drivers.quantities import Quantity, Shape
from drivers.reading import Quality
from drivers.serial.framing import Measured

_FORMATS = MappingProxyType({"int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "float32": ">f"})

# What a scale of 0.1 adds in binary (30.5 becomes 30.500000000000004) is far below any sensor's step.
_DECIMALS = 6


def measure(
    point: Point, raw: Sequence[int], quantity: Quantity, channel: int = 0, invert: bool = False
) -> Measured | None:
    """The value of `point` for `quantity` in `raw`, its bits or its registers (`Point.width` of them).

    A number outside the quantity's plausible range is `BAD`. None where the device gave no number (NaN, infinity).
    """
    if point.type == "bit":
        bit = raw[channel] if point.reads_bits else raw[0] >> (point.bit + channel) & 1
        return Measured(quantity.name, bool(bit) ^ point.invert ^ invert)
    number = _number(point, raw)
    if quantity.shape is Shape.STATE:
        return Measured(quantity.name, (number in point.on) ^ point.invert ^ invert)
    value = number * point.scale + point.offset
    if not math.isfinite(value):
        return None
    value = round(value, _DECIMALS)
    return Measured(quantity.name, value, Quality.GOOD if quantity.admits(value) else Quality.BAD)


def _number(point: Point, registers: Sequence[int]) -> float:
    """The raw number; bytes in a register are always big endian (Modbus application protocol 4.2)."""
    ordered = registers if point.words == "big" else registers[::-1]
    (number,) = struct.unpack(_FORMATS[point.type], b"".join(one.to_bytes(2, "big") for one in ordered))
    return float(number)
