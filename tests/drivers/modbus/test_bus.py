"""A bus over a real tty, with the real pymodbus: polls, faults, silence, unplugging."""

import asyncio
import time
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.base import LinkState
from drivers.modbus import bus as bus_module
from drivers.modbus.bus import ModbusBus, build
from drivers.modbus.profile import Point, Profile, read_profiles
from drivers.modbus.settings import ModbusBusSettings, ModbusDeviceSettings
from drivers.reading import Quality
from tests.drivers.heard import Heard, running
from tests.simulator.modbus_board import Faults, InputBoard, ModbusLine, Registers, Slave, XyMd02
from tests.waiting import until

Device = ModbusDeviceSettings
CONNECTED, SILENT, FAULT = LinkState.CONNECTED, LinkState.SILENT, LinkState.FAULT

PROFILES, _ = read_profiles([Path(__file__).parents[3] / "config/profiles"])
FAST = {
    **PROFILES,
    "di8": Profile("fast board", (Point(2, 0, "bit", 0.2, channels=8),)),
    "xy-md02": Profile(
        "fast climate",
        (
            Point(4, 1, "int16", 0.2, "air_temperature", scale=0.1),
            Point(4, 2, "uint16", 0.2, "humidity", scale=0.1),
        ),
    ),
}
SMOKE, GAS, ROOM = "smoke-201", "gas-kitchen", "room-201"
CONTACTS = (Device(SMOKE, 1, "di8", 0, "smoke"), Device(GAS, 1, "di8", 7, "gas", invert=True))
CLIMATE = Device(ROOM, 2, "xy-md02")


def driver(
    line: ModbusLine, heard: Heard, *devices: Device, profiles: dict[str, Profile] = FAST, timeout_s: float = 0.1
) -> ModbusBus:
    settings = ModbusBusSettings(
        str(line.tty.path), device=devices, timeout_s=timeout_s, gap_s=0.005, silent_retry_s=0.3
    )
    return build(settings, profiles, heard, time.monotonic)


def line_of(folder: Path, *slaves: Slave) -> ModbusLine:
    return ModbusLine(folder / "tty", *slaves)


async def test_contacts_and_climate_on_one_bus(run_folder: Path) -> None:
    heard, board, climate = Heard(), InputBoard(1), XyMd02(2, 30.5, 54.6)
    board.set_contact(7, True)
    async with line_of(run_folder, board, climate) as line, running(driver(line, heard, *CONTACTS, CLIMATE)):
        await until(lambda: heard.readings(ROOM, "humidity"))
        assert heard.links(SMOKE) == heard.links(ROOM) == [LinkState.SEARCHING, CONNECTED]
        assert heard.values(SMOKE) == heard.values(GAS) == [False]  # the gas contact is closed while all is well
        assert heard.readings(ROOM, "air_temperature")[0].value == 30.5
        assert heard.readings(ROOM, "humidity")[0].value == 54.6
        board.set_contact(0, True)
        board.set_contact(7, False)
        await until(lambda: heard.values(SMOKE)[-1] is True and heard.values(GAS)[-1] is True)
        await until(lambda: len(heard.readings(ROOM, "humidity")) > 3)  # numbers with each poll
        assert heard.values(SMOKE) == [False, True]  # states when they change


async def test_a_contact_that_closed_before_we_came_is_told_with_the_first_poll(run_folder: Path) -> None:
    heard, told = Heard(), list[tuple[int, bool, float]]()
    board = InputBoard(1, on_told=lambda *what: told.append(what))
    board.set_contact(0, True)
    async with line_of(run_folder, board) as line, running(driver(line, heard, *CONTACTS)):
        await until(lambda: heard.readings(SMOKE))
        assert len(line.asked[1]) == 1
    (reading,) = heard.readings(SMOKE)
    assert reading.value is True
    channel, closed, at = told[0]
    assert (channel, closed) == (0, True)
    assert 0 <= reading.at - at < 0.5


