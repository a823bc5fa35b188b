"""Programs beside the sounder: fed, read, killed, and never waited for. Run apart, since they are forked."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What each case runs in a process of its own, which must have one thread as the sounder has.
_BEGIN = """
import select, sys, time
from agent.annunciators import child
from agent.annunciators.child import Child

def follow(one):
    while (status := one.turn(time.monotonic())) is None:
        poll = select.poll()
        for fd, events in one.watched().items():
            poll.register(fd, events)
        poll.poll(max(0, one.wake_at - time.monotonic()) * 1000)
    return status

now = time.monotonic
"""


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + script], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_goes_in_and_comes_out() -> None:
    script = """
data = bytes(range(256)) * 4096
one = Child(["cat"], data, now(), 10.0, collect=len(data))
assert follow(one) == 0
assert bytes(one.output) == data
assert one.watched() == {}
"""
    assert run(script) == ""


def test_more_than_is_wanted_is_cut_off() -> None:
    script = """
one = Child(["head", "-c", "100000", "/dev/zero"], b"", now(), 10.0, collect=1000)
print(follow(one) in (0, -13), len(one.output))
"""
    assert run(script) == "True 1000\n"


@pytest.mark.parametrize(
    ("argv", "status"), [(["true"], 0), (["false"], 1), (["/nowhere"], 127), (["sh", "-c", "kill -9 $$"], -9)]
)
def test_its_status_is_told(argv: list[str], status: int) -> None:
    assert run(f"print(follow(Child({argv!r}, b'x' * 200_000, now(), 10.0)))") == f"{status}\n"


@pytest.mark.parametrize(("data", "limit_s"), [("b'x' * 200_000", 0.3), ("b''", 0.2)])
def test_one_that_hangs_is_killed_in_time(data: str, limit_s: float) -> None:
    """One that takes no input, and one that is not done by its deadline."""
    script = f"""
child.STALL_S = 0.3
begun = now()
one = Child(["sleep", "60"], {data}, begun, 0.2 if not {data} else 60.0)
try:
    follow(one)
except TimeoutError:
    print({limit_s} <= now() - begun < {limit_s} + 0.5)
"""
    assert run(script) == "True\n"


def test_nothing_of_ours_stays_open_in_it() -> None:
    script = """
kept = open("/dev/null")
import os
os.set_inheritable(kept.fileno(), True)
one = Child(["ls", "/proc/self/fd"], b"", now(), 10.0, collect=1000)
follow(one)
print(sorted(one.output.decode().split()))
"""
    assert run(script) == "['0', '1', '2', '3']\n"  # 3 is the folder that ls reads


def test_killed_ones_are_collected_and_those_that_stay_are_not_multiplied() -> None:
    script = """
for _ in range(20):
    Child(["sleep", "60"], b"", now(), 60.0).kill()
while child._dying:
    child.reap()
child.STALL_S = 0.0
child._dying.update({-1: ("sleep 60", now()), -2: ("sleep 60", now())})
try:
    Child(["sleep", "60"], b"", now(), 60.0)
except OSError as error:
    print(error)
print(follow(Child(["true"], b"", now(), 60.0)))
"""
    first, second = run(script).splitlines()
    assert "sleep 60: its driver hangs" in first
    assert second == "0"
