"""One RS-485 bus: pymodbus on pyserial, one question on its way at a time."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusSerialClient

from drivers.backoff import Backoff
from drivers.base import Emit, LinkState, Now
from drivers.errors import LinkLostError, ProfileError
from drivers.link_states import LinkStates
from drivers.modbus.answers import AnswerGate
from drivers.modbus.plan import Block, plan
from drivers.modbus.profile import Profile
from drivers.modbus.schedule import Schedule
from drivers.modbus.settings import ModbusBusSettings
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Reading
from drivers.serial.framing import Measured
from drivers.serial.line import Line
from drivers.serial.port import open_serial
from drivers.trouble import TROUBLES, Trouble, trouble

_LOGGER = logging.getLogger(__name__)

REPEAT_S = 10.0  # below the 15 s after which a life-safety device that says nothing is missed
REOPEN_FIRST_S = 0.2
REOPEN_CAP_S = 5.0

_Ask = Callable[..., Awaitable[Any]]
_ASK: MappingProxyType[int, Callable[[AsyncModbusSerialClient], _Ask]] = MappingProxyType(
    {
        1: lambda client: client.read_coils,
        2: lambda client: client.read_discrete_inputs,
        3: lambda client: client.read_holding_registers,
        4: lambda client: client.read_input_registers,
    }
)


class ModbusBus:
    """The driver of one bus.

    Numbers are emitted with each poll. States (contacts) are emitted at once when they change, with the first poll
    after a start, a silence or an unplugging, and every `REPEAT_S` seconds, so that their silence can be noticed.
    `Link`: connected with the first answer; silent after `retries` + 1 misses, told for the devices of that unit
    alone; fault while the port cannot be used. Everything is tried again by itself.
    """

    def __init__(self, settings: ModbusBusSettings, blocks: Sequence[Block], emit: Emit, now: Now) -> None:
        self._settings = settings
        self._blocks = tuple(blocks)
        self._emit = emit
        self._now = now
        self._backoff = Backoff(REOPEN_FIRST_S, REOPEN_CAP_S)
        self._links = LinkStates(self.devices, emit, now)
        self._silent: dict[Block, Trouble] = {}  # the reason why
        self._told: dict[tuple[str, str], tuple[Measured, float]] = {}

    @property
    def name(self) -> str:
        """Such as ``modbus:/dev/ttyUSB0``."""
        return f"modbus:{self._settings.port}"

    @property
    def devices(self) -> tuple[str, ...]:
        """All devices on this bus."""
        return tuple(device.id for device in self._settings.device)

    async def run(self) -> None:
        """Open, poll, and open again, until cancelled."""
        self._links.begin()
        while True:
            try:
                await self._serve()
            except LinkLostError as error:
                self._links.tell_all(LinkState.FAULT, error.trouble)
            await asyncio.sleep(self._backoff.next())

    async def _serve(self) -> None:
        """Open the port and poll; ends with `LinkLostError`."""
        line = self._settings
        # pymodbus opens in the loop and hides the cause of a failure; this tells it, and hangs in a thread if it must.
        (await open_serial(Line(line.port, line.baudrate, line.parity, line.stopbits))).close()
        lost = asyncio.Event()
        client = AsyncModbusSerialClient(
            line.port,
            framer=FramerType.RTU,
            baudrate=line.baudrate,
            parity=line.parity,
            stopbits=line.stopbits,
            timeout=line.timeout_s,
            retries=0,
            reconnect_delay=0,
            trace_packet=AnswerGate(),
            trace_connect=lambda up: None if up else lost.set(),
        )
        try:
            connected = await client.connect()
            _heed_cancellation()
            if not connected:
                raise LinkLostError("port_not_opened", link=line.port)
            await self._poll(client, lost)
        finally:
            client.close()

    async def _poll(self, client: AsyncModbusSerialClient, lost: asyncio.Event) -> None:
        line = self._settings
        self._silent.clear()
        self._told.clear()
        miss_s = line.timeout_s + line.gap_s
        schedule = Schedule(self._blocks, self._now(), miss_s, line.retries + 1, line.silent_retry_s)
        while not lost.is_set():
            block, wait_s = schedule.next(self._now())
            if block is not None:
                await self._ask(client, block, schedule, lost)
                wait_s = line.gap_s
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await lost.wait()
        raise LinkLostError("port_unplugged", link=line.port)

    async def _ask(
        self, client: AsyncModbusSerialClient, block: Block, schedule: Schedule, lost: asyncio.Event
    ) -> None:
        ask = _ASK[block.function](client)
        try:
            answer = await ask(block.address, count=block.count, device_id=block.unit)
            _heed_cancellation()
        except ModbusException as error:
            _heed_cancellation()
            if lost.is_set():
                return
            _LOGGER.debug("%s: unit %s: %s", self.name, block.unit, error)
            times, each_s = self._settings.retries + 1, self._settings.timeout_s
            self._missed(block, schedule, trouble("no_answer", unit=block.unit, times=times, each_s=each_s))
            return
        if answer.isError():
            self._missed(block, schedule, refused(block.unit, answer.exception_code), late=False)
            return
        at = self._now()
        schedule.answered(block, at)
        self._backoff.reset()
        self._answered(block, answer.bits if block.function in {1, 2} else answer.registers, at)

    def _answered(self, block: Block, raw: Sequence[int], at: float) -> None:
        if self._silent.pop(block, None) is not None:
            for target in block.targets:
                self._told.pop((target.device, target.quantity), None)
        for device in block.devices:
            self._tell(device)
        for device, measured in block.values(raw):
            if self._is_news(device, measured, at):
                self._told[device, measured.quantity] = (measured, at)
                self._emit(Reading(device, measured.quantity, measured.value, at, measured.quality))

    def _missed(self, block: Block, schedule: Schedule, why: Trouble, late: bool = True) -> None:
        if schedule.missed(block, self._now(), late) or block in self._silent:
            self._silent[block] = why
            for device in block.devices:
                self._tell(device)

    def _tell(self, device: str) -> None:
        """A device of several blocks is connected while none of them is silent."""
        why = next((why for block, why in self._silent.items() if device in block.devices), None)
        self._links.tell(device, LinkState.SILENT if why else LinkState.CONNECTED, why)

    def _is_news(self, device: str, measured: Measured, at: float) -> bool:
        if QUANTITIES[measured.quantity].shape is not Shape.STATE:
            return True
        told = self._told.get((device, measured.quantity))
        return told is None or told[0] != measured or at - told[1] >= REPEAT_S


def refused(unit: int, exception: int) -> Trouble:
    """What a unit means by an exception code of Modbus."""
    code = f"refused_{exception}"
    return trouble(code, unit=unit) if code in TROUBLES else trouble("refused", unit=unit, exception=exception)


def _heed_cancellation() -> None:
    """Be cancelled, if we were: pymodbus waits with `wait_for`, which in Python 3.11 swallows it at times."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def build(settings: ModbusBusSettings, profiles: Mapping[str, Profile], emit: Emit, now: Now) -> ModbusBus:
    """The driver of one ``[[modbus]]`` block; raises `ProfileError` naming every mistake (see `plan`)."""
    blocks, mistakes = plan(settings, profiles)
    if mistakes:
        told = "; ".join(f"{'.'.join(map(str, one.key))}: {one.text}" for one in mistakes)
        raise ProfileError(f"{settings.port}: {told}")
    return ModbusBus(settings, blocks, emit, now)
