"""Commands that need the source checkout say so where there is none."""

import sys
from pathlib import Path

import pytest
import typer

from agent.cli import checkout, demo, simulate


@pytest.mark.parametrize(
    ("command", "what"), [(demo.demo, "virtual ward is part of"), (simulate.simulate, "simulated home is part of")]
)
def test_without_a_checkout_there_is_nothing_to_simulate(
    command: object, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkout, "shipped_config", lambda: tmp_path / "config")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert callable(command)
    with pytest.raises(typer.Exit):
        command()
    assert what in capsys.readouterr().err


def test_in_a_checkout_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    module = checkout.from_checkout("tests.simulator.days.day_file", "not there")
    assert module.__name__ == "tests.simulator.days.day_file"
