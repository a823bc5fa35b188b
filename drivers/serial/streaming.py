"""A device that speaks by itself on a port of its own: radar, card reader, weighing scale."""

import asyncio
from collections.abc import Callable

from drivers.backoff import Backoff
from drivers.base import Emit, LinkState, Now
from drivers.errors import LinkLostError
from drivers.link_states import LinkStates
from drivers.reading import Reading
from drivers.serial.line import Line
from drivers.serial.port import Port
from drivers.serial.protocols.registry import PROTOCOLS
from drivers.serial.settings import SerialDeviceSettings
from drivers.trouble import trouble

REOPEN_FIRST_S = 0.2
REOPEN_CAP_S = 5.0  # a cable pushed in again is noticed within this; an open costs next to nothing


def reopening() -> Backoff:
    """The waits between two tries to open a port."""
    return Backoff(REOPEN_FIRST_S, REOPEN_CAP_S)


class StreamingDevice:
    """The driver of one streaming device.

    Every value is emitted as it arrives. `Link`: connected with the first valid frame, silent after `silent_s`
    without one (noise does not count), fault while the port cannot be used; the port is opened again by itself.
    """

    def __init__(
        self, settings: SerialDeviceSettings, emit: Emit, now: Now, backoff: Callable[[], Backoff] = reopening
    ) -> None:
        self._settings = settings
        self._protocol = PROTOCOLS[settings.protocol]
        self._emit = emit
        self._now = now
        self._backoff = backoff()
        self._links = LinkStates(self.devices, emit, now)
        self._decoder = self._protocol.decoder()
        self._heard_at = now()

    @property
    def name(self) -> str:
        """Such as ``serial:/dev/ttyUSB0``."""
        return f"serial:{self._settings.port}"

    @property
    def devices(self) -> tuple[str, ...]:
        """The one device on this port."""
        return (self._settings.id,)

    async def run(self) -> None:
        """Open, listen, and open again, until cancelled."""
        self._links.begin()
        while True:
            port = Port(Line(self._settings.port, self._protocol.baudrate), self._take)
            try:
                await port.open()
                await self._listen(port)
            except LinkLostError as error:
                self._links.tell_all(LinkState.FAULT, error.trouble)
            finally:
                port.close()
            await asyncio.sleep(self._backoff.next())

    async def _listen(self, port: Port) -> None:
        """Ask what is to be asked and watch for silence; ends with `LinkLostError`."""
        self._decoder = self._protocol.decoder()  # half a frame from before belongs to nothing that comes now
        self._heard_at = ask_at = self._now()
        while True:
            now = self._now()
            if now >= ask_at:
                ask_at = now + self._protocol.ask_every_s
                for question in self._protocol.questions:
                    port.write(question)
            silent_at = self._heard_at + self._settings.silent_s
            if now >= silent_at:
                self._links.tell_all(LinkState.SILENT, trouble("no_frame", for_s=self._settings.silent_s))
                silent_at = now + self._settings.silent_s
            await port.wait_lost(max(0.0, min(ask_at, silent_at) - self._now()))

    def _take(self, data: bytes) -> None:
        at = self._now()
        heard = self._decoder.accepted
        values = self._decoder.feed(data)
        if self._decoder.accepted == heard:
            return
        self._heard_at = at
        self._backoff.reset()
        self._links.tell_all(LinkState.CONNECTED)
        for value in values:
            self._emit(Reading(self._settings.id, value.quantity, value.value, at, value.quality))


def build(settings: SerialDeviceSettings, emit: Emit, now: Now) -> StreamingDevice:
    """The driver of one ``[[serial]]`` block."""
    return StreamingDevice(settings, emit, now)
