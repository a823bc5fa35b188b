"""What buzzer and lamps do for a set of alarms."""

from typing import Any

import pytest

from agent.annunciators.board import CORE_SILENT_S, Board
from agent.annunciators.scene import BUZZER, HEARTBEAT, RED, YELLOW
from agent.annunciators.settings import AnnunciatorSettings


def alarm(
    id_: str, priority: str = "high", sounding: bool = True, alarm_class: str = "physiological"
) -> dict[str, Any]:
    return {"id": id_, "priority": priority, "sounding": sounding, "alarm_class": alarm_class}


def edges(board: Board, line: str, start: float, seconds: float, night: bool = False) -> list[tuple[float, bool]]:
    """Changes of `line`, found by following `until`."""
    found, now, was = [], start, False
    while now < start + seconds:
        scene = board.scene(now, night)
        if scene.on[line] != was:
            was = scene.on[line]
            found.append((round(now - start, 3), was))
        now = max(scene.until, now + 1e-4)
    return found


def heard(now: float = 0.0) -> Board:
    board = Board(now)
    board.heard_core(now + 1000)  # the core stays alive in these tests
    return board


def test_a_new_alarm_sounds_at_once_and_is_named_once() -> None:
    board = heard()
    assert board.show([alarm("a")], 10.0, False) == ("a",)
    assert board.scene(10.0, False).on[BUZZER]
    assert board.show([alarm("a")], 10.5, False) == ()


def test_a_second_one_in_the_silence_starts_the_burst_anew() -> None:
    board = heard()
    board.show([alarm("a")], 10.0, False)
    assert not board.scene(14.0, False).on[BUZZER]
    assert board.show([alarm("a"), alarm("b")], 14.0, False) == ("b",)
    assert board.scene(14.0, False).on[BUZZER]


def test_a_milder_one_does_not_break_the_graver_burst() -> None:
    board = heard()
    board.show([alarm("a")], 10.0, False)
    before = edges(board, BUZZER, 10.0, 8.0)
    board = heard()
    board.show([alarm("a")], 10.0, False)
    board.show([alarm("a"), alarm("b", "medium")], 10.3, False)
    assert edges(board, BUZZER, 10.0, 8.0) == before


def test_a_graver_one_takes_over_at_once() -> None:
    board = heard()
    board.show([alarm("b", "medium")], 10.0, False)
    board.show([alarm("b", "medium"), alarm("a")], 15.0, False)
    assert board.scene(15.0, False).on[BUZZER]


def test_seen_alarms_are_silent_and_shine() -> None:
    board = heard()
    board.show([alarm("a", sounding=False)], 10.0, False)
    assert not board.sounding
    assert edges(board, BUZZER, 10.0, 30.0) == []
    assert edges(board, RED, 10.0, 2.0)


@pytest.mark.parametrize(
    ("alarms", "urgent"),
    [
        ([], False),
        ([alarm("a", "low")], False),
        ([alarm("a", "medium")], True),
        ([alarm("a")], True),
        ([alarm("a", sounding=False), alarm("b", "low")], False),
    ],
)
def test_what_a_test_has_to_wait_for(alarms: list[dict[str, Any]], urgent: bool) -> None:
    board = heard()
    board.show(alarms, 10.0, False)
    assert board.urgent is urgent


@pytest.mark.parametrize(
    ("priority", "lamp", "low_hz", "high_hz"), [("high", RED, 1.4, 2.8), ("medium", YELLOW, 0.4, 0.8)]
)
def test_lamps_flash_within_the_standard(priority: str, lamp: str, low_hz: float, high_hz: float) -> None:
    board = heard()
    board.show([alarm("a", priority)], 0.0, False)
    changes = edges(board, lamp, 0.0, 60.0)
    hz = sum(on for _, on in changes) / 60
    assert low_hz <= hz <= high_hz


def test_low_shines_steadily_and_is_silent_at_night() -> None:
    board = heard()
    assert board.show([alarm("a", "low")], 10.0, True) == ()
    assert edges(board, BUZZER, 10.0, 30.0, night=True) == []
    assert edges(board, YELLOW, 10.0, 30.0, night=True) == [(0.0, True)]


def test_without_the_core_it_goes_on_and_speaks_for_itself() -> None:
    board = Board(0.0)
    board.show([alarm("a")], 0.0, False)
    assert len(edges(board, BUZZER, 0.0, 300.0)) > 300, "goes on sounding what is open"
    silent = Board(0.0)
    first = edges(silent, BUZZER, 0.0, 20.0, night=True)
    assert first[0] == (CORE_SILENT_S, True), "the technical pattern, at night too"
    silent.heard_core(20.0)
    assert edges(silent, BUZZER, 20.0, 4.9) == []


@pytest.mark.parametrize("alarm_class", ["physiological", "technical"])
def test_a_low_alarm_does_not_keep_it_from_saying_that_the_core_is_gone(alarm_class: str) -> None:
    board = Board(0.0)
    board.show([alarm("a", "low", alarm_class=alarm_class)], 0.0, False)
    rises = [when for when, on in edges(board, BUZZER, 0.0, 200.0) if on]
    assert any(when >= CORE_SILENT_S for when in rises), "two pulses by day, and then never again"
    assert max(rises) > 120.0
    assert board.scene(200.0, False).core_gone
    board.heard_core(200.0)
    assert not board.scene(200.0, False).core_gone


def test_the_heartbeat_lamp_always_beats() -> None:
    assert sum(on for _, on in edges(heard(), HEARTBEAT, 0.0, 10.0)) == 10


@pytest.mark.parametrize(("hour", "night"), [(20, False), (21, True), (0, True), (5, True), (6, False), (12, False)])
def test_night(hour: int, night: bool) -> None:
    assert AnnunciatorSettings().is_night(hour) is night
    assert AnnunciatorSettings(night_from_h=6, night_to_h=21, self_test_at="").is_night(hour) is not night
