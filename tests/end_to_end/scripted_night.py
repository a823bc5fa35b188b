"""A night by script, for tests that kill it: `python -m tests.end_to_end.scripted_night STATE SCRIPT FIRST`.

The judge, the flow and the real store, on the time of the script. One JSON object a line on the output: `done` after
each step, `open` (what the sounder would be told) and `quiet` (what is paused, shelved and held back) before anything
is stored. The first line of the input is when it begins and what the sounder still holds, each further one lets a step
begin.

What death came too soon for comes again: a carer taps again, a part or a rule says again what it has just said.
"""

import json
import os
import sys
import uuid
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from agent.alarms.alarm import Action, Cause, Command, CommandError
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings, FloodSettings
from agent.alarms.standing import ShelveOrder
from agent.app.flow import Flow, Outlets
from agent.app.keeping import Keeping
from agent.app.past import restore, restore_held
from agent.clock import Clock
from agent.detection.acts import Act
from agent.judge import Judge, Verdict
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.rules.settings import RuleSettings
from agent.store.store import Store
from drivers.reading import Reading
from tests.simulator.child import say

RESIDENTS = 12
AGAIN = 3
PAUSE_S = 60.0
NO_FLOOD = AlarmSettings(flood=FloodSettings(begins_above=100))  # which is counted anew after a restart
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
        self.judge = Judge.of(RuleSettings(), Escalation(NO_FLOOD, site=SITE), lambda: uuid.uuid4().hex)

        def died(error: BaseException) -> None:
            raise error

        self._greeted = False

        def sound(alarms: Any) -> None:  # noqa: ANN401 - an iterable of alarms
            if self._greeted:  # as the sounder's client: nothing before what the sounder holds is taken up
                self._show(alarms)

        self.flow = Flow(self.judge, clock, Outlets(sound, keeping.verdict, keeping.act, lambda: None, died))
        assert restore(opened, self.flow, clock.stamp()) == []

    def take_up(self, held: list[dict[str, Any]], last: dict[str, Any] | None) -> None:
        """What the sounder still holds, and the last step, of which the disk may have nothing if no time has passed."""
        assert restore_held(held, self.flow) == []
        lost = last if last and last["at"] == self.now else {}
        if "say" in lost or lost.get("action") in _QUIETS:
            self._do(lost)
        if self.judge.due <= self.now:  # whose time was over before the death, and whose end the disk never got
            self.flow.tick()
        self._greeted = True
        self._show(self.judge.engine.audible)

    def play(self, step: dict[str, Any]) -> None:
        """Let time pass to the step, and do it."""
        while (due := self.judge.due) <= step["at"]:
            self.now = max(self.now + 0.001, due)
            self.flow.tick()
        self.now = step["at"]
        self._do(step)

    def _do(self, step: dict[str, Any]) -> None:
        if "quantity" in step:
            self.flow.feed(Reading(step["device"], step["quantity"], step["value"], self.now))
        elif "say" in step:
            self.flow.report([self._said(step)])
        elif step["action"] in _QUIETS:
            with suppress(CommandError):  # nothing sounds, or it is over
                _QUIETS[step["action"]](self, step)
        else:
            self._command(step)

    def rest(self) -> None:
        """Between two steps lie minutes, in which a disk has long done its work."""
        while self.store.status()["alarms.db"].pending:
            os.sched_yield()

    def _said(self, step: dict[str, Any]) -> Finding:
        about = Subject(SubjectKind(step["about"]), step["subject"], step["room"])
        facts = {"device": step["device"], "quantity": step["say"]}
        why = (because("state_lasts", for_s=0.0, **facts) if step["active"] else because("state_over", **facts),)
        priority = Priority.of(step["priority"])
        return Finding(step["say"], about, priority, self.now, why, step["device"], active=step["active"])

    def _pause(self, step: dict[str, Any]) -> None:
        self.flow.order(lambda judge, now: judge.pause(step["by"], PAUSE_S, now))

    def _shelve(self, step: dict[str, Any]) -> None:
        order = ShelveOrder(step["kind"], step["subject"], step["by"], step["why"], step["seconds"])
        self.flow.order(lambda judge, now: judge.shelve(order, now))

    def _unshelve(self, step: dict[str, Any]) -> None:
        about = step["kind"], step["subject"]
        for id_ in [one.id for one in self.judge.engine.quiet.shelves if (one.kind, one.subject) == about]:
            self.flow.order(partial(_unshelved, id_, step["by"]))

    def _presence(self, step: dict[str, Any]) -> None:
        about = Subject(SubjectKind.PLACE, step["room"], step["room"])
        self.flow.act(Act(step["action"], about, self.now, step["by"]))

    def _command(self, step: dict[str, Any]) -> None:
        action = Action(step["action"])
        cause = Cause.ASSISTED if action is Action.CLOSE else None
        for alarm in self.flow.open:
            if alarm.subject.id == step["subject"] and alarm.kind == step["kind"]:
                try:
                    self.flow.command(Command(action, alarm.id, step["by"], cause))
                except CommandError as error:  # not attended yet: the carer's next tap
                    say(refused=error.code)

    def _show(self, alarms: Any) -> None:  # noqa: ANN401 - an iterable of alarms
        engine = self.judge.engine
        paused = [engine.quiet.audio_paused] if engine.quiet.audio_paused else []
        quiet = [
            *(("pause", one.by, one.priority.label, round(one.until, 1)) for one in paused),
            *(
                ("shelf", one.kind, one.subject, one.by, one.reason, round(one.until, 1))
                for one in engine.quiet.shelves
            ),
            *(("held", one.kind, one.subject.id, one.by) for one in engine.suppressed),
        ]
        say(open=[alarm.to_json() for alarm in alarms], quiet=quiet, at=self.now)


def _unshelved(id_: str, by: str, judge: Judge, now: Moment) -> Verdict:
    return judge.unshelve(id_, by, now)


_QUIETS = {  # an order that keeps alarms quiet, or lets them sound again
    "pause": Night._pause,
    "shelve": Night._shelve,
    "unshelve": Night._unshelve,
    "present": Night._presence,
    "left": Night._presence,
}


def main() -> None:
    """Play on from step FIRST."""
    state, script, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    steps = json.loads(script.read_text(encoding="utf-8"))
    at, held = json.loads(sys.stdin.readline())
    last = steps[first - 1] if first else None
    night = Night(state, max(at, last["at"]) if last else at)
    night.take_up(held, last)
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
