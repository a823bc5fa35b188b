"""The figures of the benchmark `cameras` are those of its goals."""

from pathlib import Path

from tests.benchmarks.camera_faults import figures
from tests.benchmarks.figures import judge
from tests.benchmarks.goals import goals_of
from tests.vision.fault_rounds import FaultRounds, Held


def test_a_run_gives_each_figure_that_has_a_goal(tmp_path: Path) -> None:
    rounds = FaultRounds(tmp_path, [])
    record = rounds.record
    record.again = [0.5] * 990
    record.lost, record.back = {"gone": [10.0, 15.0] * 5}, {"gone": [4.0, 9.9] * 5}
    record.held = [Held(90.0, 2, 2), Held(130.0, 12, 7), Held(150.0, 12, 7), Held(131.5, 16, 7)]
    values = figures(rounds)
    judged = judge(values, goals_of("cameras"))
    assert all(figure.holds for figure in judged)
    assert (values["RSS more than at first"], values["open files more than at first"]) == (1.5, 4)
    assert (values["lost, slowest"], values["back, p50"], values["faults"]) == (15.0, 4.0, 1000)
    record.lost["gone"].append(15.1)
    late = {figure.metric for figure in judge(figures(rounds), goals_of("cameras")) if not figure.holds}
    assert late == {"lost, slowest"}
