"""How long judge and sounder's line take in process: a thousand open alarms, five thousand readings a second.

No port, bus or process is in it: `latency` measures those. A press goes through the rules, the engine, the choice of
what sounds and the line that the sounder is sent; the readings go through the rules.
"""

import gc
import itertools
import time
from collections.abc import Iterator

from agent.alarms.alarm import Action, Alarm, Cause, Command
from agent.alarms.escalation import Escalation
from agent.annunciators.open_set import OpenSet
from agent.judge import Judge
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.rules.settings import RuleSettings
from drivers.reading import Reading

RESIDENTS = 60
OPEN = 1000
PER_S = 5000
SECONDS = 6
PRESSES_PER_S = 50
WALL = 1_799_942_400.0
# What bed and belt of a resident say in turn: quantity -> two values that stand for a quiet night.
VALUES: tuple[tuple[str, str, float, float], ...] = (
    ("bed", "heart_rate", 62.0, 64.0),
    ("bed", "respiratory_rate", 14.0, 15.0),
    ("bed", "body_movement", 3.0, 20.0),
    ("belt", "spo2", 96.0, 97.0),
    ("belt", "heart_rate", 63.0, 65.0),
    ("belt", "battery", 80.0, 80.0),
)


def speed() -> dict[str, float]:
    """Figures by name: microseconds of CPU a reading, and the 99th percentile of press to line in milliseconds."""
    gc.collect()
    gc.freeze()  # as the core does once it is up
    try:
        return _Load().run()
    finally:
        gc.unfreeze()


class _Load:
    """A home with a thousand open alarms, and its clock."""

    def __init__(self) -> None:
        numbers = itertools.count()
        self._judge = Judge.of(RuleSettings(), Escalation(site=_site()), lambda: f"a-{next(numbers)}")
        self._line = OpenSet()
        self._sequence = 0
        self._now = 100.0
        self._judge.tick(self._moment)
        for n in range(OPEN):
            self._judge.report([_finding(n, self._now)], self._moment)
        self._call()

    @property
    def _moment(self) -> Moment:
        return Moment(self._now, WALL + self._now)

    def run(self) -> dict[str, float]:
        """Readings at their pace in the time of the home, as fast as they go in ours, and a press now and then."""
        between = PER_S // PRESSES_PER_S
        readings, delays, spent_s = self._readings(), [], 0.0
        for number in range(SECONDS * PRESSES_PER_S):
            batch = list(itertools.islice(readings, between))
            began = time.process_time()
            for reading in batch:
                self._now = reading.at
                self._judge.feed(reading, self._moment)
            spent_s += time.process_time() - began
            self._judge.tick(self._moment)
            delays.append(self._press(number % RESIDENTS))
        delays.sort()
        return {
            "engine, us a reading": 1e6 * spent_s / (between * len(delays)),
            "finding to buzzer call p99, ms": 1e3 * delays[int(len(delays) * 0.99)],
        }

    def _press(self, resident: int) -> float:
        """Seconds from a press to the line for the sounder; then somebody goes there, and as many are open again."""
        press = Reading(f"button-{resident}", "button", "press", self._now)
        began = time.perf_counter()
        (event,) = self._judge.feed(press, self._moment).events
        self._call()
        delay_s = time.perf_counter() - began
        for order, cause in ((Action.ATTEND, None), (Action.CLOSE, Cause.ASSISTED)):
            self._judge.command(Command(order, event.alarm.id, "s-1", cause), self._moment)
            self._call()
        return delay_s

    def _call(self) -> None:
        audible: tuple[Alarm, ...] = self._judge.engine.audible
        self._sequence += 1
        self._line.line(self._sequence, audible)

    def _readings(self) -> Iterator[Reading]:
        at = self._now
        for n in itertools.count():
            at += 1 / PER_S
            source, quantity, one, other = VALUES[n // RESIDENTS % len(VALUES)]
            yield Reading(f"{source}-{n % RESIDENTS}", quantity, one if n // 997 % 2 else other, at)


def _site() -> Site:
    roles = (("bed", DeviceRole.BED), ("belt", DeviceRole.WEARABLE), ("button", DeviceRole.BUTTON))
    residents = [Resident(f"r-{n}", "甲", str(100 + n)) for n in range(RESIDENTS)]
    bindings = [Binding(f"{name}-{n}", role, resident=f"r-{n}") for n in range(RESIDENTS) for name, role in roles]
    return Site.of(residents, bindings)


def _finding(number: int, at: float) -> Finding:
    """One of those that are open: of a device of its own, so that none merges with another."""
    about = Subject(SubjectKind.DEVICE, f"sensor-{number}", str(100 + number % RESIDENTS))
    priority = Priority.MEDIUM if number % 4 else Priority.HIGH
    return Finding("device_fault", about, priority, at, (because("cause", cause="x"),), about.id)
