"""The sounder process: `python -m agent.annunciators.sounder --config FILE`. Small, single-threaded, outlives the core.

It listens on a Unix socket for the set of open alarms (docs/architecture.md) and drives buzzer and lamps. Whatever
happens to the core, it goes on sounding what is open; after 5 s without a line it adds its own technical pattern.
"""

import argparse
import json
import logging
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from agent.annunciators.board import Board
from agent.annunciators.outputs import KeptOutput, build
from agent.annunciators.settings import AnnunciatorSettings, GpioSettings, SimulatedSettings, TowerLightSettings
from agent.process_lock import AlreadyRunningError, ProcessLock
from agent.wire import LineDecoder, Message, WireError, encode

_LOGGER = logging.getLogger("agent.annunciators.sounder")

LINE_LIMIT = 256 * 1024
UNSENT_LIMIT = 64 * 1024
STATUS_S = 1.0
EXIT_ALREADY_RUNNING = 3


class _Peer:
    """The one core that we listen to."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.socket = connection
        self.decoder = LineDecoder(LINE_LIMIT)
        self.unsent = bytearray()

    def send(self, line: bytes) -> None:
        """Send what the socket takes and keep the rest; raises OSError when the core reads no more."""
        self.unsent += line
        while self.unsent:
            try:
                sent = self.socket.send(self.unsent)
            except BlockingIOError:
                break
            del self.unsent[:sent]
        if len(self.unsent) > UNSENT_LIMIT:
            raise OSError("the core does not read")


class Sounder:
    """The loop over the listening socket, the core and the clock."""

    def __init__(self, path: Path, outputs: list[KeptOutput], settings: AnnunciatorSettings) -> None:
        self._outputs = outputs
        self._settings = settings
        self._selector = selectors.DefaultSelector()
        self._listener = _listen(path)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._peer: _Peer | None = None
        self._board = Board(time.monotonic())
        self._told: dict[str, dict[str, object]] = {}
        self._status_at = 0.0
        self._ended = False

    def end(self, *_: object) -> None:
        """Leave the loop after this turn (a signal handler)."""
        self._ended = True

    def run(self) -> None:
        """Sound and shine until told to end; then everything is off."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write)  # so that a signal ends the wait below, whenever it comes
        self._selector.register(wake_read, selectors.EVENT_READ)
        try:
            while not self._ended:
                until = self._drive(())
                for key, _ in self._selector.select(max(0.0, until - time.monotonic())):
                    if key.fileobj is self._listener:
                        self._accept()
                    elif self._peer is not None and key.fileobj is self._peer.socket:
                        self._receive(self._peer)
        finally:
            signal.set_wakeup_fd(-1)
            for output in self._outputs:
                output.close()

    def _night(self) -> bool:
        return self._settings.is_night(time.localtime().tm_hour)

    def _drive(self, began: tuple[str, ...]) -> float:
        """Bring every line to its level; gives the time of the next change."""
        now = time.monotonic()
        levels = self._board.levels(now, self._night())
        for output in self._outputs:
            output.apply(levels.on, now, began)
        if any(not output.fault for output in self._outputs):  # never a word of a sound that nothing made
            for id_ in began:
                self._say("sounded", id=id_, at=time.monotonic())
        status = {output.name: output.status for output in self._outputs}
        if status != self._told or now >= self._status_at:
            self._told, self._status_at = status, now + STATUS_S
            self._say("status", annunciators=status)
        return min(levels.until, self._status_at)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        if self._peer is not None:
            self._drop("another core has come")
        self._peer = _Peer(connection)
        self._selector.register(connection, selectors.EVENT_READ)
        self._say("held", alarms=list(self._board.alarms))
        self._status_at = 0.0

    def _receive(self, peer: _Peer) -> None:
        try:
            data = peer.socket.recv(65536)
            if not data:
                self._drop("the core has closed the connection")
                return
            for message in peer.decoder.feed(data):
                self._board.heard_core(time.monotonic())
                self._obey(message)
        except (OSError, WireError) as error:
            self._drop(str(error))

    def _obey(self, message: Message) -> None:
        if message["t"] == "open":
            try:
                began = self._board.show(_checked(message.get("alarms")), time.monotonic(), self._night())
            except (KeyError, TypeError, ValueError) as error:
                raise WireError(f"not a set of alarms: {error!r}") from error
            self._drive(began)
        elif message["t"] == "bye" and not self._board.sounding:
            self.end()

    def _say(self, kind: str, **fields: Any) -> None:  # noqa: ANN401 - any JSON value
        if self._peer is not None:
            try:
                self._peer.send(encode(kind, **fields))
            except OSError as error:
                self._drop(str(error))

    def _drop(self, why: str) -> None:
        if self._peer is not None:
            _LOGGER.warning("sounder: connection to the core ended: %s", why)
            self._selector.unregister(self._peer.socket)
            self._peer.socket.close()
            self._peer = None


def _checked(alarms: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what came over the wire
    """The alarms with the fields that the board needs; raises KeyError, TypeError or ValueError."""
    for alarm in alarms:
        if not isinstance(alarm["id"], str) or not isinstance(alarm["sounding"], bool):
            raise ValueError("id or sounding has the wrong type")
        if alarm["priority"] not in ("low", "medium", "high") or not isinstance(alarm["alarm_class"], str):
            raise ValueError(f"unknown priority {alarm['priority']!r}")
    return list(alarms)


def _listen(path: Path) -> socket.socket:
    """A listening socket at `path`, for our user alone; whoever left a file there is dead, since we hold the lock."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    before = os.umask(0o177)
    try:
        listener.bind(os.fspath(path))
    finally:
        os.umask(before)
    listener.listen(4)
    listener.setblocking(False)
    return listener


def settings_from(data: dict[str, Any]) -> AnnunciatorSettings:
    """The settings that the core wrote as JSON (checked by the core)."""
    return AnnunciatorSettings(
        gpio=tuple(GpioSettings(**row) for row in data["gpio"]),
        tower_light=tuple(TowerLightSettings(**row) for row in data["tower_light"]),
        simulated=tuple(SimulatedSettings(**row) for row in data["simulated"]),
        night_from_h=data["night_from_h"],
        night_to_h=data["night_to_h"],
    )


def main() -> int:
    """Run until SIGTERM, SIGINT or an orderly `bye`."""
    parser = argparse.ArgumentParser(prog="python -m agent.annunciators.sounder", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="JSON file with socket, lock and settings")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        lock = ProcessLock(Path(config["lock"])).acquire()
    except AlreadyRunningError as error:
        _LOGGER.error("sounder: %s", error)
        return EXIT_ALREADY_RUNNING
    settings = settings_from(config["settings"])
    sounder = Sounder(Path(config["socket"]), build(settings), settings)
    signal.signal(signal.SIGTERM, sounder.end)
    signal.signal(signal.SIGINT, sounder.end)
    sounder.run()
    lock.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
