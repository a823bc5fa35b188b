"""USB-serial tower light of the single-byte kind: one byte sets one element; it never answers.

9600 8N1. Low nibble: which element; high nibble: 1 on, 2 off (4, its own blinking, is not used: the sounder times the
flashing itself, so that it meets IEC 60601-1-8). Source: vendor's example code for Adafruit 5125.
"""

from types import MappingProxyType

BAUDRATE = 9600

RED, YELLOW, GREEN, BUZZER = 0x01, 0x02, 0x04, 0x08
_ON, _OFF = 0x10, 0x20

# The sounder's lines and the element that shows each.
ELEMENTS = MappingProxyType({"buzzer": BUZZER, "red": RED, "yellow": YELLOW, "heartbeat": GREEN})


def encode(element: int, on: bool) -> bytes:
    """The byte that turns `element` on or off."""
    return bytes(((_ON if on else _OFF) | element,))
