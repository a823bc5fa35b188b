"""The form that all benchmarks share, on sizes too small to mean anything: nothing here asserts a time."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import footprint, store
from tests.benchmarks.figures import judge, quantile
from tests.benchmarks.goals import GOALS, Goal, goals_of

GOAL = Goal("b", "speed", "1/s", 5, "as fast as that", at_least=10)


def test_a_goal_holds_at_its_bound_and_not_beyond() -> None:
    between = Goal("b", "m", "ms", 2, "between", at_most=3, at_least=1)
    assert [between.holds(value) for value in (0.9, 1, 2, 3, 3.1)] == [False, True, True, True, False]
    assert (between.text, GOAL.text) == ("<= 3 and >= 1 (issue 2)", ">= 10 (issue 5)")
    assert Goal("b", "m", "ms", 2, "only shown").text == "shown (issue 2)"


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"speed": 11.0}, {"speed": True}),
        ({"speed": 9.0}, {"speed": False}),
        ({}, {"speed": False}),  # not measured
        ({"speed": math.nan}, {"speed": False}),
        ({"speed": 11.0, "size": 1.0}, {"speed": True, "size": False}),  # no goal row
    ],
)
def test_what_has_no_goal_and_what_was_not_measured_fails(values: dict[str, float], held: dict[str, bool]) -> None:
    figures = judge(values, {"speed": GOAL})
    assert {figure.metric: figure.holds for figure in figures} == held
    json.dumps([figure.value for figure in figures], allow_nan=False)


def test_quantiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert [quantile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
    assert math.isnan(quantile([], 0.5))


def test_every_goal_belongs_to_a_benchmark_and_stands_once() -> None:
    assert {goal.bench for goal in GOALS} == set(command.BENCHES)
    assert len({(goal.bench, goal.metric) for goal in GOALS}) == len(GOALS)
    assert all(goal.quote and goal.unit for goal in GOALS)


def test_list_names_every_benchmark_with_its_goals(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    for name, bench in command.BENCHES.items():
        assert f"{name} {bench.summary}" in words


def run(arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The JSON of one run, checked for its form; its exit status agrees with it."""
    status = command.main([*arguments, "--json", "--folder", str(folder)])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {"bench", "figures", "peers", "machine"} <= set(report)
    for figure in report["figures"]:
        assert set(figure) == {"metric", "value", "unit", "goal", "holds"}
    assert [figure["metric"] for figure in report["figures"]] == list(goals_of(report["bench"]))
    assert status == (0 if all(figure["holds"] for figure in report["figures"]) else 1)
    assert not list(folder.iterdir()), "nothing is left on the disk"
    return report


def values_of(report: dict[str, Any]) -> dict[str, float | None]:
    return {figure["metric"]: figure["value"] for figure in report["figures"]}


def test_store_measures_all_that_it_has_goals_for(
    run_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WARM_UP", 2)
    monkeypatch.setattr(store, "REST_S", 0.0)
    report = run(["store", "--alarms", "4", "--messages", "300", "--peers"], run_folder, capsys)
    assert report["peers"] == []
    assert None not in values_of(report).values()


def test_footprint_measures_all_that_it_has_goals_for(
    run_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footprint, "SETTLE_S", 0.0)
    values = values_of(run(["footprint", "--starts", "1", "--seconds", "0.5"], run_folder, capsys))
    assert None not in values.values()
    assert 5 < (values["sounder RSS"] or 0) < (values["core RSS"] or 0)


def test_falls_says_where_it_looked_for_clips(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["falls", "--clips", str(run_folder), "--folder", str(run_folder)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert str(run_folder) in told.err
    assert "--clips" in told.err


def test_falls_measures_the_clips_that_it_is_given(
    shared: Path, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = shared / "data" / "falls"
    report = run(["falls", "--clips", str(clips), "--only", "home-s3-fall-1"], run_folder, capsys)
    values = values_of(report)
    assert values["learned, falls found, home"] == values["learned, falls found, home-s3"]
    assert values["learned, falls found, office"] is None


@pytest.mark.slow
def test_latency_measures_all_that_it_has_goals_for(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(["latency", "--presses", "60", "--rate", "3", "--backlog", "2000"], run_folder, capsys)
    values = values_of(report)
    assert (values["presses"], values["presses lost"], values["presses double"]) == (60, 0, 0)
    assert (values["cameras playing"], values["panels open"]) == (4, 2)
    assert (values["presses, network cut"] or 0) >= 29
    assert (values["readings of the bursts that the store knows"] or 0) > 90
    assert "1 stalls of 2 s" in " ".join(report["notes"])
