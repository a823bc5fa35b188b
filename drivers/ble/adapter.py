"""One Bluetooth adapter as a driver: one scan, and one connection per GATT device."""

import asyncio

from bleak.backends.device import BLEDevice

from drivers.base import Driver, Emit, LinkState, Now
from drivers.ble.advertisement import Advertisement
from drivers.ble.bus_watch import BusWatch
from drivers.ble.connection import Connection
from drivers.ble.links import Links
from drivers.ble.product import AdvertisedDevice, AdvertisedProduct, Identity
from drivers.ble.products import PRODUCTS
from drivers.ble.scanner import Scanner
from drivers.ble.settings import BleAdapterSettings
from drivers.ble.strangers import OnUnknown, Strangers
from drivers.reading import Reading
from drivers.trouble import Trouble

RSSI_EVERY_S = 60.0  # the sign of life of a device whose values do not change; more often tells nobody anything


class _Listener:
    """One adopted device that advertises its values."""

    def __init__(self, identity: Identity, product: AdvertisedProduct, links: Links, emit: Emit) -> None:
        self._device = identity.device
        self._listening: AdvertisedDevice = product.listen(identity)
        self._links = links
        self._emit = emit
        self._rssi_at = -RSSI_EVERY_S

    def hear(self, advertisement: Advertisement) -> None:
        readings = self._listening.hear(advertisement)
        # A press goes first: whatever else there is to tell can wait.
        for reading in readings:
            self._emit(reading)
        trouble = self._listening.trouble
        self._links.tell(self._device, LinkState.FAULT if trouble else LinkState.CONNECTED, trouble)
        if advertisement.at - self._rssi_at >= RSSI_EVERY_S and not trouble:
            self._rssi_at = advertisement.at
            self._emit(Reading(self._device, "rssi", float(advertisement.rssi_dbm), advertisement.at))


class BleAdapter:
    """The driver ``ble:hci0``. Every fault is mended inside and shows as `Link`; it never raises by itself."""

    def __init__(self, settings: BleAdapterSettings, emit: Emit, now: Now, on_unknown: OnUnknown) -> None:
        self._settings = settings
        self._emit = emit
        self._now = now
        self._strangers = Strangers(on_unknown)

    @property
    def name(self) -> str:
        """Such as ``ble:hci0``."""
        return f"ble:{self._settings.adapter}"

    @property
    def devices(self) -> tuple[str, ...]:
        """Ids of the adopted devices."""
        return tuple(one.id for one in self._settings.device)

    async def run(self) -> None:
        """Listen and stay connected until cancelled."""
        links = Links(self.devices, self._emit, self._now)
        links.start()
        listeners: dict[str, _Listener] = {}
        connections: dict[str, Connection] = {}
        turn = asyncio.Lock()
        for one in self._settings.device:
            identity, product = one.identity, PRODUCTS[one.product]
            if isinstance(product, AdvertisedProduct):
                listeners[identity.address] = _Listener(identity, product, links, self._emit)
            else:
                connections[identity.address] = Connection(
                    identity, product, self._settings.adapter, turn, links, self._emit, self._now
                )

        def hear(advertisement: Advertisement, device: BLEDevice) -> None:
            if listener := listeners.get(advertisement.address):
                listener.hear(advertisement)
            elif connection := connections.get(advertisement.address):
                connection.heard(device)
            else:
                self._strangers.heard(advertisement.address, advertisement.name, advertisement.at)

        def tell_fault(fault: Trouble | None) -> None:
            links.tell_adapter(fault, frozenset(one.device for one in connections.values() if one.live))

        def lost() -> None:
            for connection in connections.values():
                connection.lost.set()

        scanner = Scanner(self._settings.adapter, self._settings.silent_scan_s, self._now, hear, tell_fault)
        watch = BusWatch(self._settings.adapter, scanner.disturbed.set, lost)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(scanner.run(), name=f"{self.name} scan")
            tasks.create_task(watch.run(), name=f"{self.name} watch")
            for connection in connections.values():
                tasks.create_task(connection.run(), name=f"{self.name} {connection.device}")


def build(settings: BleAdapterSettings, emit: Emit, now: Now, on_unknown: OnUnknown) -> Driver:
    """The driver of one adapter. `on_unknown(address, name)` is told of devices that nobody adopted, for display."""
    return BleAdapter(settings, emit, now, on_unknown)