async def test_states_are_repeated(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bus_module.REPEAT_S + 1.0 < 15  # a life-safety device that says nothing for 15 s is missed
    monkeypatch.setattr(bus_module, "REPEAT_S", 0.3)
    heard = Heard()
    async with line_of(run_folder, InputBoard(1)) as line, running(driver(line, heard, *CONTACTS)):
        await until(lambda: len(heard.readings(SMOKE)) >= 3)
        assert all(b.at - a.at >= 0.3 for a, b in pairwise(heard.readings(SMOKE)))


async def test_a_dead_unit_is_silent_and_the_living_one_keeps_its_period(run_folder: Path) -> None:
    heard, board, climate = Heard(), InputBoard(1), XyMd02(2)
    profiles = {**FAST, "di8": Profile("board", (Point(2, 0, "bit", 0.25, channels=8),))}
    async with line_of(run_folder, board, climate) as line:
        line.die(2)
        async with running(driver(line, heard, *CONTACTS, CLIMATE, profiles=profiles)):
            await until(lambda: heard.state(ROOM) is SILENT)
            assert "unit 2 does not answer" in heard.why(ROOM)
            assert heard.links(SMOKE) == [LinkState.SEARCHING, CONNECTED]
            line.asked.clear()
            await until(lambda: len(line.asked.get(1, ())) >= 13)
            late = sorted(b - a for a, b in pairwise(line.asked[1]))
            assert late[len(late) // 2] < 0.28
            assert sum(gap > 0.25 + 0.09 for gap in late) <= 2  # a busy machine may stumble
            assert 2 <= len(line.asked[2]) <= 12
            line.come_back(2)
            await until(lambda: heard.state(ROOM) is CONNECTED)
            await until(lambda: heard.readings(ROOM, "humidity"))


async def test_a_contact_that_closes_while_its_board_is_silent_is_told_when_it_returns(run_folder: Path) -> None:
    heard, board = Heard(), InputBoard(1)
    async with line_of(run_folder, board) as line, running(driver(line, heard, *CONTACTS)):
        await until(lambda: heard.state(SMOKE) is CONNECTED)
        line.die(1)
        await until(lambda: heard.state(SMOKE) is heard.state(GAS) is SILENT)
        board.set_contact(0, True)
        heard.forget()
        line.come_back(1)
        await until(lambda: heard.state(SMOKE) is CONNECTED)
        assert heard.values(SMOKE)[0] is True
        assert heard.values(GAS)[0] is True  # unchanged, but told anew


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Faults(wrong_crc=True), "does not answer"),
        (Faults(half=True), "does not answer"),
        (Faults(exception=2), "illegal data address: the profile does not fit this device (exception 2)"),
        (Faults(exception=99), "unknown exception (exception 99)"),
    ],
)
async def test_faulty_answers_are_silence_with_a_reason_and_never_a_value(
    run_folder: Path, fault: Faults, words: str
) -> None:
    heard, board, climate = Heard(), InputBoard(1), XyMd02(2)
    async with line_of(run_folder, board, climate) as line:
        line.faults[2] = fault
        async with running(driver(line, heard, *CONTACTS, CLIMATE)):
            await until(lambda: heard.state(ROOM) is SILENT)
            assert words in heard.why(ROOM)
            assert not heard.readings(ROOM)
            assert heard.state(SMOKE) is CONNECTED
            line.come_back(2)
            await until(lambda: heard.readings(ROOM, "humidity"))


async def test_echo_and_answers_in_pieces_are_taken(run_folder: Path) -> None:
    heard, climate = Heard(), XyMd02(2)
    async with line_of(run_folder, climate) as line:
        line.echo = True
        line.faults[2].pieces = 5
        async with running(driver(line, heard, CLIMATE)):
            await until(lambda: len(heard.readings(ROOM, "humidity")) >= 3)
            assert SILENT not in heard.links(ROOM)


async def test_noise_on_the_line_brings_no_wrong_value(run_folder: Path) -> None:
    heard, board, climate = Heard(), InputBoard(1), XyMd02(2, 21.0, 40.0)
    async with line_of(run_folder, board, climate) as line, running(driver(line, heard, *CONTACTS, CLIMATE)):
        line.tty.noise(for_s=3, rate_bytes_s=900)
        await until(lambda: len(line.asked.get(2, ())) > 8)
        assert heard.links(SMOKE) == heard.links(ROOM) == [LinkState.SEARCHING, CONNECTED]  # noise is no alarm
        line.tty.corrupt(every=23)
        await until(lambda: len(line.asked[2]) > 14)
        line.tty.quiet()
        line.tty.corrupt(0)
        await until(lambda: heard.state(SMOKE) is heard.state(ROOM) is CONNECTED)
        await until(lambda: heard.readings(ROOM, "humidity"))
        assert set(heard.values(ROOM, "air_temperature")) == {21.0}
        assert set(heard.values(ROOM, "humidity")) == {40.0}
        assert set(heard.values(SMOKE)) == {False}
        assert set(heard.values(GAS)) == {True}


