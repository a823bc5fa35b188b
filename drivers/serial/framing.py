"""What every codec of a streaming serial protocol gives: frames cut out of a stream, and values out of frames."""

from dataclasses import dataclass
from typing import Protocol

from drivers.reading import Quality


@dataclass(frozen=True, slots=True)
class Measured:
    """One value as a frame told it; who measured it and when is the driver's to add."""

    quantity: str
    value: float | bool | str
    quality: Quality = Quality.GOOD


class StreamDecoder(Protocol):
    """The codec of one device model. Pure: no port, clock or log; `feed` never raises, its buffer is bounded."""

    @property
    def accepted(self) -> int:
        """Whole frames so far, whether or not they carry a value: the device lives."""

    @property
    def rejected(self) -> int:
        """Frames dropped so far: wrong length, checksum or tail."""

    def feed(self, data: bytes) -> list[Measured]:
        """The values that `data` completes, in order; noise is skipped a byte at a time."""
