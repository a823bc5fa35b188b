"""The tones, measured from their samples against the ranges of IEC 60601-1-8; and the measure against plain beeps."""

import math
from array import array
from pathlib import Path

import pytest

from agent.annunciators import tones
from agent.annunciators.patterns import HIGH, HIGH_UNANSWERED, LOW, MEDIUM, Burst
from tests.benchmarks.figures import judge
from tests.benchmarks.goals import goals_of
from tests.benchmarks.pulses import listen, samples_of
from tests.benchmarks.tones import PICTURE, figures


def test_every_number_is_within_the_standard() -> None:
    wrong = [figure for figure in judge(figures(), goals_of("tones")) if not figure.holds]
    assert not wrong


@pytest.mark.parametrize("burst", [HIGH, MEDIUM, LOW])
def test_pulses_begin_when_the_buzzer_s_do(burst: Burst) -> None:
    lead = tones.lead_s(burst)
    heard = [round(1000 * (pulse.start - lead)) for pulse in listen(tones.pcm(burst), tones.RATE).pulses]
    assert heard == pytest.approx(burst.starts, abs=3)


def test_it_is_made_once_and_does_not_clip() -> None:
    assert tones.pcm(HIGH) is tones.pcm(HIGH)
    assert tones.pcm(HIGH) == tones.pcm(HIGH_UNANSWERED)
    assert 0.85 < abs(samples_of(tones.pcm(HIGH))).max() <= 0.9


def test_volume_turns_all_down_alike() -> None:
    loud, soft = (listen(tones.pcm(MEDIUM, volume), tones.RATE) for volume in (1.0, 0.5))
    assert loud.level_db - soft.level_db == pytest.approx(6.02, abs=0.05)


def test_silence_is_as_long_as_asked() -> None:
    assert tones.silence(0.5) == bytes(tones.BYTES_A_SECOND // 2)


def beep(length_s: float, hz: float, ramp_s: float = 0.0) -> bytes:
    """A pure tone, with silence around it."""
    count = round(length_s * tones.RATE)
    quiet = tones.silence(0.1)
    wave = (
        math.sin(2 * math.pi * hz * n / tones.RATE) * min(1.0, min(n, count - n) / max(1.0, ramp_s * tones.RATE))
        for n in range(count)
    )
    return quiet + array("h", (round(20_000 * one) for one in wave)).tobytes() + quiet


def test_the_measure_sees_a_plain_beep_for_what_it_is() -> None:
    sound = listen(beep(0.2, 500.0), tones.RATE)
    assert sound.heard_harmonics == 0
    assert sound.fundamental_hz == pytest.approx(500, abs=2)
    assert sound.pulses[0].length == pytest.approx(0.2, abs=0.003)
    assert sound.pulses[0].rise < 0.003
    assert sound.pulses[0].level_db == pytest.approx(20 * math.log10(20_000 / 32_768 / math.sqrt(2)), abs=0.1)


def test_the_measure_sees_a_slow_rise() -> None:
    (pulse,) = listen(beep(0.4, 500.0, ramp_s=0.1), tones.RATE).pulses
    assert pulse.rise == pytest.approx(0.08, abs=0.003)
    assert pulse.fall == pytest.approx(0.08, abs=0.003)
    assert pulse.length == pytest.approx(0.4 - 2 * 0.09, abs=0.003)


def test_the_benchmark_draws_what_is_heard(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.benchmarks import __main__ as command

    arguments = ["tones", "--json", "--folder", str(run_folder), "--spectrogram", str(run_folder / "pictures")]
    assert command.main(arguments) == 0
    assert '"holds": false' not in capsys.readouterr().out
    assert (run_folder / "pictures" / PICTURE).read_bytes().startswith(b"\x89PNG")
