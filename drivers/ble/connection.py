"""One connected device, for ever: found, connected, subscribed, watched, and all of it again when it goes."""

import asyncio
import contextlib
import logging
from functools import partial

from bleak import BleakAdapter, BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from drivers.backoff import Backoff
from drivers.base import Emit, LinkState, Now
from drivers.ble.faults import BLUETOOTH_ERRORS
from drivers.ble.links import Links
from drivers.ble.product import Characteristic, GattProduct, Identity
from drivers.trouble import Trouble, trouble

_LOGGER = logging.getLogger(__name__)

# A device in range answers within seconds. While we wait for one that is not, no other can be connected.
CONNECT_S = 15.0
CLOSE_S = 3.0  # orderly goodbye; shutdown in 5 s must not fail for it
RETRY_FIRST_S, RETRY_CAP_S = 0.5, 30.0
RECHECK_S = 10.0  # how often to look whether BlueZ holds a connection that we do not know of
REREAD_S = 3600.0  # battery level and the like, where the device does not notify
READ_S = 5.0

_Readable = tuple[BleakGATTCharacteristic, Characteristic]


class Connection:
    """The way to one GATT device. `turn` is the adapter's lock: BlueZ connects one device at a time.

    Link: CONNECTED when the first value arrives, SILENT when the connection is lost, cannot be made, or brings none.
    """

    def __init__(
        self,
        identity: Identity,
        product: GattProduct,
        adapter: str,
        turn: asyncio.Lock,
        links: Links,
        emit: Emit,
        now: Now,
    ) -> None:
        self.live = False  # values arrive
        self.lost = asyncio.Event()  # set by bleak, or by whoever knows that Bluetooth itself has gone
        self._identity = identity
        self._product = product
        self._adapter = adapter
        self._turn = turn
        self._links = links
        self._emit = emit
        self._now = now
        self._seen: BLEDevice | None = None
        self._seen_now = asyncio.Event()
        self._value_at = 0.0

    @property
    def device(self) -> str:
        """The site's id of the device."""
        return self._identity.device

    def heard(self, device: BLEDevice) -> None:
        """It advertises: it is in range and free."""
        self._seen = device
        self._seen_now.set()

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        backoff = Backoff(RETRY_FIRST_S, RETRY_CAP_S)
        device = await self._held()
        while True:
            device = device or await self._find()
            try:
                why = await self._session(device)
            except BLUETOOTH_ERRORS as error:
                why = trouble("not_connected", why=str(error) or type(error).__name__)
                _LOGGER.debug("%s: session ended: %r", self._identity.device, error)
            except Exception:
                # One device's oddity must not end the scan that hears everybody's buttons.
                _LOGGER.exception("%s: session failed", self._identity.device)
                why = trouble("unforeseen")
            if self.live:
                backoff.reset()
            self.live = False
            self._links.tell(self._identity.device, LinkState.SILENT, why)
            await asyncio.sleep(backoff.next())
            device = None

    async def _find(self) -> BLEDevice:
        """The device, once it advertises; or if BlueZ holds a connection that we know nothing of."""
        self._seen_now.clear()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RECHECK_S):
                    await self._seen_now.wait()
            if self._seen_now.is_set() and self._seen is not None:
                return self._seen
            if held := await self._held():
                return held

    async def _held(self) -> BLEDevice | None:
        """The device, if BlueZ is connected to it.

        A connection outlives a process that was killed, and a connected device does not advertise.
        """
        with contextlib.suppress(*BLUETOOTH_ERRORS):
            async with asyncio.timeout(RECHECK_S):
                adapter = await BleakAdapter.get(bluez={"adapter": self._adapter})
                for device in await adapter.get_connected_devices([self._product.service]):
                    if device.address.upper() == self._identity.address:
                        return device
        return None

    async def _session(self, device: BLEDevice) -> Trouble:
        """One connection from beginning to end; why it ended."""
        client = BleakClient(
            device, disconnected_callback=lambda _: self.lost.set(), timeout=CONNECT_S, bluez={"adapter": self._adapter}
        )
        try:
            async with self._turn, asyncio.timeout(CONNECT_S + 1):
                await client.connect()
                self.lost.clear()  # an attempt that broke off, and that bleak made again, is not this connection
                if not client.is_connected:
                    return trouble("connection_lost")
                reread = await self._subscribe(client)
            if reread is None:
                return trouble("wrong_product", title=self._product.title)
            return await self._listen(client, reread)
        finally:
            with contextlib.suppress(*BLUETOOTH_ERRORS):
                async with asyncio.timeout(CLOSE_S):
                    await client.disconnect()

    async def _subscribe(self, client: BleakClient) -> list[_Readable] | None:
        """Ask for every value of the product; those to read again, or None if the device has none of them."""
        reread, found = [], False
        for wanted in (*self._product.values, *self._product.extras):
            offered = client.services.get_characteristic(wanted.uuid)
            if offered is None:
                continue
            if {"notify", "indicate"} & set(offered.properties):
                needed = wanted in self._product.values
                found = found or needed
                with contextlib.suppress(*() if needed else (BleakError,)):
                    await client.start_notify(offered, partial(self._notified, wanted))
            if "read" in offered.properties:
                reread.append((offered, wanted))
        return reread if found else None

    async def _listen(self, client: BleakClient, reread: list[_Readable]) -> Trouble:
        """Until the link goes or brings nothing; why it ended."""
        self._value_at = self._now()
        read_at = -REREAD_S
        while True:
            if self._now() - read_at >= REREAD_S:
                read_at = self._now()
                await self._read(client, reread)
            left = self._value_at + self._product.quiet_s - self._now()
            if left <= 0:
                return trouble("sends_nothing", for_s=self._product.quiet_s)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self.lost.wait()
                    return trouble("connection_lost")

    async def _read(self, client: BleakClient, reread: list[_Readable]) -> None:
        """Take what can be read; a device that refuses still serves for what it notifies."""
        for offered, wanted in reread:
            with contextlib.suppress(*BLUETOOTH_ERRORS):
                async with asyncio.timeout(READ_S):
                    self._arrived(wanted, bytes(await client.read_gatt_char(offered)))

    def _notified(self, wanted: Characteristic, _: BleakGATTCharacteristic, data: bytearray) -> None:
        self._arrived(wanted, bytes(data))

    def _arrived(self, wanted: Characteristic, data: bytes) -> None:
        at = self._now()
        readings = wanted.decode(self._identity.device, data, at)
        if not readings:
            _LOGGER.debug("%s: not understood: %s", self._identity.device, data.hex())
            return
        if wanted in self._product.values:
            self._value_at = at
            self.live = True
            self._links.tell(self._identity.device, LinkState.CONNECTED)
        for reading in readings:
            self._emit(reading)
