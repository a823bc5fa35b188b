"""Judges what the vision process says: believes what can be true, and says when the process must be killed.

Pure: no socket, no clock. The owner of the connection feeds each message with the time of its arrival, asks `overdue`
about once a second, and kills the process on a `WireError` or an answer.
"""

import base64
import binascii
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from agent.detection.observations import OBSERVATIONS, Observation
from agent.wire import Message, WireError
from drivers.base import Link, LinkState
from drivers.trouble import trouble

_LOGGER = logging.getLogger(__name__)

LINE_LIMIT = 4096  # bytes; for the connection's LineDecoder
LINES_PER_S = 50.0
BURST = 100.0  # lines that pile up while the core itself is held up for some seconds are no flood
SILENT_S = 5.0  # it beats each second
START_S = 20.0  # from its start, or the end of a connection, to its first word: imports take seconds on a slow card
FRESH_S = 5.0
LATE_S = 60.0  # a fall is still told when the core, or its loop, was away this long
AHEAD_S = 0.5
CURRENT_S = 3.0  # a stream whose last frame is older is not one that works
REASONS, REASON_LENGTH, BED_LENGTH = 8, 200, 64
OBEYS_S = 5.0  # from being told that a camera may not look to its own word that it does not
MARK_LENGTH = 16
OUTLINE_WIDTH, OUTLINE_HEIGHT = 160, 120
WHY_NONE = ("learning", "off")  # there is no outline


@dataclass(frozen=True, slots=True)
class CameraState:
    """What the vision process last said of one camera; `frame_age_s` is None before its first frame.

    `threshold`: the score from which it tells a fall; None as long as it has not said.
    `state`: playing, opening, lost, fault, ended, failed or off; `unseen` before the process has said anything.
    `settings` is the mark of the facts that it uses (`agent.camera_facts.CameraFacts.mark`).
    """

    state: str = "unseen"
    fps: float = 0.0
    frame_age_s: float | None = None
    at: float = 0.0
    threshold: float | None = None
    settings: str = ""


@dataclass(frozen=True, slots=True)
class OutlineAnswer:
    """The outline of a room, as it was asked for as `number`: `bits` row by row, or `why` there is none."""

    camera: str
    number: int
    width: int
    height: int
    bits: bytes
    why: str = ""


_CAMERA_STATES = ("opening", "playing", "lost", "fault", "ended", "failed", "off")
_LINKS = {"playing": LinkState.CONNECTED, "opening": LinkState.SEARCHING, "lost": LinkState.SILENT}


