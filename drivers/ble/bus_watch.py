"""Notices at once what bleak does not tell a running scan: bus or bluetoothd restarted, adapter unplugged or switched.

Without it the scanner's own watchdog finds out, but up to a minute later, and a minute deaf is a press not heard.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from drivers.backoff import Backoff
from drivers.ble.faults import BLUETOOTH_ERRORS

_LOGGER = logging.getLogger(__name__)

RETRY_FIRST_S, RETRY_CAP_S = 0.25, 5.0

_BUS = "org.freedesktop.DBus"
_ADDED_OR_REMOVED = ("InterfacesAdded", "InterfacesRemoved")


class BusWatch:
    """Calls `disturbed` whenever the adapter, bluetoothd or the bus has gone or come, and `lost` when one has gone.

    With bluetoothd every connection ends, but bleak still holds them for alive: nobody is left to tell it.
    """

    def __init__(self, adapter: str, disturbed: Callable[[], None], lost: Callable[[], None]) -> None:
        self._path = f"/org/bluez/{adapter}"
        self._disturbed = disturbed
        self._lost = lost

    async def run(self) -> None:
        """Watch until cancelled."""
        backoff = Backoff(RETRY_FIRST_S, RETRY_CAP_S)
        while True:
            try:
                await self._watch(backoff)
            except BLUETOOTH_ERRORS as error:
                _LOGGER.debug("%s: watch on D-Bus ended: %r", self._path, error)
            await asyncio.sleep(backoff.next())

    async def _watch(self, backoff: Backoff) -> None:
        bus = MessageBus(bus_type=BusType.SYSTEM)
        try:
            await bus.connect()
            bus.add_message_handler(self._handle)
            for rule in self._rules():
                await bus.call(
                    Message(
                        destination=_BUS,
                        path="/org/freedesktop/DBus",
                        interface=_BUS,
                        member="AddMatch",
                        signature="s",
                        body=[rule],
                    )
                )
            backoff.reset()
            with contextlib.suppress(*BLUETOOTH_ERRORS):
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
            self._lost()
            self._disturbed()
        finally:
            bus.disconnect()

    def _rules(self) -> tuple[str, ...]:
        return (
            f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='org.bluez'",
            f"type='signal',interface='{_BUS}.Properties',member='PropertiesChanged',path='{self._path}'",
            *(
                f"type='signal',interface='{_BUS}.ObjectManager',member='{member}',arg0path='{self._path}'"
                for member in _ADDED_OR_REMOVED
            ),
        )

    def _handle(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        body = message.body
        if message.member == "NameOwnerChanged" and body[0] == "org.bluez":
            gone = not body[2]
        elif message.member in _ADDED_OR_REMOVED and body[0] == self._path:
            gone = message.member == "InterfacesRemoved"
        # "Discovering" also changes here, every few seconds: the kernel pauses its scans by itself.
        elif message.member == "PropertiesChanged" and "Powered" in body[1]:
            gone = not body[1]["Powered"].value
        else:
            return
        if gone:
            self._lost()
        self._disturbed()
