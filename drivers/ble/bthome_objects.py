"""The object table of BTHome v2: which value each id names, how wide it is, and its factor (bthome.io/format).

An object's length follows from its id alone, so an id that is missing here ends the reading of a frame.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Kind:
    """One id: its name, its width in bytes (0: a length byte precedes it), whether it is signed, its factor."""

    name: str
    width: int
    signed: bool = False
    factor: float = 1.0


def _u(name: str, width: int, factor: float = 1.0) -> Kind:
    return Kind(name, width, factor=factor)


def _s(name: str, width: int, factor: float = 1.0) -> Kind:
    return Kind(name, width, signed=True, factor=factor)


def _flag(name: str) -> Kind:
    return Kind(name, 1)


PACKET_ID, BUTTON = 0x00, 0x3A

KINDS: MappingProxyType[int, Kind] = MappingProxyType(
    {
        PACKET_ID: _u("packet_id", 1),
        0x01: _u("battery", 1),
        0x02: _s("temperature", 2, 0.01),
        0x03: _u("humidity", 2, 0.01),
        0x04: _u("pressure", 3, 0.01),
        0x05: _u("illuminance", 3, 0.01),
        0x06: _u("mass_kg", 2, 0.01),
        0x07: _u("mass_lb", 2, 0.01),
        0x08: _s("dew_point", 2, 0.01),
        0x09: _u("count", 1),
        0x0A: _u("energy", 3, 0.001),
        0x0B: _u("power", 3, 0.01),
        0x0C: _u("voltage", 2, 0.001),
        0x0D: _u("pm2_5", 2),
        0x0E: _u("pm10", 2),
        0x0F: _flag("generic"),
        0x10: _flag("powered"),
        0x11: _flag("opening"),
        0x12: _u("co2", 2),
        0x13: _u("tvoc", 2),
        0x14: _u("moisture_percent", 2, 0.01),
        0x15: _flag("battery_low"),
        0x16: _flag("battery_charging"),
        0x17: _flag("carbon_monoxide"),
        0x18: _flag("cold"),
        0x19: _flag("connectivity"),
        0x1A: _flag("door"),
        0x1B: _flag("garage_door"),
        0x1C: _flag("gas"),
        0x1D: _flag("heat"),
        0x1E: _flag("light"),
        0x1F: _flag("lock"),
        0x20: _flag("moisture"),
        0x21: _flag("motion"),
        0x22: _flag("moving"),
        0x23: _flag("occupancy"),
        0x24: _flag("plug"),
        0x25: _flag("presence"),
        0x26: _flag("problem"),
        0x27: _flag("running"),
        0x28: _flag("safety"),
        0x29: _flag("smoke"),
        0x2A: _flag("sound"),
        0x2B: _flag("tamper"),
        0x2C: _flag("vibration"),
        0x2D: _flag("window"),
        0x2E: _u("humidity", 1),
        0x2F: _u("moisture_percent", 1),
        BUTTON: _u("button", 1),
        0x3C: _u("dimmer", 2),
        0x3D: _u("count", 2),
        0x3E: _u("count", 4),
        0x3F: _s("rotation", 2, 0.1),
        0x40: _u("distance_mm", 2),
        0x41: _u("distance_m", 2, 0.1),
        0x42: _u("duration", 3, 0.001),
        0x43: _u("current", 2, 0.001),
        0x44: _u("speed", 2, 0.01),
        0x45: _s("temperature", 2, 0.1),
        0x46: _u("uv_index", 1, 0.1),
        0x47: _u("volume_l", 2, 0.1),
        0x48: _u("volume_ml", 2),
        0x49: _u("volume_flow", 2, 0.001),
        0x4A: _u("voltage", 2, 0.1),
        0x4B: _u("gas_volume", 3, 0.001),
        0x4C: _u("gas_volume", 4, 0.001),
        0x4D: _u("energy", 4, 0.001),
        0x4E: _u("volume_l", 4, 0.001),
        0x4F: _u("water", 4, 0.001),
        0x50: _u("timestamp", 4),
        0x51: _u("acceleration", 2, 0.001),
        0x52: _u("gyroscope", 2, 0.001),
        0x53: Kind("text", 0),
        0x54: Kind("raw", 0),
        0x55: _u("volume_storage", 4, 0.001),
        0x56: _u("conductivity", 2),
        0x57: _s("temperature", 1),
        0x58: _s("temperature", 1, 0.35),
        0x59: _s("count", 1),
        0x5A: _s("count", 2),
        0x5B: _s("count", 4),
        0x5C: _s("power", 4, 0.01),
        0x5D: _s("current", 2, 0.001),
        0x5E: _u("direction", 2, 0.01),
        0x5F: _u("precipitation", 2, 0.1),
        0x60: _u("channel", 1),
        0x61: _u("rotational_speed", 2),
        0x62: _s("speed", 4, 0.000001),
        0x63: _s("acceleration", 4, 0.000001),
        0x64: _u("light_level", 1),
        0xF0: _u("device_type", 2),
        0xF1: _u("firmware", 4),
        0xF2: _u("firmware", 3),
    }
)


@dataclass(frozen=True, slots=True)
class Object:
    """One value of a frame. Text and raw bytes have their length as value: nothing here uses them."""

    id: int
    value: float

    @property
    def name(self) -> str:
        """The name of its kind."""
        return KINDS[self.id].name


def objects_in(payload: bytes) -> Iterator[Object]:
    """The objects of `payload` in order, up to the first unknown id or the first that is cut off."""
    at = 0
    while at < len(payload):
        kind = KINDS.get(payload[at])
        if kind is None:
            return
        start = at + 1
        if kind.width == 0:
            if start >= len(payload) or start + 1 + payload[start] > len(payload):
                return
            yield Object(payload[at], payload[start])
            at = start + 1 + payload[start]
            continue
        end = start + kind.width
        if end > len(payload):
            return
        number = int.from_bytes(payload[start:end], "little", signed=kind.signed)
        # Six digits are as fine as any factor above and shave off what binary fractions add to 25.06.
        yield Object(payload[at], round(number * kind.factor, 6))
        at = end


def length_in(payload: bytes) -> int:
    """How many bytes of `payload` its whole objects fill."""
    at = 0
    for one in objects_in(payload):
        at += 1 + (KINDS[one.id].width or 1 + int(one.value))
    return at
