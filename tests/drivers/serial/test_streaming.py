"""A radar on a real tty: values, silence, unplugging, noise."""

import asyncio
import itertools
import os
import time
from pathlib import Path

import pytest
import serial

from drivers.base import LinkState
from drivers.reading import Quality
from drivers.serial.line import Line
from drivers.serial.port import Port, lost
from drivers.serial.settings import SerialDeviceSettings
from drivers.serial.streaming import StreamingDevice, build
from tests.drivers.heard import Heard, running
from tests.simulator.radar import Radar
from tests.simulator.tty import Tty
from tests.waiting import until

DEVICE = "radar-201"
CONNECTED, SILENT, FAULT = LinkState.CONNECTED, LinkState.SILENT, LinkState.FAULT


def driver(path: Path, heard: Heard, silent_s: float = 10.0) -> StreamingDevice:
    return build(SerialDeviceSettings(DEVICE, str(path), "r60abd1", silent_s), heard, time.monotonic)


async def test_values_arrive_by_name(run_folder: Path) -> None:
    heard = Heard()
    async with Radar(run_folder / "tty", speed=20) as radar, running(driver(radar.tty.path, heard)):
        await until(lambda: heard.readings(DEVICE, "heart_rate"))
        await until(lambda: heard.readings(DEVICE, "bed_occupied"))
        assert heard.links(DEVICE) == [LinkState.SEARCHING, CONNECTED]
        assert heard.values(DEVICE, "respiratory_rate")[-1] == 14.0
        assert heard.values(DEVICE, "bed_occupied") == [True]  # asked for on opening: it lay there before we came
        told_at = radar.set_in_bed(False)
        await until(lambda: False in heard.values(DEVICE, "bed_occupied"))
        arrived = heard.readings(DEVICE, "bed_occupied")[-1].at
        assert 0 <= arrived - told_at < 0.5
        await until(lambda: any(r.quality is Quality.BAD for r in heard.readings(DEVICE, "heart_rate")))
        assert all(float(r.value) >= 20 for r in heard.readings(DEVICE, "heart_rate") if r.quality is Quality.GOOD)


async def test_a_dead_radar_is_silent_and_one_that_comes_back_connected(run_folder: Path) -> None:
    heard = Heard()
    async with Radar(run_folder / "tty", speed=20) as radar, running(driver(radar.tty.path, heard, silent_s=2.0)):
        await until(lambda: heard.state(DEVICE) is CONNECTED)
        radar.die()
        died_at = time.monotonic()
        await until(lambda: heard.state(DEVICE) is SILENT)
        assert 1.9 < time.monotonic() - died_at < 3.0
        assert heard.why(DEVICE) == "no valid frame for 2 s"
        radar.come_back()
        await until(lambda: heard.state(DEVICE) is CONNECTED)


async def test_noise_alone_is_silence(run_folder: Path) -> None:
    heard = Heard()
    with Tty(run_folder / "tty") as tty:
        async with running(driver(tty.path, heard, silent_s=2.0)):
            tty.noise(for_s=10, rate_bytes_s=5000)
            await until(lambda: heard.state(DEVICE) is SILENT)
            assert not heard.readings(DEVICE)


async def test_values_among_noise_and_damage_are_true_ones(run_folder: Path) -> None:
    heard = Heard()
    async with Radar(run_folder / "tty", speed=50) as radar, running(driver(radar.tty.path, heard)):
        radar.tty.noise(for_s=1.0, rate_bytes_s=4000, piece=40)
        radar.tty.corrupt(every=37)
        await until(lambda: len(heard.readings(DEVICE, "heart_rate")) >= 5)
        radar.tty.quiet()
        radar.tty.corrupt(0)
        assert set(heard.values(DEVICE, "heart_rate")) == {62.0}
        assert set(heard.values(DEVICE, "bed_occupied")) <= {True}


async def test_a_stalled_adapter_loses_nothing(run_folder: Path) -> None:
    heard = Heard()
    async with Radar(run_folder / "tty", speed=20) as radar, running(driver(radar.tty.path, heard)):
        await until(lambda: heard.state(DEVICE) is CONNECTED)
        radar.tty.stall()
        radar.set_in_bed(False)
        radar.set_in_bed(True)
        heard.forget()
        radar.tty.resume()
        await until(lambda: heard.values(DEVICE, "bed_occupied")[:2] == [False, True])


async def test_unplugged_is_a_fault_with_a_cure_and_plugged_in_again_works(run_folder: Path) -> None:
    heard = Heard()
    async with Radar(run_folder / "tty", speed=20) as radar, running(driver(radar.tty.path, heard)):
        await until(lambda: heard.state(DEVICE) is CONNECTED)
        pulled_at = time.monotonic()
        radar.tty.unplug()
        await until(lambda: heard.state(DEVICE) is FAULT)
        assert time.monotonic() - pulled_at < 0.5
        await until(lambda: "no such port" in heard.why(DEVICE))
        radar.set_in_bed(False)
        heard.forget()
        radar.tty.plug()
        await until(lambda: heard.state(DEVICE) is CONNECTED)
        await until(lambda: heard.values(DEVICE, "bed_occupied") == [False])  # left while we were away


async def test_a_port_that_is_missing_busy_or_no_port(run_folder: Path) -> None:
    heard, path = Heard(), run_folder / "tty"
    async with running(driver(path, heard)):
        await until(lambda: heard.state(DEVICE) is FAULT)
        assert "no such port; plug the device in" in heard.why(DEVICE)
    path.write_bytes(b"")
    async with running(driver(path, heard)):
        await until(lambda: "not a serial port" in heard.why(DEVICE))
    path.unlink()
    with Tty(path) as tty, serial.Serial(str(tty.path), exclusive=True):
        async with running(driver(path, heard)):
            await until(lambda: "another program has it open" in heard.why(DEVICE))


def test_no_rights_names_the_group() -> None:
    assert "dialout" in str(lost("/dev/ttyUSB0", PermissionError(13, "Permission denied")))
    assert os.strerror(5) in str(lost("/dev/ttyUSB0", OSError(5, "x")))


async def test_cancelled_at_any_moment_of_opening_it_leaves_nothing_open(run_folder: Path) -> None:
    with Tty(run_folder / "tty") as tty:
        for turns in range(8):
            task = asyncio.ensure_future(driver(tty.path, Heard()).run())
            for _ in range(turns):
                await asyncio.sleep(0.0005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: _free(tty.path), "the port is free again")


def _free(path: Path) -> bool:
    try:
        serial.Serial(str(path), exclusive=True).close()
    except serial.SerialException:
        return False
    return True


async def test_a_port_that_takes_no_bytes_holds_nobody_up(run_folder: Path) -> None:
    with Tty(run_folder / "tty") as tty:
        port = Port(Line(str(tty.path), 9600), lambda data: None)
        await port.open()
        asyncio.get_running_loop().remove_reader(tty._master)
        began = time.monotonic()
        for _ in itertools.repeat(None, 200):
            port.write(bytes(1000))
        assert time.monotonic() - began < 1.0
        port.close()
        port.close()
        asyncio.get_running_loop().add_reader(tty._master, tty._readable)
