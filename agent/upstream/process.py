"""The loop of the upstream process: the core's socket, the courier, the clock."""

import logging
import os
import selectors
import time
from contextlib import suppress
from pathlib import Path

from agent.store.entry import Lane
from agent.store.events import Origin
from agent.store.outbox import Receipt
from agent.store.reader import StoreUnreadableError
from agent.upstream.call_line import CallLine
from agent.upstream.core_link import CoreLink
from agent.upstream.courier import Courier, Outcome, Result
from agent.upstream.parcel import AnswerError, Parcel, notes_in
from agent.upstream.selection import Selection
from agent.upstream.settings import UpstreamSettings
from drivers.backoff import Backoff

_LOGGER = logging.getLogger(__name__)

BEAT_S = 1.0
POLL_S = 2.0  # without a word from the core
READINGS_WAIT_S = 2.0  # so that readings travel together
ALARM_WAITS_S = 2.0  # at most, for a platform that said no a moment ago
PROBE_S = 30.0  # nothing to send for so long: ask whether the platform is there
ABANDONED_AT_MOST = 3  # threads that a dripping server holds; then the process ends and is started anew
EXIT_STUCK = 4


class Upstream:
    """Sends what is stored until `end` is called; `run` gives the exit status."""

    def __init__(self, settings: UpstreamSettings, origin: Origin, store: Path, core_socket: Path) -> None:
        self._settings = settings
        self._selection = Selection(store, settings.consumer, origin, settings.batch)
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._wake_read, selectors.EVENT_READ, self._drain)
        self._core = CoreLink(core_socket, self._selector, self._woken, self._confirmed)
        self._calls = [CallLine(one, store, origin, self._core, self._nudge) for one in settings.call]
        self._courier = Courier(settings, self._nudge)
        self._abandoned: list[Courier] = []
        self._parcel: Parcel | None = None  # on its way
        self._began = 0.0
        self._suspect: tuple[Parcel, str] | None = None  # one event that was not understood, and what was said
        self._online = not settings.url  # without a platform there is nothing to be offline from
        self._detail = "not connected yet" if settings.url else ""
        self._next_at = 0.0  # of the next look into the store
        self._wait_until = 0.0  # back-off: nothing is sent before
        self._probe_at = 0.0
        self._beat_at = 0.0
        self._unreachable = Backoff(first=0.3, cap=2.0)  # a try costs one packet: alarms go soon after the link returns
        self._refused = Backoff(first=1.0, cap=60.0)  # a try costs a handshake and the server's patience
        self._ended = False

    def end(self, *_: object) -> None:
        """Leave the loop (a signal handler)."""
        self._ended = True
        self._nudge()

    def run(self) -> int:
        """Send until told to end, or until too many requests hang."""
        while not self._ended:
            now = time.monotonic()
            self._core.turn(now)
            self._collect(now)
            if self._parcel is not None and now - self._began > self._settings.deadline_s:
                self._abandon(now)
                if len(self._abandoned) > ABANDONED_AT_MOST:
                    _LOGGER.error("upstream: %d requests hang, starting anew", len(self._abandoned))
                    return EXIT_STUCK
            self._send(now)
            self._make_calls(now)
            self._beat(now)
            for key, mask in self._selector.select(self._pause(time.monotonic())):
                key.data(mask)
        self._core.close()
        return 0

    def _pause(self, now: float) -> float:
        """Seconds until something is due."""
        due = min(self._beat_at, now + 0.5, *(line.due for line in self._calls if not line.busy))
        if self._parcel is not None:
            due = min(due, self._began + self._settings.deadline_s)
        elif self._settings.url:
            due = min(due, max(self._next_at, self._wait_until))
        return max(0.0, due - now)

    # Out.

    def _send(self, now: float) -> None:
        if not self._settings.url or self._parcel is not None or now < max(self._next_at, self._wait_until):
            return
        self._next_at = now + POLL_S
        try:
            parcel = Parcel(Lane.ALARMS, ()) if self._suspect else self._selection.next()
        except StoreUnreadableError as error:
            self._detail = f"the store cannot be read: {error}"
            return
        if parcel is None:
            if now < self._probe_at:
                return
            parcel = Parcel(Lane.ALARMS, ())
        self._parcel, self._began, self._probe_at = parcel, now, now + PROBE_S
        self._courier.post(parcel.body())

    def _make_calls(self, now: float) -> None:
        for line in self._calls:
            with suppress(StoreUnreadableError):  # the core's own alarm tells of it; tried again at the next look
                line.turn(now)

    def _abandon(self, now: float) -> None:
        """The request outlived its deadline: leave its thread to its fate and go on with another."""
        self._courier.dismiss()
        self._abandoned = [courier for courier in (*self._abandoned, self._courier) if courier.alive]
        self._courier = Courier(self._settings, self._nudge)
        self._parcel = None
        self._failed(now, self._unreachable, f"no answer within {self._settings.deadline_s:g} s")

    # Back.

    def _collect(self, now: float) -> None:
        result = self._courier.result()
        if result is None or self._parcel is None:
            return
        parcel, self._parcel = self._parcel, None
        if result.outcome is Outcome.ANSWERED:
            self._answered(parcel, result, now)
        elif result.outcome is Outcome.UNREADABLE and parcel.events:
            self._not_understood(parcel, result, now)
        else:
            backoff = self._unreachable if result.outcome is Outcome.UNREACHABLE else self._refused
            self._failed(now, backoff, result.detail, result.wait_s)

    def _answered(self, parcel: Parcel, result: Result, now: float) -> None:
        try:
            receipt = parcel.receipt(result.body, self._settings.consumer)
        except AnswerError as error:
            self._failed(now, self._refused, str(error))
            return
        for note in notes_in(result.body):
            self._core.note(**note)
        self._selection.took(now - self._began)
        self._unreachable.reset()
        self._refused.reset()
        self._next_at = now  # there may be more
        if parcel.events:
            self._settle(receipt)
        elif self._suspect is not None:  # the platform is sound, so it is the event that it cannot take
            (suspect, said), self._suspect = self._suspect, None
            self._settle(suspect.refusal(said, self._settings.consumer))
        if not self._online:
            _LOGGER.info("upstream: online")
            self._online, self._detail = True, ""
            with suppress(StoreUnreadableError):
                self._selection.returned()
            self._beat_at = now

    def _not_understood(self, parcel: Parcel, result: Result, now: float) -> None:
        """Halve the batch until one event is left; that one is set aside if an empty batch then goes through."""
        if len(parcel.events) == 1:
            self._suspect = (parcel, result.detail)
        self._selection.smaller()
        self._next_at = now

    def _settle(self, receipt: Receipt) -> None:
        for rejected in receipt.rejected:
            _LOGGER.warning("upstream: event %s was refused: %s", rejected.id, rejected.reason)
        for piece in self._core.settle(receipt):
            self._selection.settled(piece)

    def _failed(self, now: float, backoff: Backoff, why: str, wait_s: float = 0.0) -> None:
        self._next_at, self._wait_until = now, now + max(wait_s, backoff.next())
        self._suspect = None
        self._selection.smaller()
        if self._online or self._detail != why:
            _LOGGER.warning("upstream: offline: %s", why)
            self._beat_at = now
        self._online, self._detail = False, why

    # The core.

    def _confirmed(self, receipt: Receipt) -> None:
        if receipt.consumer == self._settings.consumer:
            self._selection.confirmed(receipt)
        for line in self._calls:
            line.confirmed(receipt)

    def _woken(self, lane: Lane) -> None:
        now = time.monotonic()
        if lane is Lane.ALARMS:
            for line in self._calls:
                line.wake(now)
            self._next_at = now
            self._wait_until = min(self._wait_until, now + ALARM_WAITS_S)
        else:
            self._next_at = min(self._next_at, now + READINGS_WAIT_S)

    def _beat(self, now: float) -> None:
        if now < self._beat_at:
            return
        self._beat_at = now + BEAT_S
        try:
            backlog = self._selection.backlog()
        except StoreUnreadableError:
            backlog = {}
        calls = {line.name: {"failed": line.tries, "why": line.detail} for line in self._calls}
        self._core.beat(at=now, online=self._online, detail=self._detail, backlog=backlog, calls=calls)

    def _nudge(self) -> None:
        """Have the loop look around; from any thread or signal handler."""
        with suppress(BlockingIOError):  # a full pipe wakes it as well
            os.write(self._wake_write, b"\0")

    def _drain(self, _: int) -> None:
        with suppress(BlockingIOError):
            os.read(self._wake_read, 4096)
