"""The vision process's end of the core's socket: never waits, keeps what a core that restarts must still hear."""

import base64
import logging
import math
import os
import socket
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.detection.observations import OBSERVATIONS, Observation
from agent.vision.orders import Order, Orders
from agent.vision.outline import Outline
from agent.wire import encode

_LOGGER = logging.getLogger(__name__)

RETRY_S = 0.2
LINE_LIMIT = 4096
LINES_PER_S = 40.0  # the core calls more than 50 a flood
UNSENT_LIMIT = 64 * 1024
WAITING_LIMIT = 200
FRESH_S = 4.0  # the core believes 5
LATE_S = 55.0  # the core believes 60 of life-safety observations
AGAIN_S = 15.0  # such were perhaps still unread when the last core died: told to the next one again
ORDERS_LIMIT = 64
_REASONS, _REASON_LENGTH = 8, 200


class CoreLink:
    """Call `tick` about twenty times a second; `tell` and `beat` at any time, connected or not."""

    def __init__(self, path: Path, cameras: tuple[str, ...]) -> None:
        self._path = path
        self._cameras = cameras
        self._socket: socket.socket | None = None
        self._lines = Orders(cameras)
        self._orders: deque[Order] = deque(maxlen=ORDERS_LIMIT)  # the newest count
        self._unsent = bytearray()
        self._waiting: deque[Observation] = deque()
        self._told: deque[Observation] = deque(maxlen=WAITING_LIMIT)  # life-safety ones that were handed to the socket
        self._again_at = 0.0
        self._allowance, self._allowance_at = LINES_PER_S, 0.0
        self._warned = False

    @property
    def connected(self) -> bool:
        """Whether a core listens."""
        return self._socket is not None

    def tick(self, now: float) -> bool:
        """Connect, send, notice the core's end; True when a new core has just been greeted."""
        greeted = False
        if self._socket is None and now >= self._again_at:
            self._again_at = now + RETRY_S
            greeted = self._connect(now)
        self._hear()
        self._send_waiting(now)
        return greeted

    def tell(self, observation: Observation) -> None:
        """Send `observation` as soon as a core listens, and it is not too old by then."""
        self._waiting.append(observation)
        if len(self._waiting) > WAITING_LIMIT:
            self._waiting.remove(next((one for one in self._waiting if not _vital(one)), self._waiting[0]))

    def beat(self, now: float, cameras: Mapping[str, Mapping[str, Any]]) -> None:
        """Say that we live, and how each camera is; said to nobody when no core listens."""
        self._allowance -= 1
        self._send(encode("beat", at=now, cameras=cameras))

    def answer(self, camera: str, number: int, outline: Outline | None, why: str = "") -> None:
        """The outline that was asked for as `number`, or `why` there is none: `learning` or `off`."""
        self._allowance -= 1
        told = {"width": outline.width, "height": outline.height} if outline else {"width": 0, "height": 0}
        bits = base64.b64encode(outline.bits).decode() if outline else ""
        self._send(encode("outline", device=camera, n=number, why=why, bits=bits, **told))

    def orders(self) -> list[Order]:
        """What the core has told since the last question."""
        taken = list(self._orders)
        self._orders.clear()
        return taken

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connect(self, now: float) -> bool:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        connection.setblocking(False)
        try:
            connection.connect(os.fspath(self._path))
        except OSError as error:
            connection.close()
            level, self._warned = (logging.DEBUG if self._warned else logging.WARNING), True
            _LOGGER.log(level, "vision: no core at %s (%s); waiting for one", self._path, error.strerror)
            return False
        self._socket, self._warned = connection, False
        self._lines = Orders(self._cameras)
        self._unsent.clear()
        self._send(encode("hello", role="vision", pid=os.getpid(), cameras=list(self._cameras)))
        self._waiting.extendleft(reversed([one for one in self._told if now - one.at < AGAIN_S]))
        self._told.clear()
        return True

    def _hear(self) -> None:
        """Orders of the core, and its end of file."""
        if self._socket is None:
            return
        try:
            if heard := self._socket.recv(LINE_LIMIT):
                self._orders += self._lines.feed(heard)
            else:
                self._lose("the core has closed the connection")
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))

    def _send_waiting(self, now: float) -> None:
        self._allowance = min(LINES_PER_S, self._allowance + LINES_PER_S * (now - self._allowance_at))
        self._allowance_at = now
        while self._socket is not None and self._waiting and self._allowance >= 1:
            observation = self._waiting.popleft()
            if now - observation.at > (LATE_S if _vital(observation) else FRESH_S):
                continue
            self._allowance -= 1
            self._send(line_of(observation))
            if _vital(observation):
                self._told.append(observation)
        self._send(b"")

    def _send(self, line: bytes) -> None:
        """Hand over what the socket takes, and keep the rest."""
        if self._socket is None:
            return
        self._unsent += line
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            if len(self._unsent) > UNSENT_LIMIT:
                self._lose("the core does not read")
        except OSError as error:
            self._lose(str(error))

    def _lose(self, why: str) -> None:
        _LOGGER.warning("vision: connection to the core ended: %s", why)
        self.close()


def line_of(observation: Observation) -> bytes:
    """The observation as a line of at most 4 KiB that keeps the contract, whatever the pipeline put into it."""
    reasons = [
        "".join(sign if sign.isprintable() else "?" for sign in reason[:_REASON_LENGTH])
        for reason in observation.reasons[:_REASONS]
    ]
    score = float(observation.score)
    fields: dict[str, Any] = {
        "device": observation.device,
        "name": observation.name,
        "at": float(observation.at),
        "value": bool(observation.value),
        "score": 0.0 if math.isnan(score) else min(1.0, max(0.0, score)),
        "track": None if observation.track is None else int(observation.track),
    }
    if observation.bed:
        fields["bed"] = observation.bed
    line = encode("observation", reasons=reasons, **fields)
    return line if len(line) <= LINE_LIMIT else encode("observation", reasons=[], **fields)


def _vital(observation: Observation) -> bool:
    return OBSERVATIONS[observation.name].life_safety