@pytest.mark.parametrize("late_s", [0.12, 0.4])
async def test_a_late_answer_is_never_taken_for_another_question(
    run_folder: Path, late_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two registers whose answers look alike, and a device that answers after the time-out."""
    monkeypatch.setattr("drivers.modbus.schedule.LATE_S", 0.7)
    profiles = {
        "two": Profile(
            "two", (Point(4, 0, "uint16", 0.2, "illuminance"), Point(4, 50, "int16", 0.2, "air_temperature"))
        )
    }
    heard, slave = Heard(), Registers(3, {0: 60, 50: 21})
    async with line_of(run_folder, slave) as line:
        async with running(driver(line, heard, Device("x", 3, "two"), profiles=profiles)):
            await until(lambda: len(heard.readings("x")) >= 4)
            line.faults[3].late_s = late_s
            asked = len(line.asked[3])
            await until(lambda: len(line.asked[3]) >= asked + 3)
            line.faults[3].late_s = 0.0
            before = {q: len(heard.readings("x", q)) for q in ("illuminance", "air_temperature")}
            await until(lambda: all(len(heard.readings("x", q)) >= n + 3 for q, n in before.items()))
        assert set(heard.values("x", "illuminance")) == {60.0}
        assert set(heard.values("x", "air_temperature")) == {21.0}


async def test_a_late_answer_is_at_worst_as_old_as_it_was_late(run_folder: Path) -> None:
    heard, board = Heard(), InputBoard(1)
    async with line_of(run_folder, board) as line, running(driver(line, heard, *CONTACTS)):
        await until(lambda: heard.state(SMOKE) is CONNECTED)
        line.faults[1].late_s = 0.15  # the time-out is 0.1 s
        asked = len(line.asked[1])
        await until(lambda: len(line.asked[1]) > asked + 2)
        closed_at = time.monotonic()
        board.set_contact(0, True)
        await until(lambda: True in heard.values(SMOKE))
        assert heard.readings(SMOKE)[-1].at - closed_at < 1.0
        line.faults[1].late_s = 0.0
        board.set_contact(0, False)
        await until(lambda: heard.values(SMOKE)[-1] is False)


async def test_a_hung_adapter_that_lets_go_brings_the_newest_value(run_folder: Path) -> None:
    heard, board = Heard(), InputBoard(1)
    async with line_of(run_folder, board) as line, running(driver(line, heard, *CONTACTS)):
        await until(lambda: heard.state(SMOKE) is CONNECTED)
        line.tty.stall()
        await until(lambda: heard.state(SMOKE) is SILENT)
        board.set_contact(0, True)
        heard.forget()
        line.tty.resume()
        await until(lambda: True in heard.values(SMOKE))
        assert heard.readings(SMOKE)[-1].value is True


async def test_unplugged_is_a_fault_of_all_and_plugged_in_again_works(run_folder: Path) -> None:
    heard, board, climate = Heard(), InputBoard(1), XyMd02(2)
    async with line_of(run_folder, board, climate) as line, running(driver(line, heard, *CONTACTS, CLIMATE)):
        await until(lambda: heard.state(SMOKE) is heard.state(ROOM) is CONNECTED)
        pulled_at = time.monotonic()
        line.tty.unplug()
        await until(lambda: heard.state(SMOKE) is heard.state(GAS) is heard.state(ROOM) is FAULT)
        assert time.monotonic() - pulled_at < 0.5
        await until(lambda: "no such port; plug the device in" in heard.why(SMOKE))
        board.set_contact(0, True)
        heard.forget()
        line.tty.plug()
        await until(lambda: heard.state(SMOKE) is heard.state(ROOM) is CONNECTED)
        assert heard.values(SMOKE) == [True]


async def test_garbage_only_is_silence(run_folder: Path) -> None:
    heard = Heard()
    async with line_of(run_folder) as line, running(driver(line, heard, *CONTACTS)):
        line.tty.noise(for_s=10, rate_bytes_s=3000)
        await until(lambda: heard.state(SMOKE) is SILENT)
        assert not heard.readings(SMOKE)


async def test_a_value_no_working_sensor_can_mean_is_bad(run_folder: Path) -> None:
    heard, climate = Heard(), XyMd02(2)
    climate.values[1] = 0x8000
    async with line_of(run_folder, climate) as line, running(driver(line, heard, CLIMATE)):
        await until(lambda: heard.readings(ROOM, "humidity"))
        assert heard.readings(ROOM, "air_temperature")[0].quality is Quality.BAD
        assert heard.readings(ROOM, "humidity")[0].quality is Quality.GOOD


async def test_cancelled_at_any_moment_it_leaves_nothing_open(run_folder: Path) -> None:
    async with line_of(run_folder, InputBoard(1)) as line:
        for turns in range(20):
            task = asyncio.ensure_future(driver(line, Heard(), *CONTACTS).run())
            for _ in range(turns):
                await asyncio.sleep(0.0007)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        heard = Heard()
        async with running(driver(line, heard, *CONTACTS)):
            await until(lambda: heard.state(SMOKE) is CONNECTED)
