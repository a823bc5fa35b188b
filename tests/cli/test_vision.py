"""`nightlamp vision` as people and programs meet it."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.greedy import spread
from agent.cli.main import COMMANDS
from agent.vision.clip import Clip
from tests.cli.test_commands import nightlamp
from tests.vision.clips import write_clip, write_frames

CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
FALL, EMPTY, DAILY = (str(CLIPS / f"{name}.mp4") for name in ("fall", "empty", "sit_and_bend"))
VALUED = frozenset({"--view", "--processes"})


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("clip", "clip"),
        ("clip --json", "clip --json"),
        ("clip --learn a", "--learn a clip"),
        ("clip --learn a b c --json", "--learn a --learn b --learn c clip --json"),
        ("clip --learn a --json --learn b", "--learn a --learn b clip --json"),
        ("clip --learn=a --learn b", "--learn a --learn b clip"),
        ("--learn a --json clip", "--learn a --json clip"),
        ("--learn a b clip", "--learn a --learn b clip"),
        ("--learn a --learn b clip", "--learn a --learn b clip"),
        ("--learn a b clip --view wall", "--learn a --learn b clip --view wall"),
        ("--view wall clip --learn a b", "--learn a --learn b --view wall clip"),
        ("--learn a b --view wall clip", "--learn a --learn b --view wall clip"),
        ("--view=wall --learn a clip", "--learn a clip --view=wall"),
        ("--processes -1 --learn a clip", "--learn a clip --processes -1"),
        ("--learn a", "--learn a"),  # no clip is left: that is said
        ("--learn", ""),
        ("--learn a -- b", "--learn a -- b"),
        ("--learn a b --", "--learn a b --"),
    ],
)
def test_learn_takes_all_names_up_to_the_next_option(given: str, understood: str) -> None:
    assert spread(given.split(), VALUED) == understood.split()


def test_for_a_program_lines_of_events_then_the_summary() -> None:
    told = nightlamp("vision", FALL, "--learn", EMPTY, DAILY, "--json")
    assert told.returncode == 0
    *events, last = [json.loads(line) for line in told.stdout.splitlines()]
    falls = [event for event in events if event["event"] == "fall"]
    assert len(falls) == 1
    assert set(falls[0]) == {"t_s", "event", "score", "reasons", "track"}
    assert 7.5 <= falls[0]["t_s"] <= 9.5
    assert falls[0]["reasons"][0].startswith("silhouette_fell")
    assert set(last) == {"summary"}
    assert set(last["summary"]) == {"frames", "fps", "max_fall_score", "ms_per_frame_p50", "state"}
    assert last["summary"]["max_fall_score"] >= falls[0]["score"]
    assert last["summary"]["state"] == "ready"


@pytest.mark.parametrize(("language", "words"), [("C.UTF-8", "highest fall score"), ("zh_CN.UTF-8", "跌倒最高得分")])
def test_for_people_in_their_language(language: str, words: str) -> None:
    told = nightlamp("vision", FALL, language=language)
    assert told.returncode == 0
    *events, last = told.stdout.splitlines()
    assert words in last
    assert any(" fall " in event for event in events)


@pytest.mark.parametrize(("language", "cure"), [("C.UTF-8", "check the name"), ("zh_CN.UTF-8", "请检查文件名")])
@pytest.mark.parametrize("arguments", [("none.mp4",), (FALL, "--learn", EMPTY, "none.mp4")])
def test_a_missing_clip_is_named_with_its_cure(arguments: tuple[str, ...], language: str, cure: str) -> None:
    told = nightlamp("vision", *arguments, "--json", language=language)
    assert (told.returncode, told.stdout) == (2, "")
    assert "none.mp4" in told.stderr
    assert cure in told.stderr
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [(), (FALL, "--evaluate", "x.csv"), ("--evaluate", "x.csv", "--learn", EMPTY)])
def test_it_says_what_it_needs(arguments: tuple[str, ...]) -> None:
    told = nightlamp("vision", *arguments)
    assert told.returncode == 2
    assert "name one video file" in told.stderr


def test_the_table_for_people_and_for_programs(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("clip,kind,fall_start_s,group,camera\nfall.mp4,fall,4.0,ward,w\n", encoding="utf-8")
    pictures = [shot.picture for shot in Clip(Path(FALL)).shots() if 3.0 <= shot.at < 10.0]  # shorter, so quicker
    write_frames(tmp_path / "fall.mp4", pictures, 10.0)
    sheet, scores = tmp_path / "sheet.png", tmp_path / "scores.csv"
    told = nightlamp("vision", "--evaluate", str(labels), "--sheet", str(sheet), "--scores", str(scores), "--clips")
    assert told.returncode == 0
    assert told.stdout.startswith("fall.mp4")
    assert "ward                     falls found      1/1   0.21..1.00" in told.stdout
    assert "not written" in told.stderr
    assert not sheet.exists()
    told = nightlamp("vision", "--evaluate", str(labels), "--cold", "--json", "--beside", str(scores))
    figures = json.loads(told.stdout)
    assert (figures["protocol"], figures["groups"][0]["count"]) == ("cold", 1)
    assert [one["figure"] for one in figures["beside"]] == ["found, ward"]


@pytest.mark.parametrize(("language", "cure"), [("C.UTF-8", "docs/vision.md"), ("zh_CN.UTF-8", "格式见")])
def test_a_mistake_in_the_table_is_named(tmp_path: Path, language: str, cure: str) -> None:
    (tmp_path / "labels.csv").write_text("clip,kind\na,fall\n", encoding="utf-8")
    told = nightlamp("vision", "--evaluate", str(tmp_path / "labels.csv"), language=language)
    assert (told.returncode, told.stdout) == (2, "")
    assert "labels.csv" in told.stderr
    assert cure in told.stderr


def test_a_view_is_one_of_the_table(tmp_path: Path) -> None:
    short = str(write_clip(tmp_path / "a.mp4", 0.5))
    assert nightlamp("vision", short, "--view", "ceiling", "--json").returncode == 0
    told = nightlamp("vision", FALL, "--view", "cellar")
    assert told.returncode == 2
    assert "ceiling" in told.stderr


def test_a_clip_of_another_view_is_refused_and_the_run_goes_on(tmp_path: Path) -> None:
    upright = write_clip(tmp_path / "other.mp4", 0.5, size=(120, 160))
    told = nightlamp("vision", FALL, "--learn", EMPTY, str(upright), "--json")
    assert told.returncode == 0
    assert "other.mp4" in told.stderr
    assert "120×160" in told.stderr
    assert json.loads(told.stdout.splitlines()[-1])["summary"]["state"] == "ready"


def test_it_gives_no_picture_away(tmp_path: Path) -> None:
    """No core dump, no debugger, no telemetry's device id in the home folder, nothing written beside the clip."""
    clip = write_clip(tmp_path / "a.mp4", 0.5)
    script = (
        "import os, resource, sys; sys.argv = ['nightlamp', 'vision', sys.argv[1]]\n"
        "from agent.cli.main import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "import ctypes; print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))"
    )
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(clip)],
        capture_output=True, text=True, env={**os.environ, "HOME": str(home)}, timeout=60, check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (1, 1)),
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "(0, 0) 0"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.mp4", "home"]


def test_the_command_stands_in_the_table() -> None:
    assert "vision" in COMMANDS
