"""kill -9 at two hundred random moments of a scripted night: no alarm lost, re-opened or closed by itself.

A close whose commit the death outran comes back, shown and attended as before, and the carer taps again: an alarm too
many, never one too few. All else is as in the night that nothing interrupted, ladders to the tenth of a second.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.alarm_log import stored
from tests.end_to_end.scripted_night import RESIDENTS

KILLS = 200
STEPS = 900
NIGHT_S = 9 * 3600.0
SPIN_S = 0.004  # a death comes up to this long after a step began: about as long as its commit takes
KINDS = ("sos", "smoke", "fall")  # a flood is counted anew after a restart
ORDERS = ("seen", "attended", "closed")


def script(seed: int) -> list[dict[str, Any]]:
    """Presses, smoke and falls (high after 15 s) at random times; carers who see, come, close, and pause the sound."""
    dice = random.Random(seed)
    steps: list[dict[str, Any]] = []
    for n in range(RESIDENTS):
        at = dice.uniform(1, 60)
        while at < NIGHT_S:
            kind = dice.choice(("sos", "sos", "smoke", "fall"))
            subject = str(200 + n) if kind == "smoke" else f"r-{n}"
            if kind == "sos":
                steps.append({"at": at, "device": f"button-{n}", "quantity": "button", "value": "press"})
            elif kind == "fall":
                steps.append({"at": at, "device": f"belt-{n}", "quantity": "body_fall", "value": "fall"})
            else:
                device = f"contact-{n}"
                steps.append({"at": at, "device": device, "quantity": "smoke", "value": True})
                steps.append({"at": at + 2, "device": device, "quantity": "smoke", "value": False})
            orders = ORDERS if dice.random() < 0.7 else ORDERS[1:]
            for order in orders:
                at += dice.uniform(5, 400)
                if kind == "fall" and order == "closed":  # until then the next fall would be graver: a rule's memory
                    steps.append({"at": at - 1, "device": f"belt-{n}", "quantity": "body_fall", "value": "recovered"})
                steps.append({"at": at, "action": order, "subject": subject, "kind": kind, "by": f"carer-{n % 3}"})
            if dice.random() < 0.2:
                steps.append({"at": at - 1, "action": "pause", "by": f"carer-{n % 3}"})
            at += dice.uniform(100, 2400)
    return sorted(steps, key=lambda step: step["at"])[:STEPS]


@dataclass
class Journal:
    """What the sounder was told: of each alarm, what changed and when, to the tenth of a second."""

    open: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    lives: dict[str, list[tuple[str, int, float]]] = field(default_factory=dict)
    back: dict[str, int] = field(default_factory=dict)  # alarm -> how often it came back, its end not kept
    undone: dict[str, tuple[str, int, float]] = field(default_factory=dict)

    def take(self, alarms: list[dict[str, Any]], at: float) -> None:
        now = {alarm["id"]: alarm for alarm in alarms if alarm["kind"] in KINDS}
        for id_, alarm in now.items():
            mark = (f"{alarm['priority']} {alarm['state']}", alarm["step"])
            life = self.lives.setdefault(id_, [])
            if life and life[-1][0] == "closed":
                self.back[id_] = self.back.get(id_, 0) + 1
                self.undone[id_] = life.pop()
            if id_ not in self.undone and (not life or life[-1][:2] != mark):
                life.append((*mark, round(at, 1)))
        for id_ in self.open.keys() - now.keys():
            self.lives[id_].append(self.undone.pop(id_, ("closed", 0, round(at, 1))))
        self.open, self.told = now, alarms


class Victim:
    """One life of the child, from step `first`."""

    def __init__(self, state: Path, path: Path, first: int, held: list[dict[str, Any]]) -> None:
        command = [sys.executable, "-m", "tests.end_to_end.scripted_night", str(state), str(path), str(first)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(held) + "\n")
        self.process.stdin.flush()

    def go(self) -> None:
        """Let the next step begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it says until it is dead; half a line at the end was never said."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                yield json.loads(line)

    def die_in(self, seconds: float) -> None:
        """kill -9 after `seconds`; no sleep is as short."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            pass
        self.process.kill()

    def over(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        self.process.stdout.close()
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()


def live(state: Path, path: Path, journal: Journal, first: int, last: int, spin_s: float | None) -> int:
    """Play from step `first`; die `spin_s` into step `last`, or end after it if None. Gives the first step not done."""
    victim = Victim(state, path, first, journal.told)
    victim.go()
    done = first
    if first == last and spin_s is not None:
        victim.die_in(spin_s)
    for line in victim.lines():
        if "open" in line:
            journal.take(line["open"], line["at"])
        elif "done" in line:
            done = line["done"] + 1
            if done <= last:
                victim.go()
            if done == last and spin_s is not None:
                victim.die_in(spin_s)
    victim.over()
    return done


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [7])
def test_two_hundred_deaths_in_a_night(tmp_path: Path, seed: int) -> None:
    steps = script(seed)
    path = tmp_path / "night.json"
    path.write_text(json.dumps(steps), encoding="utf-8")
    whole, broken = Journal(), Journal()
    assert live(tmp_path / "whole", path, whole, 0, len(steps) - 1, None) == len(steps)

    dice = random.Random(seed)
    at = 0
    for left in range(KILLS, 0, -1):
        ahead = dice.randint(0, 2 * (len(steps) - at) // (left + 1))
        at = live(tmp_path / "broken", path, broken, at, at + ahead, dice.uniform(0, SPIN_S))
    assert live(tmp_path / "broken", path, broken, at, len(steps) - 1, None) == len(steps)

    assert sorted(broken.lives.values()) == sorted(whole.lives.values())
    assert not broken.undone, "closed, and open again at the end"
    assert sum(broken.back.values()) <= KILLS
    assert set(stored(tmp_path / "broken")) >= set(broken.lives), "each alarm that sounded is in the log"
