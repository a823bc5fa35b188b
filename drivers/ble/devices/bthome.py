"""BTHome v2 devices: call buttons, door and motion contacts, smoke and water sensors, climate sensors.

Shelly BLU, reflashed Xiaomi sensors and many home-made ones. They only advertise. A frame of an adopted device that
cannot prove itself still gives its call for help, marked unverified; its other values are refused.
"""

from collections.abc import Iterator
from types import MappingProxyType

from drivers.ble.advertisement import Advertisement
from drivers.ble.bthome import Frame, Proof, counter_rises, is_sealed, open_frame
from drivers.ble.bthome_objects import BUTTON, Object
from drivers.ble.gatt import BTHOME_SERVICE_DATA, uuid16
from drivers.ble.product import AdvertisedProduct, Identity
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading
from drivers.trouble import Trouble, trouble

# A device sends one packet several times. With a packet id (0x00) or a counter a repeat is the same packet again within
# this time of the last one heard; past it, the number was counted round, restarted after a battery change, or replayed.
REPEAT_S = 30.0
# Without either two presses look alike. The same bytes are one press while they keep coming closer together than
# this, and for at most `BURST_S`: past that, a device that never stops is better heard again than not at all.
GAP_S = 2.0
BURST_S = 10.0
_KEPT = 64  # packets remembered; far more than a device sends within REPEAT_S

_PRESSES = MappingProxyType(
    {
        0x01: "press",
        0x02: "double",
        0x03: "triple",
        0x04: "long",
        0x05: "long_double",
        0x06: "long_triple",
        0x80: "hold",
        0x81: "release",
    }
)
_NUMBERS = MappingProxyType(
    {"battery": "battery", "temperature": "air_temperature", "humidity": "humidity", "illuminance": "illuminance"}
)
_STATES = MappingProxyType(
    {
        "battery_low": "battery_low",
        "carbon_monoxide": "carbon_monoxide",
        "door": "opening",
        "garage_door": "opening",
        "gas": "gas",
        "moisture": "moisture",
        "motion": "motion",
        "occupancy": "presence",
        "opening": "opening",
        "presence": "presence",
        "smoke": "smoke",
        "window": "opening",
    }
)

_WRONG_KEY = trouble("wrong_key")
_NO_KEY = trouble("no_key")


class Repeats:
    """Tells a repeated packet from a new one."""

    def __init__(self) -> None:
        self._heard: dict[tuple[bytes, bytes], tuple[float, float]] = {}  # packet: (first, last) heard

    def is_repeat(self, data: bytes, frame: Frame, at: float) -> bool:
        """Whether this packet was heard just before; remembers it either way."""
        # A packet id tells packets apart even when each repeat is sealed anew, with a counter of its own.
        key = (data, b"") if frame.packet_id is None else (b"", frame.payload)
        numbered = frame.packet_id is not None or frame.counter is not None
        first, last = self._heard.pop(key, (at, at - REPEAT_S))
        repeat = at - last < (REPEAT_S if numbered else GAP_S) and (numbered or at - first < BURST_S)
        self._heard[key] = (first if repeat else at, at)
        while len(self._heard) > _KEPT:
            del self._heard[next(iter(self._heard))]
        return repeat


class BthomeDevice:
    """Listens to one adopted device."""

    def __init__(self, identity: Identity) -> None:
        self._device = identity.device
        self._mac = bytes.fromhex(identity.address.replace(":", ""))
        self._key = identity.key
        self._counter: int | None = None  # the first frame after a start is believed, as nothing older is known
        self._repeats = Repeats()
        self._trouble: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """Why its frames cannot be read, with the cure; None while they can."""
        return self._trouble

    def hear(self, advertisement: Advertisement) -> list[Reading]:
        """The readings of a packet not heard before; empty for anything else."""
        data = advertisement.service_data.get(uuid16(BTHOME_SERVICE_DATA))
        if data is None or not advertisement.fresh:
            return []
        frame = open_frame(data, self._mac, self._key)
        if frame is None:
            if is_sealed(data):
                self._trouble = _NO_KEY if not self._key else _WRONG_KEY
            return []
        self._trouble = _WRONG_KEY if frame.proof is Proof.BROKEN else None
        if frame.proof is Proof.BROKEN and not frame.whole:
            return []
        if self._repeats.is_repeat(data, frame, advertisement.at):
            return []
        return list(self._readings(frame, advertisement.at, self._proves_itself(frame)))

    def _proves_itself(self, frame: Frame) -> bool:
        if not self._key:
            return True  # an unsealed device was adopted as such
        if frame.proof is not Proof.KEY or frame.counter is None:
            return False
        if self._counter is not None and not counter_rises(self._counter, frame.counter):
            return False
        self._counter = frame.counter
        return True

    def _readings(self, frame: Frame, at: float, proven: bool) -> Iterator[Reading]:
        for one in frame.objects:
            told = _told_by(one)
            if told is None:
                continue
            quantity, value = told
            row = QUANTITIES[quantity]
            if proven:
                quality = Quality.GOOD if row.admits(value) else Quality.BAD
                yield Reading(self._device, quantity, value, at, quality)
            elif row.life_safety and value is not False:  # no all-clear without proof
                yield Reading(self._device, quantity, value, at, Quality.UNVERIFIED)


def _told_by(one: Object) -> tuple[str, float | bool | str] | None:
    """The quantity and value of an object; None for those that we have no use for, and a button not pressed."""
    if one.id == BUTTON:
        press = _PRESSES.get(int(one.value))
        return None if press is None else ("button", press)
    if one.name in _STATES:
        return _STATES[one.name], bool(one.value)
    if one.name in _NUMBERS:
        return _NUMBERS[one.name], one.value
    return None


BTHOME = AdvertisedProduct("BTHome v2 button or sensor", BthomeDevice, takes_key=True)
