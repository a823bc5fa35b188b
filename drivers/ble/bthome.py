"""BTHome v2 service data (0xFCD2), plain or sealed with AES-128-CCM: bytes to objects (bthome.io/format, /encryption).

Nothing here raises on what arrives over the air.
"""

from dataclasses import dataclass
from enum import Enum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from drivers.ble.bthome_objects import PACKET_ID, Object, length_in, objects_in

KEY_BYTES = 16

_ENCRYPTED, _MAC, _TRIGGER, _VERSION_SHIFT = 0x01, 0x02, 0x04, 5
_VERSION = 2
_COUNTER_BYTES, _MIC_BYTES = 4, 4
_UUID = b"\xd2\xfc"  # 0xFCD2 as it travels, part of the nonce


class Proof(Enum):
    """What is known about the sender of a frame."""

    NONE = "sent in plain"
    KEY = "sealed with the device's key"
    BROKEN = "the check of the seal failed"


@dataclass(frozen=True, slots=True)
class Frame:
    """One advertisement, opened.

    `objects` in the order sent. `counter` is the replay counter of a sealed frame. `whole` tells that the payload held
    nothing but known objects in rising order, as the format demands: the only sign of sense in a frame that no seal
    vouches for. `payload` is what was inside the seal.
    """

    objects: tuple[Object, ...]
    payload: bytes
    proof: Proof
    trigger_based: bool
    whole: bool
    counter: int | None = None
    mac: bytes = b""

    @property
    def packet_id(self) -> int | None:
        """The number that all repeats of one packet share, if the device sends it."""
        return next((int(one.value) for one in self.objects if one.id == PACKET_ID), None)


def open_frame(data: bytes, mac: bytes, key: bytes = b"") -> Frame | None:
    """The frame in `data` (service data without its UUID) from the device with address `mac` (6 bytes, as printed).

    `key` (16 bytes) is used for a sealed frame. None if this is not BTHome v2, or sealed and no key is given. A frame
    whose seal does not fit is opened all the same, as `Proof.BROKEN`: with the wrong key it holds rubbish, but one
    damaged in the air or in its check alone still holds the press.
    """
    if not data or data[0] >> _VERSION_SHIFT != _VERSION:
        return None
    info, body = data[0], data[1:]
    sent_mac = b""
    if info & _MAC:
        if len(body) < len(mac):
            return None
        sent_mac, body = body[: len(mac)][::-1], body[len(mac) :]
    trigger_based = bool(info & _TRIGGER)
    if not info & _ENCRYPTED:
        return _frame(body, Proof.NONE, trigger_based, None, sent_mac)
    if len(key) != KEY_BYTES or len(body) < _COUNTER_BYTES + _MIC_BYTES:
        return None
    sealed, tail = body[: -_COUNTER_BYTES - _MIC_BYTES], body[-_COUNTER_BYTES - _MIC_BYTES :]
    counter, mic = tail[:_COUNTER_BYTES], tail[_COUNTER_BYTES:]
    nonce = (sent_mac or mac) + _UUID + bytes((info,)) + counter
    payload, proof = _unseal(key, nonce, sealed, mic)
    return _frame(payload, proof, trigger_based, int.from_bytes(counter, "little"), sent_mac)


def is_sealed(data: bytes) -> bool:
    """Whether `data` is a BTHome v2 frame that cannot be read without a key."""
    return bool(data) and data[0] >> _VERSION_SHIFT == _VERSION and bool(data[0] & _ENCRYPTED)


def counter_rises(last: int, new: int) -> bool:
    """Whether `new` may follow `last`: it must grow, and may wrap around its 32 bits once it is near their end."""
    near = 0x100
    return new > last or (last > 0xFFFFFFFF - near and new < near)


def _frame(payload: bytes, proof: Proof, trigger_based: bool, counter: int | None, mac: bytes) -> Frame:
    objects = tuple(objects_in(payload))
    ids = [one.id for one in objects]
    whole = bool(objects) and ids == sorted(ids) and length_in(payload) == len(payload)
    return Frame(objects, payload, proof, trigger_based, whole, counter, mac)


def _unseal(key: bytes, nonce: bytes, sealed: bytes, mic: bytes) -> tuple[bytes, Proof]:
    if sealed:  # an empty message has nothing to tell either way
        try:
            return AESCCM(key, tag_length=_MIC_BYTES).decrypt(nonce, sealed + mic, None), Proof.KEY
        except InvalidTag:
            pass
    # CCM (RFC 3610 2.3) enciphers with AES-CTR from block 1 on; a 13-byte nonce leaves 2 bytes of block number, L' = 1.
    counter_block = b"\x01" + nonce + b"\x00\x01"
    unseal = Cipher(algorithms.AES(key), modes.CTR(counter_block)).decryptor()
    return unseal.update(sealed) + unseal.finalize(), Proof.BROKEN
