"""Hearing advertisements through one adapter, for ever: a scan that goes deaf is noticed and started anew."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from drivers.backoff import Backoff
from drivers.base import Now
from drivers.ble.advertisement import Advertisement
from drivers.ble.faults import BLUETOOTH_ERRORS, explain
from drivers.trouble import Trouble, trouble

_LOGGER = logging.getLogger(__name__)

START_S = 10.0  # bluetoothd answers in milliseconds; only one that hangs takes longer
STOP_S = 2.0  # a scan that is stopped because it is dead has nothing to say; shutdown must not wait for it
RETRY_FIRST_S, RETRY_CAP_S = 0.5, 5.0  # asking bluetoothd costs nothing, and every second without it is a deaf one
DEAF_SCANS = 3  # silent scans in a row after which the adapter is called deaf

Hear = Callable[[Advertisement, BLEDevice], None]
TellFault = Callable[[Trouble | None], None]


class Scanner:
    """One adapter's scan. `hear` gets every advertisement, `tell_fault` the adapter's fault (None when it works).

    An adapter that is switched off and on leaves a scan running that hears nothing, without any error; so a scan with
    no advertisement at all for `silent_scan_s` seconds is ended and started anew. Setting `disturbed` ends it at once.
    """

    def __init__(self, adapter: str, silent_scan_s: float, now: Now, hear: Hear, tell_fault: TellFault) -> None:
        self.disturbed = asyncio.Event()
        self._adapter = adapter
        self._silent_scan_s = silent_scan_s
        self._now = now
        self._hear = hear
        self._tell_fault = tell_fault
        self._heard_at = 0.0
        self._remembered: dict[str, object] = {}
        self._silent_scans = 0

    async def run(self) -> None:
        """Scan until cancelled."""
        backoff = Backoff(RETRY_FIRST_S, RETRY_CAP_S)
        while True:
            self.disturbed.clear()
            try:
                await self._scan(backoff)
            except BLUETOOTH_ERRORS as error:
                _LOGGER.debug("%s: scan failed: %r", self._adapter, error)
                self._silent_scans = 0
                self._tell_fault(explain(error, self._adapter))
                await self._disturbed_within(backoff.next())

    async def _scan(self, backoff: Backoff) -> None:
        """One scan, until it is silent for too long or disturbed."""
        scanner = BleakScanner(self._advertised, bluez={"adapter": self._adapter, "filters": {"DuplicateData": True}})
        async with asyncio.timeout(START_S):
            await scanner.start()
        try:
            backoff.reset()
            self._heard_at = started_at = self._now()
            if self._silent_scans < DEAF_SCANS:
                self._tell_fault(None)
            while (left := self._heard_at + self._silent_scan_s - self._now()) > 0:
                if await self._disturbed_within(left):
                    _LOGGER.info("%s: Bluetooth was disturbed; scan is started anew", self._adapter)
                    return
            self._count_silence(heard=self._heard_at > started_at)
        finally:
            with contextlib.suppress(*BLUETOOTH_ERRORS):
                async with asyncio.timeout(STOP_S):
                    await scanner.stop()

    def _count_silence(self, heard: bool) -> None:
        self._silent_scans = 1 if heard else self._silent_scans + 1
        _LOGGER.info("%s: nothing heard for %g s; scan is started anew", self._adapter, self._silent_scan_s)
        if self._silent_scans >= DEAF_SCANS:
            self._tell_fault(trouble("ble_deaf", link=self._adapter, scans=DEAF_SCANS, each_s=self._silent_scan_s))

    async def _disturbed_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.disturbed.wait()
        except TimeoutError:
            return False
        return True

    def _advertised(self, device: BLEDevice, data: AdvertisementData) -> None:
        at = self._now()
        self._heard_at = at
        if self._silent_scans:
            self._silent_scans = 0
            self._tell_fault(None)
        fresh = self._is_fresh(device.address, data)
        name = data.local_name or device.name or ""
        self._hear(Advertisement(device.address.upper(), name, data.service_data, data.rssi, at, fresh), device)

    def _is_fresh(self, address: str, data: AdvertisementData) -> bool:
        """Whether the service data came with this advertisement.

        bleak calls for a change of any property (signal strength, connection), with all others as BlueZ remembers them.
        A property that was sent is a new object in bleak's table, one that is remembered the very same as before. What
        BlueZ remembers from before our start (it does so for 30 s) counts as sent: a press may have waited for us.
        """
        if not data.service_data:
            return True
        sent = data.platform_data[1].get("ServiceData")
        if self._remembered.get(address) is sent:
            return False
        self._remembered.pop(address, None)
        self._remembered[address] = sent
        if len(self._remembered) > 4096:  # addresses of passing phones change every 15 minutes
            del self._remembered[next(iter(self._remembered))]
        return True
