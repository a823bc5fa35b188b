"""What is seen while it installs."""

import os
import pty

from tests.install.machine import Machine, ended

SETTING_UP = "\n".join(f"echo 'Collecting part{number}'" for number in range(3))


def test_stdout_is_the_demo_s_alone(machine: Machine) -> None:
    machine.step("download", SETTING_UP)
    end = machine.run("demo", "--json", "--once")
    assert end.out == "played: demo --json --once\n"
    assert end.err.splitlines() == [
        "Installing system packages: python3-venv dbus-daemon libgl1 libglib2.0-0",
        "Fetching the Python packages of requirements.lock (some minutes the first time)",
        f"Installing them into {machine.checkout}/.venv",
    ]


def test_a_terminal_sees_each_package_in_one_line_that_changes(machine: Machine) -> None:
    machine.step("download", SETTING_UP)
    ours, theirs = pty.openpty()
    try:
        process = machine.start("demo", terminal=theirs)
        os.close(theirs)
        shown = b""
        while b"Installing them" not in shown:
            shown += os.read(ours, 4096)
        ended(process)
    finally:
        os.close(ours)
    assert b"\r\x1b[K  1 Collecting part0\r\x1b[K  2 Collecting part1\r\x1b[K  3 Collecting part2\r\x1b[K" in shown
