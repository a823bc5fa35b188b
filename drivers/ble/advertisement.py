"""An advertisement as we use it, whatever library heard it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What one device sent to everybody.

    `address` is in capitals, `service_data` keyed by 128-bit UUID, `at` CLOCK_MONOTONIC seconds at its arrival.
    `fresh` is false when the service data is only what BlueZ remembers: it also calls us for a change of the signal
    strength or of the connection, with the payload of an earlier advertisement beside it.
    """

    address: str
    name: str
    service_data: Mapping[str, bytes]
    rssi_dbm: int
    at: float
    fresh: bool = True