class Eyes:
    """The state of the vision process as far as it can be believed."""

    def __init__(self, cameras: tuple[str, ...], now: float) -> None:
        """`cameras` are the ids it was told to watch; `now` is when it was started."""
        self._cameras = cameras
        self._may_look = frozenset(cameras)
        self._told_at = dict.fromkeys(cameras, now)  # whether it may look
        self._answers: list[OutlineAnswer] = []
        self._states = dict.fromkeys(cameras, CameraState())
        self._waiting_since = now
        self._asked_at = now
        self._beat_at: float | None = None  # of the present connection; None before its first beat
        self._greeted_at: float | None = None
        self._allowance, self._allowance_at = BURST, now
        self.late = 0  # observations that were too old to be believed

    @property
    def camera_states(self) -> Mapping[str, CameraState]:
        """The last word on each camera, by id."""
        return MappingProxyType(self._states)

    def allow(self, cameras: Collection[str], now: float) -> frozenset[str]:
        """Those that may look from now on; gives those for which that is news, which the process must be told.

        One that goes on looking for five seconds after that lies: by the time of its own beats, since the core may have
        been held up and read them late.
        """
        news = self._may_look.symmetric_difference(cameras)
        self._may_look = frozenset(cameras)
        self._told_at.update(dict.fromkeys(news, now))
        return news

    @property
    def may_look(self) -> frozenset[str]:
        """The cameras that may look."""
        return self._may_look

    def answers(self) -> list[OutlineAnswer]:
        """The outlines that have come since the last question."""
        taken, self._answers = self._answers, []
        return taken

    def take(self, message: Message, now: float) -> list[Observation]:
        """What `message` tells; raises `WireError` on a lie or a flood: kill the process."""
        self._count(now)
        if message["t"] == "hello":
            self._greet(message, now)
            return []
        if self._greeted_at is None:
            raise WireError(f"says {_shown(message['t'])} before hello")
        if message["t"] == "beat":
            self._beat(message, now)
            return []
        if message["t"] == "observation":
            return self._observation(message, now)
        if message["t"] == "outline":
            self._answers.append(_outline(message, self._cameras))
            return []
        raise WireError(f"unknown kind of message {_shown(message['t'])}")

    def links(self, now: float) -> list[Link]:
        """The way to each camera as a driver would tell it: for the rule that watches over silent devices."""
        return [
            _link(id_, state, now) if id_ in self._may_look else Link(id_, LinkState.OFF, now, trouble("no_consent"))
            for id_, state in self._states.items()
            if self._beat_at is not None or id_ not in self._may_look
        ]

    def overdue(self, now: float) -> str:
        """Why the process must be killed for its silence; empty while all is well.

        Ask about once a second: a longer pause between two questions is taken for our own.
        """
        held_up_s = now - self._asked_at - 1.0
        self._asked_at = now
        if held_up_s > 1.0:  # we were stopped ourselves: what it said meanwhile is still in the socket
            self._waiting_since = min(now, self._waiting_since + held_up_s)
            if self._greeted_at is not None:
                self._greeted_at = min(now, self._greeted_at + held_up_s)
            if self._beat_at is not None:
                self._beat_at = min(now, self._beat_at + held_up_s)
        if self._greeted_at is None:
            waited_s = now - self._waiting_since
            if waited_s <= START_S:
                return ""
            self._waiting_since = now  # the next process gets its own time to start
            return f"has not connected for {waited_s:.0f} s"
        silent_s = now - max(self._greeted_at, self._beat_at or 0.0)
        return f"silent for {silent_s:.0f} s" if silent_s > SILENT_S else ""

    def blind(self, now: float) -> str:
        """Why nobody watches the cameras now, for staff; empty while the process works."""
        if self._beat_at is None:
            return "the vision process is not there"
        silent_s = now - self._beat_at
        return f"the vision process is silent for {silent_s:.0f} s" if silent_s > SILENT_S else ""

    def gone(self, now: float) -> None:
        """The connection ended: nothing is known until the next hello."""
        self._greeted_at = self._beat_at = None
        self._waiting_since = now
        self._states = dict.fromkeys(self._cameras, CameraState())

    def _count(self, now: float) -> None:
        self._allowance = min(BURST, self._allowance + LINES_PER_S * max(0.0, now - self._allowance_at)) - 1
        self._allowance_at = now
        if self._allowance < 0:
            raise WireError(f"sends more than {LINES_PER_S:g} lines a second")

    def _greet(self, message: Message, now: float) -> None:
        if message.get("role") != "vision" or not isinstance(message.get("pid"), int):
            raise WireError("hello of another role, or without a pid")
        if message.get("cameras") != list(self._cameras):
            raise WireError("hello with other cameras than it was given")
        if self._greeted_at is not None:
            raise WireError("a second hello on one connection")
        self._greeted_at = now
        self._told_at = dict.fromkeys(self._cameras, now)  # what it was started with may be of yesterday

    def _beat(self, message: Message, now: float) -> None:
        at = _number(message, "at", 0.0, now + AHEAD_S)
        cameras = message.get("cameras")
        if not isinstance(cameras, dict) or set(cameras) != set(self._cameras):
            raise WireError("beat without a word on each camera")
        self._states = {id_: _camera_state(cameras[id_], at) for id_ in self._cameras}
        for id_, state in self._states.items():
            if id_ not in self._may_look and state.state != "off" and at - self._told_at[id_] > OBEYS_S:
                raise WireError(f"looks through {id_}, which may not look")
        if now - at <= FRESH_S:  # an old one says nothing about now
            self._beat_at = now

    def _observation(self, message: Message, now: float) -> list[Observation]:
        observation = _observed(message, self._cameras, now)
        if observation.device not in self._may_look:  # said before it was told
            return []
        age_s = now - observation.at
        if age_s <= FRESH_S or (age_s <= LATE_S and OBSERVATIONS[observation.name].life_safety):
            return [observation]
        self.late += 1
        _LOGGER.warning("%s: %s is %.0f s old and was not believed", observation.device, observation.name, age_s)
        return []


