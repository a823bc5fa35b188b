"""One serial port, opened for us alone: bytes as they come, and the word when it is gone."""

import asyncio
import errno
import logging
import os
from collections.abc import Callable
from types import MappingProxyType

import serial

from drivers.errors import LinkLostError
from drivers.serial.line import Line

_LOGGER = logging.getLogger(__name__)

READ_BYTES = 4096

# errno of an open that fails -> code of the trouble
_CAUSES = MappingProxyType(
    {
        errno.ENOENT: "port_gone",
        errno.ENODEV: "port_gone",
        errno.ENXIO: "port_gone",
        errno.EACCES: "port_rights",
        errno.EPERM: "port_rights",
        errno.EBUSY: "port_busy",
        errno.EAGAIN: "port_busy",  # the lock of `exclusive`
        errno.ENOTTY: "port_no_tty",
        errno.EINVAL: "port_no_tty",
        errno.EISDIR: "port_no_tty",
    }
)


def lost(port: str, error: OSError) -> LinkLostError:
    """Why `port` cannot be opened, and the cure."""
    # pyserial wraps what termios raises without keeping its number.
    number = error.errno if error.errno is not None else errno.ENOTTY
    code = _CAUSES.get(number)
    return LinkLostError(code, link=port) if code else LinkLostError("port_error", link=port, why=os.strerror(number))


def open_now(line: Line) -> serial.Serial:
    """The opened port, without blocking reads or writes; raises OSError or ValueError, and may take seconds."""
    return serial.Serial(
        line.port,
        line.baudrate,
        parity=line.parity,
        stopbits=line.stopbits,
        bytesize=line.bits,
        timeout=0,
        write_timeout=0,
        exclusive=True,
    )


async def open_serial(line: Line) -> serial.Serial:
    """The opened port; raises `LinkLostError` with cause and cure.

    A USB adapter that hangs can hold `open` for seconds, so a thread waits for it and not the loop. Cancelled
    meanwhile, the port is closed as soon as it is open.
    """
    opening = asyncio.get_running_loop().run_in_executor(None, open_now, line)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_late)
        raise
    except OSError as error:  # SerialException is one
        raise lost(line.port, error) from error


def _close_late(opening: "asyncio.Future[serial.Serial]") -> None:
    if opening.cancelled():
        return
    if opening.exception() is None:
        opening.result().close()


class Port:
    """An open port; `on_data` is called in the loop with each piece that arrives."""

    def __init__(self, line: Line, on_data: Callable[[bytes], None]) -> None:
        self._line = line
        self._on_data = on_data
        self._serial: serial.Serial | None = None
        self._gone = asyncio.Event()
        self._why = ""

    async def open(self) -> None:
        """Open and begin to read; raises `LinkLostError`."""
        self._serial = await open_serial(self._line)
        asyncio.get_running_loop().add_reader(self._serial.fileno(), self._readable)

    async def wait_lost(self, timeout_s: float) -> None:
        """Return after `timeout_s`, or raise `LinkLostError` as soon as the port is gone."""
        try:
            async with asyncio.timeout(timeout_s):  # wait_for of Python 3.11 can swallow a cancellation
                await self._gone.wait()
        except TimeoutError:
            return
        _LOGGER.debug("%s: %s", self._line.port, self._why)
        raise LinkLostError("port_unplugged", link=self._line.port)

    def write(self, data: bytes) -> None:
        """Hand `data` to the port; what it cannot take now is dropped, a lost port shows in `wait_lost`."""
        if self._serial is None or self._gone.is_set():
            return
        try:
            os.write(self._serial.fileno(), data)
        except BlockingIOError:
            _LOGGER.debug("%s: takes no bytes", self._line.port)
        except OSError as error:
            self._lose(str(error))

    def close(self) -> None:
        """Close; safe at any time."""
        if self._serial is None:
            return
        if not self._gone.is_set():
            asyncio.get_running_loop().remove_reader(self._serial.fileno())
        self._serial.close()
        self._serial = None

    def _readable(self) -> None:
        assert self._serial is not None
        try:
            data = os.read(self._serial.fileno(), READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))
            return
        if data:
            self._on_data(data)
        else:
            self._lose("end of file")

    def _lose(self, why: str) -> None:
        assert self._serial is not None
        asyncio.get_running_loop().remove_reader(self._serial.fileno())
        self._why = why
        self._gone.set()
