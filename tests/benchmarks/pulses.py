"""Pulses in recorded sound: when each begins and ends, how it rises and falls, of what it is made. From samples alone.

The envelope is the effective value over one period of the fundamental, so that neither ripple nor a wider window bends
its edges. A pulse counts from where it passes 90 % of its height to where it falls below; rise and fall go from 10 % to
90 % (IEC 60601-1-8, figure 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

HARMONIC_RANGE_HZ = (300.0, 4000.0)
WITHIN_DB = 15.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """One pulse: times in seconds from the first sample, `level_db` of its plateau against full scale."""

    start: float
    end: float
    rise: float
    fall: float
    level_db: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Sound:
    """A burst as it was heard: its pulses, its fundamental, and the harmonics' levels against it by frequency."""

    pulses: tuple[Pulse, ...]
    fundamental_hz: float
    harmonics_db: dict[float, float]

    @property
    def spacings(self) -> list[float]:
        """Seconds from the end of each pulse to the start of the next."""
        return [after.start - before.end for before, after in zip(self.pulses, self.pulses[1:], strict=False)]

    @property
    def heard_harmonics(self) -> int:
        """How many lie in the range of the standard and near enough to the fundamental in level."""
        low, high = HARMONIC_RANGE_HZ
        return sum(low <= hz <= high and abs(db) <= WITHIN_DB for hz, db in self.harmonics_db.items())

    @property
    def level_db(self) -> float:
        """Of its pulses, in the mean."""
        return float(np.mean([pulse.level_db for pulse in self.pulses]))


def samples_of(pcm: bytes) -> Samples:
    """Mono, signed 16 bit, little endian, as -1 to 1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768.0


def listen(pcm: bytes, rate: int) -> Sound:
    """Measure one burst."""
    samples = samples_of(pcm)
    fundamental = _fundamental(samples, rate)
    envelope = _envelope(samples, round(rate / fundamental))
    pulses = tuple(_pulse(envelope, begin, end, rate) for begin, end in _loud(envelope))
    first = pulses[0]
    plateau = samples[round(first.start * rate) : round(first.end * rate)]
    return Sound(pulses, fundamental, _harmonics(plateau, fundamental, rate))


def _fundamental(samples: Samples, rate: int) -> float:
    """Frequency of the first peak of the spectrum that is anywhere near the highest one."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 20))
    near = np.flatnonzero(spectrum > 0.3 * spectrum.max())
    low = near[0]
    top = low + int(np.argmax(spectrum[low : low + round(100 * (1 << 20) / rate)]))
    return float(top * rate / (1 << 20))


def _envelope(samples: Samples, period: int) -> Samples:
    power = np.convolve(samples**2, np.ones(period) / period, mode="full")[period // 2 :][: len(samples)]
    return np.sqrt(np.maximum(power, 0.0))


def _loud(envelope: Samples) -> list[tuple[int, int]]:
    """First and last sample of each stretch above 5 % of the loudest."""
    above = np.concatenate(([False], envelope > 0.05 * envelope.max(), [False])).astype(np.int8)
    edges = np.diff(above)
    return list(zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True))


def _pulse(envelope: Samples, begin: int, end: int, rate: int) -> Pulse:
    margin = round(0.01 * rate)
    begin, end = max(0, begin - margin), min(len(envelope), end + margin)
    own = envelope[begin:end]
    height = float(np.median(own[own > 0.8 * own.max()]))
    tall, low = np.flatnonzero(own >= 0.9 * height), np.flatnonzero(own >= 0.1 * height)
    return Pulse(
        start=(begin + tall[0]) / rate,
        end=(begin + tall[-1] + 1) / rate,
        rise=(tall[0] - low[0]) / rate,
        fall=(low[-1] - tall[-1]) / rate,
        level_db=20 * float(np.log10(height)),
    )


def _harmonics(plateau: Samples, fundamental: float, rate: int) -> dict[float, float]:
    """Level of each multiple of the fundamental up to half the rate, against the fundamental."""
    spectrum = np.abs(np.fft.rfft(plateau * np.hanning(len(plateau)), 1 << 18))

    def height(hz: float) -> float:
        place, reach = round(hz * (1 << 18) / rate), round(20 * (1 << 18) / rate)
        return float(spectrum[place - reach : place + reach].max())

    base = height(fundamental)
    orders = range(2, int(rate / 2 / fundamental))
    return {fundamental * order: 20 * float(np.log10(height(fundamental * order) / base)) for order in orders}


def spectrogram(pcm: bytes, rate: int, seconds: float, up_to_hz: float = 5000.0) -> NDArray[np.uint8]:
    """A picture of the sound, time to the right, frequency upwards, 60 dB from black to white (colours: BGR)."""
    import cv2

    samples = np.zeros(round(seconds * rate))
    told = samples_of(pcm)[: len(samples)]
    samples[: len(told)] = told
    window, step = 512, 64
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[::step] * np.hanning(window)
    power = np.abs(np.fft.rfft(frames, axis=1))[:, : round(up_to_hz * window / rate)]
    level = 20 * np.log10(np.maximum(power, 1e-6) / max(1e-6, power.max()))
    grey = np.clip((level + 60) / 60 * 255, 0, 255).astype(np.uint8).T[::-1]
    wide: Any = cv2.resize(grey, (grey.shape[1], grey.shape[0] * 3), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.applyColorMap(wide, cv2.COLORMAP_MAGMA), dtype=np.uint8)


def write_pictures(path: str, pictures: Sequence[NDArray[np.uint8]]) -> None:
    """All of them, one below the other, as one PNG."""
    import cv2

    width = max(picture.shape[1] for picture in pictures)
    padded = [np.pad(picture, ((4, 4), (0, width - picture.shape[1]), (0, 0))) for picture in pictures]
    cv2.imwrite(path, np.vstack(padded))
