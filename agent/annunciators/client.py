"""The core's end of the sounder's socket: the set of open alarms goes out at once, and never waits."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.annunciators.open_set import LINE_LIMIT, One, OpenSet
from agent.wire import Message, encode
from agent.wire_connection import WireConnection

_LOGGER = logging.getLogger(__name__)

RETRY_S = 0.2
BEAT_S = 1.0
SILENT_S = 3.0  # it reports each second; after three the sounder hangs


class SounderClient:
    """Keeps a connection to the sounder at `path`.

    `on_message` gets each of its messages: `held` first, before our set goes out, so that alarms which only the
    sounder remembers can be restored. `on_link` hears of the connection coming up (True) and going down (False).
    `on_hung` is told why, when the sounder is connected but says nothing: it must be killed, since it makes no sound.
    """

    def __init__(
        self,
        path: Path,
        on_message: Callable[[Message], None],
        on_link: Callable[[bool], None],
        on_hung: Callable[[str], None],
    ) -> None:
        self._path = path
        self._on_message = on_message
        self._on_link = on_link
        self._on_hung = on_hung
        self._link: WireConnection | None = None
        self._greeted = False
        self._sequence = 0
        self._alarms: Sequence[One] = ()
        self._open = OpenSet()
        self._site: dict[str, Any] | None = None

    def show(self, alarms: Iterable[One]) -> None:
        """Make `alarms` (or Alarm.to_json objects) the whole set of open ones; returns at once, connected or not."""
        self._alarms = tuple(alarms)
        self._sequence += 1
        if self._link is None or not self._greeted:
            return
        before = self._open.left_out
        self._link.send(self._open.line(self._sequence, self._alarms))
        if self._open.left_out and not before:
            _LOGGER.warning("sounder: %d of %d open alarms do not fit", self._open.left_out, len(self._alarms))

    def site(self, pagers: Mapping[str, str], rooms: Mapping[str, Mapping[str, str]]) -> None:
        """Make these the facts that outputs need; returns at once, connected or not.

        Pager numbers by staff id; by the id of an alarm's subject ``{"room": …, "name": …}``.
        """
        self._site = {"pagers": dict(pagers), "rooms": dict(rooms)}
        self._tell("site", **self._site)

    def prompt(self, id_: str, room: str, text: str) -> bool:
        """Ask `text` aloud in `room`; `prompted` tells by `id_` whether it was. False when there is no sounder."""
        return self._tell("prompt", id=id_, room=room, text=text)

    def heard(self, name: str, by: str) -> bool:
        """`by` confirms that output `name` was heard or seen in its test. False when there is no sounder."""
        return self._tell("heard", name=name, by=by)

    def test(self) -> bool:
        """Test all outputs, as soon as no urgent alarm sounds. False when there is no sounder."""
        return self._tell("test")

    def bye(self) -> None:
        """Tell the sounder that the core ends in order."""
        if self._link is not None:
            self._link.send(encode("bye"))

    async def run(self) -> None:
        """Connect, beat, watch and connect again, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                _, link = await loop.create_unix_connection(
                    lambda: WireConnection("sounder", LINE_LIMIT, self._take), str(self._path)
                )
            except OSError:
                await asyncio.sleep(RETRY_S)
                continue
            self._link, self._greeted = link, False
            try:
                await self._serve(link, loop.time)
            finally:
                self._link = None
                if link.transport is not None:
                    link.transport.close()
                if self._greeted:
                    self._on_link(False)

    async def _serve(self, link: WireConnection, now: Callable[[], float]) -> None:
        while not link.ended.is_set():
            link.send(encode("beat", seq=self._sequence))
            if now() - link.heard_at > SILENT_S:
                link.abort(f"silent for {SILENT_S:g} s")
                self._on_hung(f"silent for {SILENT_S:g} s")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_S):
                    await link.ended.wait()

    def _take(self, _: WireConnection, message: Message) -> None:
        self._on_message(message)
        if message["t"] == "held" and not self._greeted:
            self._greeted = True
            self._on_link(True)
            if self._site is not None:  # first, so that the alarms find their words and pagers
                self._tell("site", **self._site)
            self.show(self._alarms)

    def _tell(self, kind: str, **fields: Any) -> bool:  # noqa: ANN401 - any JSON value
        if self._link is None or not self._greeted:
            return False
        self._link.send(encode(kind, **fields))
        return True
