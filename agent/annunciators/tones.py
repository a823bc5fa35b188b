"""The bursts as sound: pulses with a fundamental and harmonics, as IEC 60601-1-8 asks of a loudspeaker. Pure.

Mono, signed 16 bit, little endian, `RATE` samples a second, which is what espeak-ng speaks too, so that one setting of
the sound card serves both. Lengths are taken where the envelope passes 90 % of its height, rise and fall between 10 %
and 90 %, as in the standard's figure 1. Nothing but the standard library: the sounder stays small.
"""

import math
import sys
from array import array
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from agent.annunciators.patterns import HIGH, HIGH_UNANSWERED, LOW, MEDIUM, TECHNICAL, Burst

RATE = 22_050
BYTES_A_SECOND = 2 * RATE
RISE_SHARE = 0.15  # of the pulse; the standard allows 0.10 to 0.20

# The fundamental and five harmonics, each less than 10 dB below it: a small loudspeaker that loses the lowest ones
# still has something to give, and an ear that has lost the highest ones something to hear.
_HARMONICS = (1.0, 0.9, 0.8, 0.65, 0.5, 0.4)


@dataclass(frozen=True, slots=True)
class Tone:
    """`fundamental_hz` of every pulse, and its peak as a share of full scale."""

    fundamental_hz: float
    peak: float


# The graver, the higher and the louder; with 660 Hz the fifth harmonic (3,960 Hz) is the last below 4 kHz.
_HIGH, _MEDIUM, _LOW = Tone(660.0, 0.9), Tone(523.0, 0.75), Tone(392.0, 0.6)
TONES = MappingProxyType({HIGH: _HIGH, HIGH_UNANSWERED: _HIGH, MEDIUM: _MEDIUM, LOW: _LOW, TECHNICAL: _LOW})


def lead_s(burst: Burst) -> float:
    """Seconds of PCM before the first pulse counts as begun (its envelope passes 90 %)."""
    return 0.9 * _ramp_s(burst)


@cache
def pcm(burst: Burst, volume: float = 1.0) -> bytes:
    """One whole burst, from the first sample of its first rise to the last of its last fall; made once."""
    tone = TONES[burst]
    return render(burst, Tone(tone.fundamental_hz, tone.peak * volume))


def render(burst: Burst, tone: Tone) -> bytes:
    """The burst in `tone`; every pulse has the same samples."""
    pulse = _pulse(burst, tone)
    starts = [round(start / 1000 * RATE) for start in burst.starts]
    samples = array("h", bytes(2 * (starts[-1] + len(pulse))))
    for start in starts:
        samples[start : start + len(pulse)] = pulse
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def silence(seconds: float) -> bytes:
    """So much of nothing."""
    return bytes(2 * round(seconds * RATE))


def _ramp_s(burst: Burst) -> float:
    """From nothing to full height, in a straight line, of which the part from 10 % to 90 % is the rise."""
    return RISE_SHARE * burst.pulse_ms / 1000 / 0.8


def _pulse(burst: Burst, tone: Tone) -> "array[int]":
    ramp = round(_ramp_s(burst) * RATE)
    length = round(burst.pulse_ms / 1000 * RATE + 2 * 0.9 * ramp)  # the tenth of each ramp above 90 % counts as pulse
    turn = 2 * math.pi * tone.fundamental_hz / RATE
    wave = [
        sum(height * math.sin((order + 1) * turn * n) for order, height in enumerate(_HARMONICS)) for n in range(length)
    ]
    scale = tone.peak * 32767 / max(map(abs, wave))
    return array("h", (round(scale * w * min(1.0, n / ramp, (length - n) / ramp)) for n, w in enumerate(wave)))
