"""Which Bluetooth adapters and devices there are: `[[ble]]` of config/devices.toml."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

from drivers.ble.bthome import KEY_BYTES
from drivers.ble.product import AdvertisedProduct, Identity
from drivers.ble.products import PRODUCTS

_FORBID: dict[str, Any] = {"extra": "forbid"}
_ADDRESS = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}")
_ADAPTER = re.compile(r"hci[0-9]{1,2}")

Name = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class BleDeviceSettings:
    """One adopted device: the site's id, its Bluetooth address, its product, its key in hex if it encrypts.

    Raises ValueError naming what is wrong and what is allowed.
    """

    id: Name
    address: str
    product: str
    key: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.address.upper()):
            raise ValueError(f"address {self.address!r} is not six hex pairs such as AA:BB:CC:DD:EE:FF")
        product = PRODUCTS.get(self.product)
        if product is None:
            raise ValueError(f"product {self.product!r} is not known; known are {', '.join(PRODUCTS)}")
        if not self.key:
            return
        if not isinstance(product, AdvertisedProduct) or not product.takes_key:
            raise ValueError(f"key is not used by product {self.product!r}; leave it out")
        if not re.fullmatch(f"[0-9A-Fa-f]{{{2 * KEY_BYTES}}}", self.key):
            raise ValueError(f"key must be {2 * KEY_BYTES} hex digits, as the maker's app shows it")

    @property
    def identity(self) -> Identity:
        """The device as its listener knows it."""
        return Identity(self.id, self.address.upper(), bytes.fromhex(self.key))


@dataclass(frozen=True, slots=True)
class BleAdapterSettings:
    """One Bluetooth adapter and its devices.

    A scan that hears nothing at all for `silent_scan_s` seconds is started anew; after three such in a row the adapter
    is said to be deaf. Raises ValueError for an adapter that is no ``hciN``, and for an id or address given twice.
    """

    adapter: str = "hci0"
    silent_scan_s: Annotated[float, Ge(1), Le(3600)] = 60.0
    device: tuple[BleDeviceSettings, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        if not _ADAPTER.fullmatch(self.adapter):
            raise ValueError(f"adapter {self.adapter!r} is not of the form hci0; `bluetoothctl list` shows them")
        for what, values in (
            ("id", [one.id for one in self.device]),
            ("address", [one.address.upper() for one in self.device]),
        ):
            twice = [value for value, count in Counter(values).items() if count > 1]
            if twice:
                raise ValueError(f"{what} {', '.join(twice)} is given to more than one device; each needs its own")
