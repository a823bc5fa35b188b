"""One serial port, opened by a child of ours: an adapter that hangs holds `open` for seconds, the buzzer cannot wait.

The child opens and sets the port with pyserial, sends its descriptor over a socket and ends. Nothing here blocks.
"""

import fcntl
import os
import select
import signal
import socket
import termios
import time
from collections.abc import Iterable

from agent.annunciators.child import kill_later, let_go, refuse_if_hung
from drivers.serial.line import Line

OPEN_S = 5.0  # the kernel gives up a request to a USB device that hangs after that long
DRAIN_S = 0.1  # beside the time that its bits take on the line
APART_S = 0.03  # a board at 9600 baud has answered by then

_PIECE = 4096
_BITS = 12  # of one byte on the line at most: start, 8 data, parity, two stop


class SerialLine:
    """Bytes to and from the port; every OSError that it raises says what to do."""

    def __init__(self, settings: Line) -> None:
        self._settings = settings
        self._fd = -1
        self._opening: socket.socket | None = None
        self._pid = 0
        self._overdue_at = 0.0

    def watched(self) -> dict[int, int]:
        """Descriptors on which something may happen, with the events of `select.poll`."""
        fd = self._opening.fileno() if self._opening is not None else self._fd
        return {fd: select.POLLIN} if fd >= 0 else {}

    def ready(self, now: float) -> bool:
        """Whether the port is open; begins to open it when it is not. Raises OSError when it cannot be opened."""
        if self._fd >= 0:
            return True
        if self._opening is None:
            self._begin(now)
        self._look(now)
        return self._fd >= 0

    @property
    def wake_at(self) -> float:
        """When opening is overdue."""
        return self._overdue_at if self._opening is not None else float("inf")

    def write(self, data: bytes) -> None:
        """Hand over all of `data`; raises OSError when the port does not take it at once."""
        try:
            written = os.write(self._fd, data)
        except BlockingIOError:
            written = 0
        if written != len(data):
            raise OSError(f"{self._settings.port}: takes no more bytes; unplug it and plug it in again")

    def read(self) -> bytes:
        """What has arrived; raises OSError when the port is gone."""
        poll = select.poll()  # pyserial sets ports so that "nothing yet" and "unplugged" read alike
        poll.register(self._fd, select.POLLIN)
        if not poll.poll(0):
            return b""
        data = os.read(self._fd, _PIECE)
        if not data:
            raise OSError(f"{self._settings.port}: unplugged; plug it in again")
        return data

    def finish(self, frames: Iterable[bytes]) -> None:
        """Send these as the last, a moment apart; waits a little, so for an orderly end only."""
        if self._fd >= 0:
            time.sleep(APART_S)  # what was asked before is being answered: a half-duplex line loses what meets it
            for frame in frames:
                self.write(frame)
                _drain(self._fd, DRAIN_S + len(frame) * _BITS / self._settings.baudrate)
                time.sleep(APART_S)

    def close(self) -> None:
        """Close, whatever state the port is in."""
        self._stop_opening()
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        try:
            if _unsent(fd):  # else the kernel waits up to 30 s for a port that takes nothing
                termios.tcflush(fd, termios.TCOFLUSH)
        except (OSError, termios.error):
            pass  # it is gone, and with it what it had not sent
        os.close(fd)

    def _begin(self, now: float) -> None:
        refuse_if_hung(self._settings.port)
        ours, theirs = socket.socketpair()
        self._pid = os.fork()
        if not self._pid:
            _open_in_child(self._settings, theirs)
        theirs.close()
        ours.setblocking(False)
        self._opening, self._overdue_at = ours, now + OPEN_S

    def _look(self, now: float) -> None:
        assert self._opening is not None
        try:
            said, descriptors, _, _ = socket.recv_fds(self._opening, _PIECE, 1)
        except BlockingIOError:
            if now < self._overdue_at:
                return
            why = f"{self._settings.port}: does not open; unplug the adapter and plug it in again"
            said, descriptors = why.encode(), []
        self._stop_opening()
        if not descriptors:
            raise OSError(said.decode() or f"{self._settings.port}: could not be opened")
        self._fd = descriptors[0]
        os.set_inheritable(self._fd, False)

    def _stop_opening(self) -> None:
        if self._opening is not None:
            self._opening.close()
            self._opening = None
            kill_later(self._pid, self._settings.port)


def _open_in_child(settings: Line, answer: socket.socket) -> None:
    """Open, hand over, end; never returns."""
    try:
        kept = os.dup2(answer.fileno(), 3)
        let_go(4)
        signal.alarm(round(2 * OPEN_S))  # ends this child also when its parent has gone meanwhile
        with socket.socket(fileno=kept) as channel:
            _answer(settings, channel)
    finally:
        os._exit(0)


def _answer(settings: Line, channel: socket.socket) -> None:
    """Send the descriptor of the opened port, or why there is none."""
    from drivers.serial.port import lost, open_now

    try:
        port = open_now(settings)
    except (OSError, ValueError) as error:
        channel.sendall(str(lost(settings.port, error) if isinstance(error, OSError) else error).encode())
    else:
        socket.send_fds(channel, [b"open"], [port.fileno()])


def _drain(fd: int, within_s: float) -> None:
    """Wait a moment until the port has sent what it was given."""
    end = time.monotonic() + within_s
    while time.monotonic() < end and _unsent(fd):
        time.sleep(0.005)


def _unsent(fd: int) -> bool:
    return any(fcntl.ioctl(fd, termios.TIOCOUTQ, bytes(4)))
