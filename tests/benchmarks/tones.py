"""`tones`: what the loudspeaker plays, measured from its samples, against the ranges of IEC 60601-1-8."""

import argparse
from pathlib import Path

from agent.annunciators import tones
from agent.annunciators.patterns import HIGH, HIGH_UNANSWERED, LOW, MEDIUM, TECHNICAL, Burst
from tests.benchmarks.bench import Bench, Tell
from tests.benchmarks.figures import Measured
from tests.benchmarks.pulses import Sound, listen, spectrogram, write_pictures

PICTURE = "tones.png"
BURSTS = {"high": HIGH, "medium": MEDIUM, "low": LOW}
_SECONDS = tones.lead_s(HIGH) + HIGH.length_ms / 1000 + 0.2


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--spectrogram", type=Path, metavar="FOLDER", help=f"write {PICTURE} there")


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    if options.spectrogram is not None:
        options.spectrogram.mkdir(parents=True, exist_ok=True)
        path = options.spectrogram / PICTURE
        pictures = [spectrogram(tones.pcm(burst), tones.RATE, _SECONDS) for burst in BURSTS.values()]
        write_pictures(str(path), pictures)
        tell(f"{path}: high, medium, low from top to bottom, {_SECONDS:.1f} s, up to 5 kHz")
    notes = (
        "measured from the samples that go to the sound card, not from the air",
        "silences between bursts as agent/annunciators/patterns.py has them",
    )
    return Measured(figures(), notes)


def figures() -> dict[str, float]:
    """Every number of the standard, by metric (tests/benchmarks/goals.py has the ranges)."""
    heard = {name: listen(tones.pcm(burst), tones.RATE) for name, burst in BURSTS.items()}
    values: dict[str, float] = {}
    for name, sound in heard.items():
        values |= {f"{name}, {metric}": value for metric, value in _of(sound).items()}
    high = heard["high"]
    gaps = [1000 * gap for gap in high.spacings]
    x, length = _mean(gaps[:2]), 1000 * _mean([pulse.length for pulse in high.pulses])
    values |= {
        "high, spacing x, shortest": min(gaps[n] for n in (0, 1, 3, 5, 6, 8)),
        "high, spacing x, longest": max(gaps[n] for n in (0, 1, 3, 5, 6, 8)),
        "high, gap after the 3rd and 8th pulse, off 2x + t_d by": max(abs(gaps[n] - 2 * x - length) for n in (2, 7)),
        "high, gap between the two groups": gaps[4],
    }
    for name in ("medium", "low"):
        own = [1000 * gap for gap in heard[name].spacings]
        values |= {f"{name}, spacing y, shortest": min(own), f"{name}, spacing y, longest": max(own)}
    values |= {f"{name}, silence between bursts": _silence_s(burst) for name, burst in _REPEATED.items()}
    values["high louder than medium by"] = high.level_db - heard["medium"].level_db
    values["medium louder than low by"] = heard["medium"].level_db - heard["low"].level_db
    return values


_REPEATED: dict[str, Burst] = {
    "high": HIGH,
    "high unanswered": HIGH_UNANSWERED,
    "medium": MEDIUM,
    "technical low": TECHNICAL,
}


def _of(sound: Sound) -> dict[str, float]:
    lengths = [1000 * pulse.length for pulse in sound.pulses]
    rises = [100 * pulse.rise / pulse.length for pulse in sound.pulses]
    levels = [pulse.level_db for pulse in sound.pulses]
    edges = max(pulse.rise + pulse.fall for pulse in sound.pulses)
    return {
        "pulses": len(sound.pulses),
        "pulse length, shortest": min(lengths),
        "pulse length, longest": max(lengths),
        "rise, shortest": min(rises),
        "rise, longest": max(rises),
        "rise and fall, over the shortest spacing": edges / min(sound.spacings),
        "fundamental": sound.fundamental_hz,
        "harmonics from 300 to 4000 Hz within 15 dB": sound.heard_harmonics,
        "pulses apart in level by": max(levels) - min(levels),
    }


def _silence_s(burst: Burst) -> float:
    return (burst.silence_ms or 0) / 1000


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


BENCH = Bench("the loudspeaker's tones, measured against IEC 60601-1-8", _options, _measure)
