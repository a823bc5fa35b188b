"""The daily test: a task while it waits, a fault when it was in vain, and nothing of either once it was heard."""

from typing import Any

import pytest

from agent.alarms.alarm import Alarm
from agent.annunciators.self_test import CONFIRM_S
from agent.app.parts import PROVEN_S, Parts
from agent.app.sound_test import SoundTest
from agent.detection.acts import Act
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Priority
from tests.app.test_past import Life

BENCH = Subject(SubjectKind.DEVICE, "bench")


class Bench:
    def __init__(self, life: Life | None = None, names: tuple[str, ...] = ("bench", "tower")) -> None:
        self.life = life or Life(1000.0)
        flow = self.life.flow
        self.parts = Parts(flow.report, lambda: None)
        self.test = SoundTest(names, flow.report, lambda: flow.judge.tasks.open, self.parts)

    def say(self, test: str, tested_at: float | None = None, name: str = "bench", at: float = 0.0) -> str:
        self.life.now = max(self.life.now, at)
        return self.test.status(name, {"test": test, "tested_at": tested_at}, self.life.now)

    def tick(self, at: float) -> None:
        self.life.now = at
        self.test.tick(at)
        self.parts.tick(at)

    @property
    def tasks(self) -> list[str]:
        return [task.subject.id for task in self.life.flow.judge.tasks.open]

    @property
    def faults(self) -> list[Alarm]:
        return [alarm for alarm in self.life.flow.open if alarm.kind == "annunciator_fault" and alarm.condition]


def test_a_test_that_waits_is_a_task_and_its_confirmation_ends_it() -> None:
    bench = Bench()
    bench.say("never")
    assert bench.tasks == []
    bench.say("waiting", 1000.0)
    bench.say("waiting", 1000.0)
    (task,) = bench.life.flow.judge.tasks.open
    assert (task.kind, task.subject, task.device, task.due) == ("confirm_sound", BENCH, "bench", 1000.0 + CONFIRM_S)
    assert (task.reasons[0].text(), task.reasons[0].text("zh")) == (
        "bench was tested: say that you heard or saw it", "bench已测试：听到或看到请确认",
    )  # fmt: skip
    bench.say("ok", 1000.0)
    assert (bench.tasks, bench.faults) == ([], [])


def test_a_test_that_nobody_confirmed_is_a_fault_until_one_succeeds() -> None:
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.say("unconfirmed", 1000.0, at=2800.0)
    (fault,) = bench.faults
    assert (fault.priority, fault.subject.id) == (Priority.MEDIUM, "sound test:bench")
    assert "nobody has confirmed that its test was heard" in fault.reasons[-1].text()
    assert "测试后无人确认听到" in fault.reasons[-1].text("zh")
    assert bench.tasks == ["bench"], "it can still be confirmed"
    bench.say("waiting", 9000.0, at=9000.0)
    assert len(bench.faults) == 1, "nobody has heard the next one either, yet"
    bench.say("ok", 9000.0, at=9100.0)
    assert (bench.tasks, bench.faults) == ([], [])


def test_a_test_whose_device_failed_asks_nobody() -> None:
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.say("failed", 1200.0, at=1200.0)
    assert bench.tasks == []
    (fault,) = bench.faults
    assert "it did not work in its test" in fault.reasons[-1].text()
    assert "测试时未能工作" in fault.reasons[-1].text("zh")
    bench.test.heard("bench", "panel:wang", 1300.0)
    bench.say("failed", 1200.0, at=1301.0)
    assert len(bench.faults) == 1, "nobody can have heard it"


def test_outputs_are_kept_apart() -> None:
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.say("unconfirmed", 1000.0, name="tower")
    bench.test.heard("bench", "panel:wang", 1001.0)
    bench.say("waiting", 1000.0)
    assert bench.tasks == ["tower"]
    assert [fault.subject.id for fault in bench.faults] == ["sound test:tower"]


