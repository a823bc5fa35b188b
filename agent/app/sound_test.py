"""What the daily test of an output asks of people: to say that it was heard, and to mend what nobody heard."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.alarms.alarm import Alarm
from agent.alarms.standing import OpenTask
from agent.annunciators.self_test import CONFIRM_S, Outcome
from agent.app.parts import Parts
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Said, Task
from agent.rules.reason import because

TASK = "confirm_sound"
PART = "sound test:"

_UNCONFIRMED, _FAILED = "test unconfirmed", "test failed"


class SoundTest:
    """Turns the sounder's word about each test into a task and, when it was in vain, a fault.

    A person is believed here and not only by the sounder, which forgets its tests when it dies. `report` takes tasks;
    `open_tasks` are those that stand, from before a restart too.
    """

    def __init__(
        self,
        names: Iterable[str],
        report: Callable[[Iterable[Said]], None],
        open_tasks: Callable[[], Iterable[OpenTask]],
        parts: Parts,
    ) -> None:
        self._names = frozenset(names)
        self._report = report
        self._open_tasks = open_tasks
        self._parts = parts
        self._said: dict[str, tuple[Outcome, float | None]] = {}  # what the sounder that runs now said last
        self._heard: dict[str, tuple[float, str]] = {}  # when, and by whom
        self._faults: dict[str, str] = {}

    def take_up(self, alarms: Iterable[Alarm | Finding], now: float) -> None:
        """Faults from before a restart stand until a test succeeds: to forget them proves nothing."""
        for alarm in alarms:
            name = alarm.subject.id.removeprefix(PART)
            if alarm.subject.id == PART + name and name in self._names:
                whys = [value for reason in alarm.reasons for key, value in reason.values if key == "why"]
                self._fault(name, str(whys[-1]) if whys else _UNCONFIRMED, now)

    def status(self, name: str, told: Mapping[str, Any], now: float) -> str:
        """What the sounder says of output `name`; gives who confirmed it, as long as the sounder waits for that."""
        said, tested_at = Outcome(told["test"]), told["tested_at"]
        at, by = self._heard.get(name, (-1.0, ""))
        confirmed = said in (Outcome.WAITING, Outcome.UNCONFIRMED) and at >= (tested_at or 0.0)
        outcome = Outcome.OK if confirmed else said
        if self._said.get(name) != (outcome, tested_at):
            self._said[name] = (outcome, tested_at)
            self._changed(name, outcome, tested_at or now, now)
        return by if confirmed and said is Outcome.WAITING else ""

    def heard(self, name: str, by: str, now: float) -> None:
        """`by` says that `name` was heard or seen; one that did not work was not."""
        self._heard[name] = (now, by)
        if self._faults.get(name) == _UNCONFIRMED:
            self._fault(name, "", now)

    def sounder_gone(self) -> None:
        """It forgets what it tested."""
        self._said.clear()

    def tick(self, now: float) -> None:
        """Each second: the sounder that was to expire a test may have forgotten it; and outputs may be gone."""
        for task in self._open_tasks():
            if task.kind != TASK:
                continue
            name = task.subject.id
            if name not in self._names:
                self._task(name, now, due=now, active=False)
            elif task.due <= now and self._said.get(name, ("", None))[0] is Outcome.NEVER:
                self._fault(name, _UNCONFIRMED, now)

    def _changed(self, name: str, outcome: Outcome, tested_at: float, now: float) -> None:
        if outcome is Outcome.NEVER:
            return  # it was started since; what stands from before stands
        waits = outcome in (Outcome.WAITING, Outcome.UNCONFIRMED)
        self._task(name, now, due=tested_at + CONFIRM_S, active=waits)
        if outcome is not Outcome.WAITING:
            self._fault(name, {Outcome.UNCONFIRMED: _UNCONFIRMED, Outcome.FAILED: _FAILED}.get(outcome, ""), now)

    def _task(self, name: str, now: float, due: float, active: bool) -> None:
        why = (because("sound_tested", device=name),)
        self._report([Task(TASK, Subject(SubjectKind.DEVICE, name), now, why, due, name, active=active)])

    def _fault(self, name: str, why: str, now: float) -> None:
        self._faults[name] = why
        self._parts.state(PART + name, why, now)