def _link(camera: str, state: CameraState, now: float) -> Link:
    """Connected means that frames are judged, by the last beat and not long ago."""
    link = _LINKS.get(state.state, LinkState.FAULT)
    if link is not LinkState.CONNECTED:
        return Link(camera, link, now, trouble(f"stream_{state.state}"))
    if state.frame_age_s is None or now - state.at + state.frame_age_s > CURRENT_S:
        return Link(camera, LinkState.SILENT, now, trouble("stream_still"))
    return Link(camera, link, now)


def _observed(message: Message, cameras: tuple[str, ...], now: float) -> Observation:
    device, name = message.get("device"), message.get("name")
    if device not in cameras:
        raise WireError(f"speaks of a camera {_shown(device)} that it was not given")
    if not isinstance(name, str) or name not in OBSERVATIONS:
        raise WireError(f"{device}: unknown observation {_shown(name)}")
    value, track, reasons = message.get("value"), message.get("track"), message.get("reasons")
    if not isinstance(value, bool) or not (value or OBSERVATIONS[name].state):
        raise WireError(f"{device}: {name} cannot be {_shown(value)}")
    if track is not None and (not isinstance(track, int) or isinstance(track, bool) or not 0 <= track < 2**31):
        raise WireError(f"{device}: no track can be {_shown(track)}")
    if not isinstance(reasons, list) or len(reasons) > REASONS or not all(map(_is_reason, reasons)):
        raise WireError(f"{device}: reasons are at most {REASONS} strings of {REASON_LENGTH} characters")
    at, score = _number(message, "at", 0.0, now + AHEAD_S), _number(message, "score", 0.0, 1.0)
    return Observation(str(device), name, at, value, score, tuple(reasons), track, _bed(message, str(device)))


def _bed(message: Message, device: str) -> str:
    """Which bed is meant; empty where the camera sees but one."""
    bed = message.get("bed", "")
    if not isinstance(bed, str) or len(bed) > BED_LENGTH or not bed.isprintable():
        raise WireError(f"{device}: no bed can be {_shown(bed)}")
    return bed


def _camera_state(given: Any, at: float) -> CameraState:  # noqa: ANN401 - what came over the wire
    if not isinstance(given, dict) or given.get("state") not in _CAMERA_STATES:
        raise WireError("beat with an unknown state of a camera")
    age_s = None if given.get("frame_age_s") is None else _number(given, "frame_age_s", 0.0, 1e9)
    threshold = None if given.get("threshold") is None else _number(given, "threshold", 0.0, 1.0)
    mark = given.get("settings", "")
    if not isinstance(mark, str) or len(mark) > MARK_LENGTH:
        raise WireError(f"no mark of settings can be {_shown(mark)}")
    return CameraState(given["state"], _number(given, "fps", 0.0, 1000.0), age_s, at, threshold, mark)


def _outline(message: Message, cameras: tuple[str, ...]) -> OutlineAnswer:
    """Checked like all else: who believes in its width and height draws what is there."""
    camera, why = message.get("device"), message.get("why")
    if camera not in cameras:
        raise WireError(f"outline of a camera {_shown(camera)} that it was not given")
    width, height = int(_number(message, "width", 0, OUTLINE_WIDTH)), int(_number(message, "height", 0, OUTLINE_HEIGHT))
    try:
        bits = base64.b64decode(str(message.get("bits")), validate=True)
    except (binascii.Error, ValueError):
        raise WireError(f"{camera}: an outline that is no base64") from None
    if len(bits) != -(-width * height // 8) or why not in ("", *WHY_NONE) or bool(why) == bool(bits):
        raise WireError(f"{camera}: {len(bits)} bytes are no outline of {width} x {height}, why {_shown(why)}")
    return OutlineAnswer(str(camera), int(_number(message, "n", 0, 2**31)), width, height, bits, str(why))


def _number(message: Mapping[str, Any], key: str, low: float, high: float) -> float:
    """A number within its bounds; NaN is in none."""
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise WireError(f"{key} {_shown(value)} is not a number from {low:g} to {high:g}")
    return float(value)


def _is_reason(text: Any) -> bool:  # noqa: ANN401 - what came over the wire
    return isinstance(text, str) and len(text) <= REASON_LENGTH and text.isprintable()


def _shown(value: Any) -> str:  # noqa: ANN401 - what came over the wire
    return repr(value)[:60]
