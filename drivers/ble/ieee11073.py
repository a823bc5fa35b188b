"""Numbers of IEEE 11073-20601 as health characteristics carry them: a power of ten beside a mantissa, both signed.

SFLOAT is 4 bits of exponent and 12 of mantissa, FLOAT 8 and 24; both are two's complement without any bias.
"""

from enum import Enum


class Special(Enum):
    """What a mantissa at exponent 0 says instead of a number."""

    NAN = "not a number"
    NRES = "not at this resolution"
    RESERVED = "reserved"
    POSITIVE_INFINITY = "+infinity"
    NEGATIVE_INFINITY = "-infinity"


def sfloat(raw: int) -> float | Special:
    """The value of 16 bits."""
    return _decode(raw, mantissa_bits=12, exponent_bits=4)


def float32(raw: int) -> float | Special:
    """The value of 32 bits."""
    return _decode(raw, mantissa_bits=24, exponent_bits=8)


def _decode(raw: int, mantissa_bits: int, exponent_bits: int) -> float | Special:
    half = 1 << (mantissa_bits - 1)
    mantissa = raw & (2 * half - 1)
    exponent = _signed(raw >> mantissa_bits, exponent_bits)
    specials = {
        half - 1: Special.NAN,
        half - 2: Special.POSITIVE_INFINITY,
        half: Special.NRES,
        half + 1: Special.RESERVED,
        half + 2: Special.NEGATIVE_INFINITY,
    }
    if exponent == 0 and mantissa in specials:
        return specials[mantissa]
    value = _signed(mantissa, mantissa_bits)
    # Division by a power of ten is correctly rounded, multiplication by 0.1 is not: 364 / 10 is 36.4.
    return float(value * 10**exponent) if exponent >= 0 else value / 10**-exponent


def _signed(raw: int, bits: int) -> int:
    return raw - (1 << bits) if raw >> (bits - 1) & 1 else raw
