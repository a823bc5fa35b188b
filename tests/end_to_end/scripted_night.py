"""A night by script, for tests that kill it: `python -m tests.end_to_end.scripted_night STATE SCRIPT FIRST`.

The judge, the flow and the real store, on the time of the script. One JSON object a line on the output: `done` after
each step, `open` (what the sounder would be told) before anything is stored. The first line of the input is what the
sounder still holds, each further one lets a step begin.
"""

import json
import os
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from agent.alarms.alarm import Action, Cause, Command, CommandError
from agent.alarms.escalation import Escalation
from agent.app.flow import Flow, Outlets
from agent.app.keeping import Keeping
from agent.app.past import restore, restore_held
from agent.clock import Clock
from agent.judge import Judge
from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.settings import RuleSettings
from agent.store.store import Store
from drivers.reading import Reading
from tests.simulator.child import say

RESIDENTS = 12
AGAIN = 3
WALL = 1_799_942_400.0
SITE = Site.of(
    [Resident(f"r-{n}", "甲", str(200 + n)) for n in range(RESIDENTS)],
    [Binding(f"button-{n}", DeviceRole.BUTTON, resident=f"r-{n}") for n in range(RESIDENTS)]
    + [Binding(f"contact-{n}", DeviceRole.LIFE_SAFETY, room=str(200 + n)) for n in range(RESIDENTS)]
    + [Binding(f"belt-{n}", DeviceRole.WEARABLE, resident=f"r-{n}") for n in range(RESIDENTS)],
)


class Night:
    """One life of the core in that night."""

    def __init__(self, state: Path, now: float) -> None:
        self.now = now
        clock = Clock(lambda: self.now, lambda: WALL + self.now, "boot", lambda: True)
        self.store = Store(state, clock, lambda *_: None, lambda *_: None)
        opened = self.store.open()
        keeping = Keeping(self.store, clock, SITE, lambda: uuid.uuid4().hex)
        self.judge = Judge.of(RuleSettings(), Escalation(site=SITE), lambda: uuid.uuid4().hex)

        def died(error: BaseException) -> None:
            raise error

        self._greeted = False

        def sound(alarms: Any) -> None:  # noqa: ANN401 - an iterable of alarms
            if self._greeted:  # as the sounder's client: nothing before what the sounder holds is taken up
                say(open=[alarm.to_json() for alarm in alarms], at=self.now)

        self.flow = Flow(self.judge, clock, Outlets(sound, keeping.verdict, keeping.act, lambda: None, died))
        assert restore(opened, self.flow, clock.stamp()) == []

    def take_up(self, held: list[dict[str, Any]]) -> None:
        """What the sounder still holds."""
        assert restore_held(held, self.flow) == []
        self._greeted = True
        say(open=[alarm.to_json() for alarm in self.flow.open], at=self.now)

    def play(self, step: dict[str, Any]) -> None:
        """Let time pass to the step, and do it."""
        while (due := self.judge.due) <= step["at"]:
            self.now = max(self.now + 0.001, due)
            self.flow.tick()
        self.now = step["at"]
        if "quantity" in step:
            self.flow.feed(Reading(step["device"], step["quantity"], step["value"], self.now))
        elif step["action"] == "pause":
            with suppress(CommandError):  # nothing sounds
                self.flow.order(lambda judge, now: judge.pause(step["by"], 60.0, now))
        else:
            self._command(step)

    def rest(self) -> None:
        """Between two steps lie minutes, in which a disk has long done its work."""
        while self.store.status()["alarms.db"].pending:
            os.sched_yield()

    def _command(self, step: dict[str, Any]) -> None:
        action = Action(step["action"])
        cause = Cause.ASSISTED if action is Action.CLOSE else None
        for alarm in self.flow.open:
            if alarm.subject.id == step["subject"] and alarm.kind == step["kind"]:
                try:
                    self.flow.command(Command(action, alarm.id, step["by"], cause))
                except CommandError as error:  # not attended yet: the carer's next tap
                    say(refused=error.code)


def main() -> None:
    """Play on from step FIRST."""
    state, script, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    steps = json.loads(script.read_text(encoding="utf-8"))
    held = json.loads(sys.stdin.readline())
    night = Night(state, steps[first - 1]["at"] if first else 0.0)
    night.take_up(held)
    for step in steps[max(0, first - AGAIN) : first]:  # whose tap the disk never got: it is back, they tap again
        if step.get("action") == "closed":
            night.play(step | {"at": night.now})
    for number in range(first, len(steps)):
        night.rest()
        sys.stdin.readline()  # whoever looks on says when
        night.play(steps[number])
        say(done=number)
    night.store.close()
    say(end=True)


if __name__ == "__main__":
    main()
