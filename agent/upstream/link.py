"""The core's end of the upstream process: its messages checked, receipts for the store, and whether it is online. Pure.

The core calls `connected` when a peer has said hello as upstream, `take` for each further message, `lost` at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.store.entry import Lane
from agent.store.outbox import Receipt
from agent.wire import Message, WireError, encode

LINE_LIMIT = 64 * 1024
SILENT_S = 5.0  # it beats each second
NOTES_AT_MOST = 10  # a minute: what staff can read
NOTE_LENGTH = 500
CALLS_AT_MOST = 120  # words about calls a minute
DOWN_ALARM_S = 300.0  # so long without the platform: a technical alarm of low priority


@dataclass(frozen=True, slots=True)
class LinkState:
    """Whether the platform answers, since when (monotonic seconds), why not, and how many numbers it lacks a lane."""

    online: bool
    since: float
    detail: str
    backlog: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, "CallState"] = field(default_factory=dict)  # by the name of each call out

    def down_s(self, now: float) -> float:
        """Seconds without the platform; 0 while online."""
        return 0.0 if self.online else max(0.0, now - self.since)


@dataclass(frozen=True, slots=True)
class CallState:
    """How a call out does: the tries in a row that failed, and why (empty: it works)."""

    failed: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class CallTold:
    """What became of one try to call `name` for `alarm`: `failed` tries so far; `final` when there will be no other."""

    name: str
    alarm: str
    made: bool
    failed: int
    why: str
    final: bool


@dataclass(frozen=True, slots=True)
class PlatformNote:
    """A word from the platform about an alarm: shown, and changes nothing."""

    alarm: str
    text: str
    author: str


class _Minute:
    """When the words of one sort came, of the last minute: `most` are heard."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heard: list[float] = []

    def has_room(self, now: float) -> bool:
        """Whether one more is heard; if so, it counts."""
        self._heard = [at for at in self._heard if now - at < 60.0]
        if len(self._heard) >= self._most:
            return False
        self._heard.append(now)
        return True


class UpstreamLink:
    """Judges what comes from the upstream process."""

    def __init__(self, now: float) -> None:
        self.state = LinkState(False, now, "the upstream process has not reported yet")
        self._heard_at: float | None = None
        self._notes, self._tries = _Minute(NOTES_AT_MOST), _Minute(CALLS_AT_MOST)

    def connected(self, now: float) -> None:
        """The process is there; whether the platform is, its beat will tell."""
        self._heard_at = now

    def lost(self, now: float, why: str = "the upstream process is down") -> None:
        """The connection to the process has ended."""
        self._heard_at = None
        self._turn(False, now, why, self.state.backlog)

    def take(self, message: Message, now: float) -> Receipt | PlatformNote | CallTold | None:
        """What `message` carries, None for a sign of life; raises `WireError` when it breaks the contract.

        Of more than `NOTES_AT_MOST` notes in a minute the rest is dropped, and so are words on more than
        `CALLS_AT_MOST` tries to call.
        """
        self._heard_at = now
        kind = message["t"]
        try:
            if kind == "receipt":
                return Receipt.from_json(message)
            if kind == "note":
                return self._note(message, now)
            if kind == "call":
                return self._call(message, now)
            if kind == "beat":
                self._beat(message, now)
            elif kind != "hello":
                raise WireError(f"upstream: unknown kind of message {kind!r}")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise WireError(f"upstream: not a proper {kind}: {error!r}") from error
        return None

    def check(self, now: float) -> str:
        """Why the process must be killed; empty while it beats. Call it each second."""
        if self._heard_at is not None and now - self._heard_at > SILENT_S:
            self._turn(False, now, "the upstream process hangs", self.state.backlog)
            return f"silent for {SILENT_S:g} s"
        return ""

    def _note(self, message: Message, now: float) -> PlatformNote | None:
        alarm, text, author = message["alarm"], message["text"], message["author"]
        if not all(isinstance(one, str) for one in (alarm, text, author)):
            raise TypeError("alarm, text and author are texts")
        if not self._notes.has_room(now):
            return None
        return PlatformNote(alarm[:100], text[:NOTE_LENGTH], author[:100])

    def _call(self, message: Message, now: float) -> CallTold | None:
        name, alarm, why, failed = message["name"], message["alarm"], message["why"], message["failed"]
        if not all(isinstance(one, str) for one in (name, alarm, why)) or type(failed) is not int or failed < 0:
            raise TypeError("name, alarm and why are texts, failed is a count")
        if not self._tries.has_room(now):
            return None
        return CallTold(name[:100], alarm[:100], message["made"] is True, failed, why[:200], message["final"] is True)

    def _beat(self, message: Message, now: float) -> None:
        online, backlog = message["online"], message["backlog"]
        if not isinstance(online, bool) or not isinstance(backlog, dict):
            raise TypeError("online or backlog has the wrong type")
        counts = {Lane(lane).value: int(number) for lane, number in backlog.items()}
        calls = {
            str(name): CallState(int(told["failed"]), str(told["why"])[:200])
            for name, told in message.get("calls", {}).items()
        }
        self._turn(online, now, str(message["detail"])[:500], counts, calls)

    def _turn(
        self,
        online: bool,
        now: float,
        detail: str,
        backlog: Mapping[str, int],
        calls: Mapping[str, CallState] | None = None,
    ) -> None:
        since = self.state.since if online == self.state.online else now
        self.state = LinkState(online, since, detail, backlog, self.state.calls if calls is None else calls)


def wake(lane: Lane) -> bytes:
    """The line that tells the process of something new in `lane`."""
    return encode("wake", lane=lane.value)


def receipted(receipt: Receipt) -> bytes:
    """The line that tells the process that `receipt` is durable (the store's `done` has been called)."""
    accepted = [list(pair) for pair in receipt.accepted]
    return encode("receipted", consumer=receipt.consumer, lane=receipt.lane.value, accepted=accepted)


def process_config(
    socket: str, store: str, gateway: str, facility: str, area_code: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """The JSON that `agent.satellites.Satellite` hands to the process; `settings` is asdict(UpstreamSettings)."""
    return {
        "socket": socket,
        "store": store,
        "gateway": gateway,
        "facility": facility,
        "area_code": area_code,
        "settings": dict(settings),
    }
