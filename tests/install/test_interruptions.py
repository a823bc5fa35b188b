"""Ctrl-C, kill -9 and two at a time."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.install.machine import Machine, ended
from tests.waiting import until

STEPS = ("apt-install", "venv", "download", "install", "project")


async def _waiting_in(machine: Machine, step: str) -> tuple[subprocess.Popen[str], Path]:
    gate = machine.waits(step)
    process = machine.start("demo")
    await until(machine.reached.exists, f"{step} is reached")
    return process, gate


@pytest.mark.parametrize("step", STEPS)
async def test_ctrl_c_clears_up_and_the_next_start_goes_through(machine: Machine, step: str) -> None:
    process, _ = await _waiting_in(machine, step)
    os.killpg(process.pid, signal.SIGINT)
    end = ended(process)
    assert (end.status, end.lines) == (130, ["nightlamp: interrupted; run it again"])
    assert not [name for name in machine.left() if name.startswith(".install/")]
    assert (machine.checkout / ".venv").exists() == (step == "project")  # all packages were in by then
    machine.step(step, None)
    assert machine.run("demo").status == 0


@pytest.mark.parametrize("step", STEPS)
async def test_what_a_kill_leaves_is_made_anew(machine: Machine, step: str) -> None:
    process, _ = await _waiting_in(machine, step)
    os.killpg(process.pid, signal.SIGKILL)
    assert ended(process).status == -signal.SIGKILL
    machine.step(step, None)
    assert machine.run("demo").out == "played: demo\n"
    assert not [name for name in machine.left() if name.startswith(".install/")]


async def test_a_widening_cut_short_makes_the_environment_anew(machine: Machine) -> None:
    machine.run("demo")
    machine.waits("install")
    process = machine.start("test", "-q")
    await until(machine.reached.exists, "pip installs")
    os.killpg(process.pid, signal.SIGKILL)
    ended(process)
    machine.step("install", None)
    machine.forget_calls()
    assert machine.run("demo").status == 0
    assert "venv" in machine.steps()


async def test_the_second_of_two_waits_and_uses_what_the_first_has_made(machine: Machine) -> None:
    first, gate = await _waiting_in(machine, "download")
    second = machine.start("demo", "--once")
    assert second.stderr is not None
    assert second.stderr.readline() == "Waiting for another install.sh to finish\n"
    gate.write_text("go\n", encoding="utf-8")
    assert ended(first).out == "played: demo\n"
    end = ended(second)
    assert (end.status, end.out, end.err) == (0, "played: demo --once\n", "")
    assert machine.steps().count("download") == 1


async def test_ctrl_c_on_the_one_that_waits_harms_not_the_first(machine: Machine) -> None:
    first, gate = await _waiting_in(machine, "download")
    second = machine.start("demo")
    assert second.stderr is not None
    second.stderr.readline()
    os.killpg(second.pid, signal.SIGINT)
    assert ended(second).status in (130, -signal.SIGINT)
    gate.write_text("go\n", encoding="utf-8")
    assert ended(first).status == 0
