"""How the eyes are measured: the figures themselves, and that the product's own clips come out right."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from agent.vision.evaluate import Label, Result, main, measure, read_labels, report, table
from agent.vision.statistics import area_under_curve, wilson

CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
_ROWS = (("empty", "daily", ""), ("sit_and_bend", "daily", ""), ("fall", "fall", "7.0"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo clips with a labels.csv, as one camera."""
    made = tmp_path_factory.mktemp("clips")
    with (made / "labels.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["clip", "kind", "fall_start_s", "group", "camera"])
        for name, kind, start in _ROWS:
            writer.writerow([f"{name}.mp4", kind, start, "office", "wall"])
            shutil.copy(CLIPS / f"{name}.mp4", made)
    return made


@pytest.mark.parametrize("cold", [False, True])
def test_the_demo_clips_come_out_right(folder: Path, cold: bool) -> None:
    results = {result.label.clip: result for result in measure(folder, cold)}
    assert all(result.right for result in results.values())
    delay = results["fall.mp4"].delay_s
    assert delay is not None
    assert 0.5 <= delay <= 2.5
    assert results["fall.mp4"].score > max(results["empty.mp4"].score, results["sit_and_bend.mp4"].score)


def test_the_table_and_the_json_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--json", "--only", "fall"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["protocol"] == "learned"
    assert [(row["kind"], row["count"], row["clips"]) for row in figures["groups"]] == [("falls found", 1, 1)]
    assert figures["results"][0]["right"] is True
    assert main([str(folder), "--only", "fall", "--clips"]) == 0
    text = capsys.readouterr().out
    assert "fall.mp4" in text
    assert "1/1" in text


def test_a_folder_without_labels_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "it must hold labels.csv" in capsys.readouterr().err


def test_a_clip_that_is_no_video_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "labels.csv").write_text("clip,kind,fall_start_s,group,camera\nx.mp4,fall,,g,c\n", encoding="utf-8")
    (tmp_path / "x.mp4").write_bytes(b"not a video" * 50)
    assert main([str(tmp_path)]) == 2
    assert "x.mp4: not a video" in capsys.readouterr().err


def _result(fell: bool, score: float, *falls_at: float, start: float | None = 2.0) -> Result:
    return Result(Label("c", fell, start if fell else None, "office", "w"), score, falls_at, 1.0)


@pytest.mark.parametrize(
    ("result", "right"),
    [
        (_result(True, 0.9, 3.0), True),
        (_result(True, 0.9, 1.6), True),
        (_result(True, 0.9, 1.4), False),
        (_result(True, 0.9, 6.1), False),
        (_result(True, 0.9, 0.5, 3.0), True),
        (_result(True, 0.9, 99.0, start=None), True),
        (_result(True, 0.1), False),
        (_result(False, 0.1), True),
        (_result(False, 0.9, 1.0), False),
    ],
)
def test_a_fall_counts_from_half_a_second_before_to_four_after(result: Result, right: bool) -> None:
    assert result.right is right


def test_a_report_counts_found_and_false() -> None:
    results = [_result(True, 0.9, 3.0), _result(True, 0.2), _result(False, 0.8, 1.0), _result(False, 0.1)]
    figures = report(results, cold=True, threshold=0.5)
    assert [(row.kind, row.count, row.clips) for row in figures.groups] == [("falls found", 1, 2), ("false", 1, 2)]
    assert figures.auc["office"][0] == pytest.approx(0.75)
    assert figures.delay_median_s == pytest.approx(1.0)
    assert "1/2" in table(figures)


def test_wilson_is_the_textbook_interval() -> None:
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert wilson(0, 30) == pytest.approx((0.0, 0.1135), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_area_counts_ties_half() -> None:
    assert area_under_curve([1.0, 2.0], [1.0, 0.0])[0] == pytest.approx(0.875)
    value, low, high = area_under_curve([0.9, 0.8, 0.7, 0.2], [0.6, 0.5, 0.1, 0.3])
    assert low <= value <= high


def test_labels_are_read_as_they_are(folder: Path) -> None:
    assert read_labels(folder)[2] == Label("fall.mp4", True, 7.0, "office", "wall")
