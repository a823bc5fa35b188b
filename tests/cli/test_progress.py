"""Whoever waits hears how far it is, and not at each step."""

import math

import pytest

from agent.cli import progress


def test_a_line_is_told_when_it_is_time_and_words_are_made_only_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "C")
    made: list[str] = []

    def words() -> str:
        made.append("1 of 9")
        return made[-1]

    waits = progress.Progress()
    monkeypatch.setattr(progress, "PROGRESS_S", math.inf)
    waits.tell(words)
    assert (made, capsys.readouterr().err) == ([], "")
    monkeypatch.setattr(progress, "PROGRESS_S", 0.0)
    waits.tell(words)
    assert (made, capsys.readouterr().err) == (["1 of 9"], "nightlamp: 1 of 9\n")
    monkeypatch.setattr(progress, "PROGRESS_S", 100.0)
    waits.tell(words)
    assert len(made) == 1
    assert 0.0 <= waits.waited_s < 100.0
