"""What a product row says: either it advertises its values, or we connect and are notified."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.ble.advertisement import Advertisement
from drivers.reading import Reading
from drivers.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Identity:
    """One adopted device: the site's id, its Bluetooth address in capitals, its key (empty: none)."""

    device: str
    address: str
    key: bytes = b""


class AdvertisedDevice(Protocol):
    """Listens to one device and remembers what it must (counters, repeats); raises on no input whatever."""

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing can be read of it, with the cure, for people; None while all is well."""

    def hear(self, advertisement: Advertisement) -> list[Reading]:
        """What it says anew; empty for a repeat, for noise, and for what is not its format."""


@dataclass(frozen=True, slots=True)
class AdvertisedProduct:
    """A product that only advertises. `listen` makes the listener of one device."""

    title: str
    listen: Callable[[Identity], AdvertisedDevice]
    takes_key: bool = False


Decode = Callable[[str, bytes, float], list[Reading]]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A value of a connected device: `decode(device, data, at)` gives its readings, none for noise, and never raises.

    It is subscribed to where the device offers that, and read once an hour where it offers that.
    """

    uuid: str
    decode: Decode


@dataclass(frozen=True, slots=True)
class GattProduct:
    """A product that we connect to: it must have one of `values`, and may have those of `extras`.

    A connection that brings no value at all for `quiet_s` seconds is dropped and made anew: links hang.
    """

    title: str
    service: str
    values: tuple[Characteristic, ...]
    extras: tuple[Characteristic, ...] = ()
    quiet_s: float = 30.0


Product = AdvertisedProduct | GattProduct
