"""Corridor lamps behind a relay board, driven by the real sounder process over a serial line."""

from pathlib import Path
from typing import Any

import pytest

from agent.annunciators.settings import AnnunciatorSettings, RelaySettings
from tests.annunciators.bench import running
from tests.annunciators.test_board import alarm
from tests.simulator.relay_board import RelayBoard
from tests.waiting import until


def lamps(folder: Path, **settings: Any) -> AnnunciatorSettings:  # noqa: ANN401 - any setting
    row = {"name": "lamps", "port": str(folder / "relays"), "rooms": {"205": 0, "206": 3}, "red": 7, **settings}
    return AnnunciatorSettings(relay=(RelaySettings(**row),))


def in_room(room: str, priority: str = "high", sounding: bool = True) -> dict[str, Any]:
    return {**alarm(room, priority, sounding), "subject": {"kind": "room", "id": room, "room": room}}


@pytest.mark.parametrize("one_by_one", [False, True])
async def test_the_lamp_of_the_room_flashes_until_somebody_has_answered(run_folder: Path, one_by_one: bool) -> None:
    with RelayBoard(run_folder / "relays", knows=(5,) if one_by_one else (15,)) as board:
        board.pieces = 3
        async with running(run_folder, lamps(run_folder, one_by_one=one_by_one)) as bench:
            await until(lambda: bench.states() == {"lamps": "ok"}, "the board answers")
            bench.client.show([in_room("206")])
            await until(lambda: len(board.switched(3)) >= 4, "it flashes")
            bench.client.show([in_room("206", sounding=False)])
            await until(lambda: board.coils[3] and board.quiet_s(3) > 0.6, "steady")
            bench.client.show([])
            await until(lambda: not board.coils[3], "dark")
            assert board.switched(0) == []
            assert board.switched(7), "the red lamp of the tower light behind the same board"
            assert not bench.of("sounded"), "lamps are no sound"


async def test_a_dead_board_is_told_and_taken_up_again(run_folder: Path) -> None:
    with RelayBoard(run_folder / "relays") as board:
        async with running(run_folder, lamps(run_folder)) as bench:
            await until(lambda: bench.states() == {"lamps": "ok"}, "the board answers")
            board.wrong_crc = True
            await until(lambda: bench.states() == {"lamps": "fault"}, "its answers are damaged")
            board.wrong_crc = False
            await until(lambda: bench.states() == {"lamps": "ok"}, "it answers again")
            board.tty.unplug()
            await until(lambda: bench.states() == {"lamps": "fault"}, "unplugged")
            assert "plug" in bench.of("status")[-1]["annunciators"]["lamps"]["detail"]
            board.tty.plug()
            await until(lambda: bench.states() == {"lamps": "ok"}, "plugged in again")


async def test_a_board_that_is_too_small_is_told(run_folder: Path) -> None:
    with RelayBoard(run_folder / "relays", coils=4):
        async with running(run_folder, lamps(run_folder)) as bench:
            await until(lambda: bench.states() == {"lamps": "fault"}, "refused")
            assert "no such coil" in bench.of("status")[-1]["annunciators"]["lamps"]["detail"]


@pytest.mark.parametrize("one_by_one", [False, True])
async def test_all_lamps_are_dark_in_the_end(run_folder: Path, one_by_one: bool) -> None:
    with RelayBoard(run_folder / "relays") as board:
        async with running(run_folder, lamps(run_folder, one_by_one=one_by_one)) as bench:
            bench.client.show([in_room("205", "low")])
            await until(lambda: board.coils[0], "lit")
        await until(lambda: not any(board.coils), "dark")


@pytest.mark.parametrize("one_by_one", [False, True])
async def test_a_lamp_that_was_lit_and_not_answered_for_is_dark_in_the_end(run_folder: Path, one_by_one: bool) -> None:
    with RelayBoard(run_folder / "relays") as board:
        async with running(run_folder, lamps(run_folder, one_by_one=one_by_one)) as bench:
            await until(lambda: bench.states() == {"lamps": "ok"}, "the board answers")
            board.mute = True
            bench.client.show([in_room("205", "low")])
            await until(lambda: board.coils[0], "lit")
        await until(lambda: not any(board.coils), "dark")


async def test_a_lamp_whose_answer_was_lost_is_asked_again(run_folder: Path) -> None:
    with RelayBoard(run_folder / "relays") as board:
        async with running(run_folder, lamps(run_folder, one_by_one=True)) as bench:
            await until(lambda: bench.states() == {"lamps": "ok"}, "the board answers")
            board.mute = True
            bench.client.show([in_room("205", "low")])
            await until(lambda: board.coils[0], "lit")
            bench.client.show([])
            board.mute = False
            await until(lambda: not board.coils[0], "dark")
