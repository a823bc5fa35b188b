"""Live updates: server-sent events (WHATWG HTML 9.2) of what the core knows now, to pages and to programs."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from agent.alarms.snapshot import Snapshot
from agent.panel.errors import ApiError
from agent.panel.hearing import Hearing
from agent.panel.ports import Home

BEAT_S = 2.0  # the page calls the gateway dead after 5 s: two beats may be late
PAUSE_S = 0.2  # between two looks at the snapshot: thousands of readings a second are no reason to draw more often
MOST_STREAMS = 64

# What a stream shows of a snapshot, and what must differ for it to be told again.
Render = Callable[[Snapshot], tuple[object, dict[str, Any]]]


class Live:
    """All open streams; `close` ends them."""

    def __init__(self, home: Home, now: Callable[[], float]) -> None:
        self._home = home
        self._now = now
        self._closing = asyncio.Event()
        self._open = 0
        self.hearing = Hearing(now)

    def close(self) -> None:
        """End every stream, and each new one at once."""
        self._closing.set()

    def response(self, render: Render, remaining_s: Callable[[], float | None]) -> Response:
        """A stream of ``state`` events (what `render` gives, whenever it changes) and ``beat`` events.

        Both carry `now`, the gateway's monotonic seconds, `remaining_s` of the login, and `stream`, by which the
        reader says to `hearing` that it sounds. When the login has ended an ``ended`` event is the last. Raises
        `ApiError` when too many streams are open.
        """
        if self._open >= MOST_STREAMS:
            raise ApiError("too_many_streams")
        return _Stream(self, render, remaining_s)

    async def serve(
        self, receive: Receive, send: Callable[[bytes], Coroutine[Any, Any, None]], stream: "_Stream"
    ) -> None:
        """Feed one stream until it, its login or the server ends."""
        self._open += 1
        name = self.hearing.opened()
        gone = asyncio.ensure_future(_gone(receive))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await self._feed(send, stream, name, {gone, closing})
        finally:
            self._open -= 1
            self.hearing.closed(name)
            await _cancel(gone, closing)

    async def _feed(
        self,
        send: Callable[[bytes], Coroutine[Any, Any, None]],
        stream: "_Stream",
        name: str,
        ends: set["asyncio.Future[Any]"],
    ) -> None:
        snapshot = self._home.snapshot()
        sent: object = None
        while not any(end.done() for end in ends):
            remaining_s = stream.remaining_s()
            if remaining_s is not None and remaining_s <= 0:
                await send(_event("ended", {}))
                return
            common = {"now": self._now(), "remaining_s": remaining_s, "stream": name}
            mark, shown = stream.shown(snapshot)
            if mark != sent:
                await send(_event("state", {**common, **shown}))
                sent = mark
            else:
                await send(_event("beat", common))
            await asyncio.wait(ends, timeout=PAUSE_S, return_when=asyncio.FIRST_COMPLETED)
            snapshot = await self._next(snapshot, ends)

    async def _next(self, snapshot: Snapshot, ends: set["asyncio.Future[Any]"]) -> Snapshot:
        """The next newer snapshot; after a beat's time, or when the stream is to end, the one that holds now."""
        changed = asyncio.ensure_future(self._home.changed_since(snapshot.version))
        try:
            await asyncio.wait({changed, *ends}, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
            return changed.result() if changed.done() else self._home.snapshot()
        finally:
            await _cancel(changed)


class _Stream(Response):
    """An endless answer. Our own, since Starlette's leaves a cancelled generator to the garbage collector."""

    def __init__(self, live: Live, render: Render, remaining_s: Callable[[], float | None]) -> None:
        super().__init__(media_type="text/event-stream")
        del self.headers["content-length"]
        self._live = live
        self.shown = render
        self.remaining_s = remaining_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

        async def body(data: bytes, more: bool = True) -> None:
            message: Message = {"type": "http.response.body", "body": data, "more_body": more}
            await send(message)

        await self._live.serve(receive, body, self)
        await body(b"", more=False)


async def _gone(receive: Receive) -> None:
    """Return when the other end is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cancel(*futures: "asyncio.Future[Any]") -> None:
    for future in futures:
        future.cancel()
    await asyncio.gather(*futures, return_exceptions=True)


def _event(kind: str, data: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
