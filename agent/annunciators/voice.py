"""Sentences as sound, by an espeak-ng child: offline, a few kept, killed when it takes too long."""

import re
import struct
from collections.abc import Sequence
from types import MappingProxyType

from agent.annunciators.child import CANNOT_START, Child
from agent.annunciators.tones import BYTES_A_SECOND, RATE

DEADLINE_S = 5.0
KEPT = 8  # sentences, at about 130 KiB each
LONGEST_S = 15.0
RETRY_S = 10.0
WORDS_A_MINUTE = 180  # "205, fall" in the 2.5 s between two bursts that nobody has answered

_VOICES = MappingProxyType({"zh": "cmn", "en": "en"})
_HEADER = 44
_LOUD = 100  # espeak-ng's own, of 0 to 200; above it, it clips

_Key = tuple[str, str, int]  # text, language, loudness


class Voice:
    """Speaks what it is asked for; `fault` says why it cannot."""

    def __init__(self, program: Sequence[str] = ("espeak-ng",)) -> None:
        self.fault = ""
        self._program = tuple(program)
        self._kept: dict[_Key, bytes] = {}
        self._wanted: _Key = ("", "", 0)
        self._child: Child | None = None
        self._retry_at = 0.0

    def watched(self) -> dict[int, int]:
        """Descriptors on which something may happen, with the events of `select.poll`."""
        return self._child.watched() if self._child is not None else {}

    @property
    def wake_at(self) -> float:
        """When the child is overdue."""
        return self._child.wake_at if self._child is not None else float("inf")

    def pcm(self, text: str, language: str, volume: float, now: float) -> bytes | None:
        """The sound of `text`, at `volume` (0..1); None as long as it is not ready: ask again. Never raises."""
        key = (text, language, round(_LOUD * volume))
        self._turn(now)
        if key not in self._kept and self._child is None and now >= self._retry_at:
            self._begin(key, now)
        return self._kept.get(key)

    def close(self) -> None:
        """End the child, forget all."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        self._kept.clear()

    def _begin(self, key: _Key, now: float) -> None:
        # By standard input: what stands in the command line, every user of the machine can read.
        text, language, loudness = key
        options = ("-v", _VOICES[language], "-s", str(WORDS_A_MINUTE), "-a", str(loudness), "--stdin", "--stdout")
        try:
            self._child = Child((*self._program, *options), text.encode(), now, DEADLINE_S, _most())
        except OSError as error:
            self._fail(str(error), now)
        self._wanted = key

    def _turn(self, now: float) -> None:
        child = self._child
        if child is None:
            return
        try:
            status = child.turn(now)
            if status is None:
                return
            self._child = None
            sound = samples(bytes(child.output)) if status == 0 else b""
        except (OSError, ValueError) as error:
            self._child = None
            self._fail(str(error), now)
            return
        if not sound:
            name = self._program[0]
            cure = f"install {name} (apt install {name})" if status == CANNOT_START else "say it by hand to see why"
            self._fail(f"{name} ended with status {status}; {cure}", now)
            return
        self.fault = ""
        while len(self._kept) >= KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[self._wanted] = sound

    def _fail(self, why: str, now: float) -> None:
        self.fault, self._retry_at = f"no speech: {why}", now + RETRY_S


def samples(wav: bytes) -> bytes:
    """The samples of what espeak-ng writes; raises ValueError when they are not as `tones` has them.

    Written to a pipe, its header tells no true length: everything after it counts.
    """
    if not re.fullmatch(rb"RIFF....WAVEfmt ", wav[:16], re.DOTALL) or wav[36:40] != b"data":
        raise ValueError("it did not write a WAV file")
    form, channels, rate, _, _, bits = struct.unpack("<HHIIHH", wav[20:36])
    if (form, channels, rate, bits) != (1, 1, RATE, 16):
        raise ValueError(f"it speaks {bits} bit at {rate} Hz on {channels} channels, not 16 bit at {RATE} Hz on one")
    return wav[_HEADER : _HEADER + (len(wav) - _HEADER) // 2 * 2]


def _most() -> int:
    return _HEADER + round(LONGEST_S * BYTES_A_SECOND)
