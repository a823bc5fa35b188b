"""What a driver gives: one value of one quantity from one device."""

from dataclasses import dataclass
from enum import StrEnum


class Quality(StrEnum):
    """How far a value may be trusted.

    Only `GOOD` values drive limit alarms. Life-safety quantities (button, smoke, ...) act at any quality:
    doubtful ones raise the alarm marked "unverified".
    """

    GOOD = "good"
    UNCERTAIN = "uncertain"  # poor signal, moving, low perfusion: shown, never judged against a limit
    UNVERIFIED = "unverified"  # adopted device, but its proof failed (replayed counter, wrong key, reset)
    BAD = "bad"  # the device itself says that there is no valid value


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as it arrived.

    `device` is the site's id for the device, `quantity` a key of `drivers.quantities.QUANTITIES`, which also gives
    the unit. `at` is CLOCK_MONOTONIC in seconds when the last byte arrived. `stored` marks a value out of the
    device's memory, taken at `measured_at` (UTC seconds by the device's own clock, if it told one): it is kept, but
    neither raises nor clears a live alarm.
    """

    device: str
    quantity: str
    value: float | bool | str
    at: float
    quality: Quality = Quality.GOOD
    stored: bool = False
    measured_at: float | None = None
