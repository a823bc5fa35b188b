"""How the eyes are measured: the protocol, the table, and that the product's own clips come out right."""

import csv
import json
import shutil
from pathlib import Path

import cv2
import pytest

from agent.vision.beside import compare, differences_table
from agent.vision.evaluate import Result, measure, room_of
from agent.vision.figures import clip_lines, pools_of, report, sets_of, table
from agent.vision.file_error import FileError
from agent.vision.labels import Label, Scored
from agent.vision.sheet import PICTURES, moments, write_sheet

CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
_ROWS = (("empty", "daily", ""), ("sit_and_bend", "daily", ""), ("fall", "fall", "7.0"))


def _label(clip: str, fell: bool, group: str = "office", camera: str = "w", start: float | None = None) -> Label:
    return Label(clip, fell, start, group, camera)


def _result(fell: bool, score: float, *falls_at: float, start: float | None = 2.0, name: str = "c") -> Result:
    return Result(_label(name, fell, start=start if fell else None), score, 3.0, falls_at, 1.0)


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo clips with a labels.csv, as one camera."""
    folder = tmp_path_factory.mktemp("clips")
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["clip", "kind", "fall_start_s", "group", "camera"])
        for name, kind, start in _ROWS:
            writer.writerow([f"{name}.mp4", kind, start, "office", "wall"])
            shutil.copy(CLIPS / f"{name}.mp4", folder)
    return folder / "labels.csv"


@pytest.mark.parametrize(("cold", "processes"), [(False, 1), pytest.param(True, 2, marks=pytest.mark.slow)])
def test_the_demo_clips_come_out_right(labels: Path, cold: bool, processes: int) -> None:
    heard: list[tuple[int, int]] = []
    results = {
        one.label.clip: one
        for one in measure(labels, cold, processes=processes, done=lambda *counts: heard.append(counts))
    }
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert all(result.right for result in results.values())
    delay = results["fall.mp4"].delay_s
    assert delay is not None
    assert 0.5 <= delay <= 2.5
    assert results["fall.mp4"].score > max(results["empty.mp4"].score, results["sit_and_bend.mp4"].score)


def test_the_room_is_the_other_clips_of_the_camera_by_name() -> None:
    own = _label("b", True, camera="1")
    others = [own, _label("c", False, camera="1"), _label("a", True, "home", "1"), _label("d", True, camera="2")]
    assert room_of(own, others) == ("a", "c")


def test_a_clip_that_is_no_video_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("clip,kind,fall_start_s,group,camera\nx.mp4,fall,,g,c\n", encoding="utf-8")
    (tmp_path / "x.mp4").write_bytes(b"not a video" * 50)
    with pytest.raises(FileError) as caught:
        measure(path)
    assert (caught.value.path.name, caught.value.code) == ("x.mp4", "no_video")


def test_a_beginning_that_no_clip_has_is_named(labels: Path) -> None:
    with pytest.raises(FileError, match=r"labels\.csv: holds no clip whose name begins with 'kitchen'"):
        measure(labels, only="kitchen")


def test_without_a_found_fall_no_delay_is_told() -> None:
    figures = report([_result(True, 0.2), _result(False, 0.1)], cold=True, threshold=0.5)
    assert "nan" not in table(figures)
    told = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    assert (told["delay_median_s"], told["delay_p90_s"]) == (None, None)


@pytest.mark.parametrize(
    ("result", "right"),
    [
        (_result(True, 0.9, 3.0), True),
        (_result(True, 0.9, 1.5), True),
        (_result(True, 0.9, 1.4), False),
        (_result(True, 0.9, 6.0), True),
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
    assert result.scored.found is (right if result.label.fell else not right)
    assert result.scored.told is bool(result.falls_at)


def test_a_report_counts_found_and_false() -> None:
    results = [_result(True, 0.9, 3.0), _result(True, 0.2), _result(False, 0.8, 1.0), _result(False, 0.1)]
    figures = report(results, cold=True, threshold=0.5)
    assert [(row.kind, row.count, row.clips) for row in figures.groups] == [("falls found", 1, 2), ("false", 1, 2)]
    assert figures.auc["office"][0] == pytest.approx(0.75)
    assert figures.delay_median_s[0] == pytest.approx(1.0)
    text = table(figures)
    assert "cold background" in text
    assert "1/2" in text
    plain = figures.to_json()
    json.dumps(plain, allow_nan=False)
    assert [row["right"] for row in plain["results"]] == [True, False, False, True]
    assert len(clip_lines(results)) == 4


def test_what_was_trained_on_stands_beside_the_rest_of_its_group() -> None:
    labels = [_label("home-s1-a", True, "home"), _label("home-s3-a", True, "home"), _label("b", True)]
    sets = sets_of(labels)
    assert list(sets) == ["home", "home, not trained on", "office"]
    assert [label.clip for label in labels if sets["home"](label)] == ["home-s1-a", "home-s3-a"]
    assert [label.clip for label in labels if sets["home, not trained on"](label)] == ["home-s3-a"]


def test_groups_are_ranked_alone_together_and_against_all() -> None:
    labels = [
        *(_label("a", fell, "office") for fell in (True, False)),
        *(_label("b", fell, "home") for fell in (True, False)),
        _label("c", True, "ceiling"),
        _label("d", False, "public"),
    ]
    pools = pools_of(labels)
    assert list(pools) == ["home", "office", "office + home", "ceiling against all daily", "all"]
    falls, others = pools["office + home"]
    assert [label.group for label in labels if label.fell and falls(label)] == ["office", "home"]
    assert [label.group for label in labels if not label.fell and others(label)] == ["office", "home"]
    falls, others = pools["ceiling against all daily"]
    assert [label.group for label in labels if label.fell and falls(label)] == ["ceiling"]
    assert [label.group for label in labels if not label.fell and others(label)] == ["office", "home", "public"]


def test_two_programs_are_compared_on_the_same_clips(tmp_path: Path) -> None:
    results = [
        _result(True, 0.9, 3.0, name="a"),
        _result(True, 0.8, 3.0, name="b"),
        _result(False, 0.3, name="c"),
        _result(False, 0.2, name="d"),
    ]
    theirs = [
        Scored("d", 0.5, True, True),
        Scored("a", 0.9, True, True),
        Scored("c", 0.1, False, False),
        Scored("b", 0.4, False, True),
    ]
    rows = {one.figure: one for one in compare(results, tmp_path, theirs)}
    assert list(rows) == ["AUC office", "found, office", "false, office", "above, office, at 1/2 false"]
    area = rows["AUC office"]
    assert (area.ours, area.theirs, area.difference) == pytest.approx((1.0, 0.75, 0.25))
    assert area.low <= area.difference <= area.high
    assert (rows["found, office"].ours, rows["found, office"].theirs) == (1.0, 0.5)
    assert (rows["false, office"].ours, rows["false, office"].theirs) == (0.0, 0.5)
    assert (rows["above, office, at 1/2 false"].ours, rows["above, office, at 1/2 false"].theirs) == (1.0, 1.0)
    assert all(name in differences_table(list(rows.values())) for name in rows)
    with pytest.raises(FileError) as caught:
        compare(results, tmp_path, theirs[1:])
    assert caught.value.code == "other_clips"


@pytest.mark.parametrize(
    ("result", "first", "last"),
    [
        (_result(True, 0.2, start=2.0), 1.5, 5.0),  # a missed fall: from just before its start
        (_result(True, 0.2, start=0.2), 0.0, 3.5),
        (_result(False, 0.9, 7.0), 4.6, 7.4),  # a false one: what was seen before it was told
        (_result(True, 0.2, start=None), 0.6, 3.4),  # no start: where the score was highest
    ],
)
def test_the_sheet_looks_round_the_moment(result: Result, first: float, last: float) -> None:
    shown = moments(result)
    assert len(shown) == PICTURES
    assert (shown[0], shown[-1]) == (first, last)


def test_a_sheet_is_written_for_its_owner_alone_and_only_of_what_was_wrong(labels: Path, tmp_path: Path) -> None:
    every = [_label(f"{name}.mp4", kind == "fall", camera="wall", start=7.0) for name, kind, _ in _ROWS]
    right = Result(every[0], 0.0, 0.0, (), 1.0)
    missed = Result(every[2], 0.4, 8.0, (), 1.0)
    path = tmp_path / "sheet.png"
    assert write_sheet(path, labels.parent, [right], every, True, 0.9) == 0
    assert not path.exists()
    assert write_sheet(path, labels.parent, [right, missed], every, True, 0.9) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    picture = cv2.imread(str(path))
    assert picture is not None
    assert picture.shape[1] == PICTURES * 200
    blue, _, red = (picture[26:176, :, band].astype(int) for band in range(3))
    assert ((red - blue) > 40).sum() > 300, "the person is drawn over"
    with pytest.raises(FileError) as caught:
        write_sheet(tmp_path / "none" / "s.png", labels.parent, [missed], every, True, 0.9)
    assert caught.value.code == "not_written"
