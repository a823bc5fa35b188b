"""The core's dealings with the upstream process: receipts to the store, wake-ups to it, its state to the parts."""

from collections.abc import Callable

from agent.app.parts import Parts
from agent.rules.reason import because
from agent.store.entry import Lane
from agent.store.store import Store
from agent.upstream.link import CallTold, PlatformNote, UpstreamLink, receipted, wake
from agent.wire import Message, WireError
from agent.wire_connection import WireConnection


class UpstreamRole:
    """Fulfils `agent.app.core_socket.Role`. `from_thread` runs a call in the core's loop.

    `on_note(alarm, text, author)`: the platform said something about an alarm. `on_call`: what became of a call out.
    """

    def __init__(
        self,
        store: Store,
        parts: Parts,
        restart: Callable[[str], None],
        now: Callable[[], float],
        from_thread: Callable[[Callable[[], None]], None],
        on_note: Callable[[str, str, str], None],
        on_call: Callable[[CallTold], None],
    ) -> None:
        self._store = store
        self._parts = parts
        self._restart = restart
        self._now = now
        self._from_thread = from_thread
        self._on_note = on_note
        self._on_call = on_call
        self._link = UpstreamLink(now())
        self._connection: WireConnection | None = None
        self._woken: set[Lane] = set()  # told since the last turn of the loop

    def joined(self, connection: WireConnection) -> None:
        """It said hello."""
        self._connection = connection
        self._link.connected(self._now())

    def take(self, message: Message) -> None:
        """One line; raises `WireError` after having had the process killed when it breaks the contract."""
        try:
            said = self._link.take(message, self._now())
        except WireError as error:
            self._restart(str(error))
            raise
        if isinstance(said, PlatformNote):
            self._on_note(said.alarm, said.text, said.author)
        elif isinstance(said, CallTold):
            self._on_call(said)
        elif said is not None:
            receipt = said
            self._store.receipt(
                receipt.consumer,
                receipt.lane,
                receipt.accepted,
                receipt.rejected,
                lambda: self._from_thread(lambda: self._send(receipted(receipt))),
            )
        self._tell()

    def left(self, why: str) -> None:
        """Its connection is gone."""
        self._connection = None
        self._link.lost(self._now(), why)
        self._tell()

    def down(self, why: str) -> None:
        """The process ended, or was killed for `why`."""
        if why:
            self._link.lost(self._now(), why)
            self._tell()

    def wake(self, lane: Lane) -> None:
        """Something new is in `lane`; told once a turn of the loop."""
        self._woken.add(lane)
        if len(self._woken) == 1:
            self._from_thread(self._tell_news)

    def tick(self) -> None:
        """Each second: kill it for silence."""
        if why := self._link.check(self._now()):
            self._restart(why)
        self._tell()

    def _tell_news(self) -> None:
        woken, self._woken = self._woken, set()
        for lane in sorted(woken):
            self._send(wake(lane))

    def _send(self, line: bytes) -> None:
        if self._connection is not None:
            self._connection.send(line)

    def _tell(self) -> None:
        state = self._link.state
        waiting = ", ".join(f"{lane} {count}" for lane, count in state.backlog.items() if count)
        self._parts.note("upstream", f"backlog: {waiting}" if waiting else "")
        for name, call in state.calls.items():
            why = because("call_failing", call=name, count=call.failed, why=call.why) if call.why else None
            self._parts.state(f"call:{name}", call.why, self._now(), reason=why)
        detail = state.detail or "the platform does not answer"
        self._parts.state("upstream", "" if state.online else f"{detail}; backlog: {waiting or 'none'}", self._now())
