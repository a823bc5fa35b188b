"""The benchmark of the eyes, on sizes too small to mean anything, and how its peers are ranked."""

import math
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import vision
from tests.benchmarks.test_form import run, values_of
from tests.benchmarks.vision_cost import costs_ms, empty_room, person
from tests.benchmarks.vision_peers import Posture, fallen

SMALL = ["--frames", "20", "--seconds", "1", "--settle", "0", "--only", "none", "--int8", "none.onnx"]


@pytest.mark.slow
def test_it_measures_all_that_can_be_had_here(
    run_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vision, "STREAM_S", 2.0)
    report: dict[str, Any] = run(["vision", *SMALL, "--models", str(run_folder)], run_folder, capsys)
    values = values_of(report)
    assert 0 < (values["frame, empty, p50"] or 0) < (values["frame, with a person, p50"] or 0)
    assert (values["window net, fp32"] or 0) > 0
    notes = " ".join(report["notes"])
    assert "YOLOX-nano + MoveNet is skipped" in notes
    assert "int8 is skipped" in notes
    if "no H.264 stream" not in notes:
        assert 30 < (values["four cameras, vision process RSS"] or 0) < 1000
        assert (values["decoding one sub-stream"] or 0) > 0


@pytest.mark.slow
def test_peers_are_measured_beside_us(shared: Path, run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*SMALL, "--models", str(shared / "models"), "--clips", str(shared / "data" / "falls")]
    arguments[arguments.index("none")] = "home-s3-fall-15"
    values = values_of(run(["vision", *arguments], run_folder, capsys))
    assert (values["YOLOX-nano + MoveNet / ours, frame, empty"] or 0) > 1


def test_an_empty_room_and_a_full_one_are_told_apart() -> None:
    assert len(costs_ms(empty_room(), 5, False)) == 5
    assert len(costs_ms(person(), 5, True)) == 5
    assert costs_ms(empty_room(), 1, True) == []


@pytest.mark.parametrize(
    ("postures", "score"),
    [
        ([(0, 100, 0.0)], 0.0),
        ([(0, 100, 0.0), (0, 100, 0.5)], 0.25),  # leaning
        ([(0, 100, 0.0), (60, 40, math.nan)], 0.6),  # the top dropped by 60 of 100
        ([(0, 100, 0.0), (60, 40, 1.0)], 1.1),
        ([(60, 40, 0.0), (0, 100, 0.0)], 0.0),  # getting up
    ],
)
def test_the_usual_way_scores_a_drop_and_a_lean(postures: list[tuple[float, float, float]], score: float) -> None:
    seen = deque(Posture(number / 10, top, height, lean) for number, (top, height, lean) in enumerate(postures))
    assert fallen(seen) == pytest.approx(score)