def test_whoever_heard_it_is_believed_before_the_sounder_knows() -> None:
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.test.heard("bench", "panel:wang", 1010.0)
    assert bench.say("waiting", 1000.0) == "panel:wang", "to be told once more"
    assert bench.tasks == []
    assert bench.say("ok", 1000.0) == ""
    assert bench.say("waiting", 1010.001) == "", "another test"
    assert bench.tasks == ["bench"]


def test_a_late_confirmation_counts() -> None:
    bench = Bench()
    bench.say("unconfirmed", 1000.0, at=2800.0)
    bench.test.heard("bench", "panel:wang", 3000.0)
    assert bench.faults == []
    assert bench.say("unconfirmed", 1000.0) == "", "the sounder is past it"
    assert (bench.tasks, bench.faults) == ([], [])


@pytest.mark.parametrize("act", [("heard", True), ("task_done", "confirm_sound")])
def test_either_act_does_the_task(act: tuple[str, Any]) -> None:
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.life.flow.act(Act(act[0], BENCH, 1005.0, "panel:wang", act[1]))
    assert bench.tasks == []


def test_a_sounder_that_has_forgotten_its_test_takes_no_fault_back_and_expires_it() -> None:
    """It was killed while a test waited, and the next one knows nothing of it."""
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.test.sounder_gone()
    bench.tick(1000.0 + CONFIRM_S)
    assert bench.faults == [], "no sounder: there is a graver alarm"
    bench.say("never")
    bench.life.now = 1000.0 + CONFIRM_S - 0.001
    bench.test.tick(bench.life.now)
    assert (bench.tasks, bench.faults) == (["bench"], [])
    bench.tick(1000.0 + CONFIRM_S)
    bench.tick(1000.0 + CONFIRM_S + 1)
    assert len(bench.faults) == 1
    bench.test.sounder_gone()
    bench.say("never")
    assert len(bench.faults) == 1


def test_a_sounder_that_knows_its_test_expires_it_itself() -> None:
    bench = Bench()
    bench.say("waiting", 1000.0)
    bench.tick(1000.0 + CONFIRM_S + 1)
    assert bench.faults == []


def restarted(before: Bench, names: tuple[str, ...] = ("bench", "tower")) -> Bench:
    """The core's next life, with all that stood."""
    life = Life(before.life.now + 5)
    for alarm in before.life.flow.open:
        life.flow.restore(alarm, 0.0, "the store")
    for task in before.life.flow.judge.tasks.open:
        life.flow.restore_standing(task)
    after = Bench(life, names)
    after.parts.inherit(life.flow.open, life.now)
    after.test.take_up(life.flow.open, life.now)
    return after


def test_task_and_fault_survive_a_restart_of_the_core() -> None:
    before = Bench()
    before.say("waiting", 1000.0)
    before.say("failed", 1000.0, name="tower")
    after = restarted(before)
    assert after.tasks == ["bench"]
    for name in ("bench", "tower"):
        after.say("never", name=name)
    after.tick(after.life.now + PROVEN_S + 1)
    assert [fault.subject.id for fault in after.faults] == ["sound test:tower"], "a restart proves nothing"
    after.say("ok", 1500.0, name="tower", at=1600.0)
    after.test.heard("bench", "panel:wang", 1600.0)
    after.life.flow.act(Act("heard", BENCH, 1600.0, "panel:wang"))
    assert (after.tasks, after.faults) == ([], [])


def test_an_output_that_is_no_more_leaves_nothing_behind() -> None:
    before = Bench()
    before.say("unconfirmed", 1000.0)
    after = restarted(before, ("tower",))
    after.tick(after.life.now + PROVEN_S)
    assert (after.tasks, after.faults) == ([], [])


def test_alarms_about_other_things_are_none_of_a_test_s() -> None:
    before = Bench()
    before.parts.state("annunciator:bench", "unplugged", 1000.0)
    after = restarted(before)
    after.tick(after.life.now + PROVEN_S)
    assert after.faults == [], "well again as any other part"
