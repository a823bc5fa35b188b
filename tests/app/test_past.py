"""What a restart takes up again."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, Happened, State
from agent.alarms.engine import Engine
from agent.alarms.escalation import Escalation
from agent.alarms.standing import Held, Noted, OpenTask, Pause, Shelf, StandingEvent, to_json
from agent.app.flow import Flow, Outlets
from agent.app.past import author_of_import, restore, restore_held, site_in_force
from agent.camera_facts import CameraFacts, CameraView
from agent.clock import Clock, Stamp, TimeQuality
from agent.detection.acts import ACTS, Act
from agent.judge import Judge, Verdict
from agent.residents import DeviceRole
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.host import BLIND, RuleHost
from agent.rules.reason import because
from agent.rules.settings import RuleSettings
from agent.settings.site import BindingSettings, ResidentSettings, SiteSettings
from agent.store.store import Opened
from drivers.base import Link, LinkState
from tests.rules.ward import R1, SITE, reading

WALL = 1_800_000_000.0
WRITTEN = SiteSettings(
    resident=(ResidentSettings("r-1", "甲", "201"),),
    binding=(BindingSettings("dev-1", DeviceRole.BED, resident="r-1"),),
)


class Life:
    """A flow whose store and sounder are lists."""

    def __init__(self, now: float, boot: str = "boot-1") -> None:
        self.now = now
        self.kept: list[AlarmEvent] = []
        self.standing: list[StandingEvent] = []
        self.acts: list[Act] = []
        self.deaths: list[BaseException] = []
        numbers = iter(range(10_000))
        outlets = Outlets(lambda _: None, self.keep, self.acts.append, lambda: None, self.deaths.append)
        clock = Clock(lambda: self.now, lambda: WALL + self.now, boot, lambda: True)
        judge = Judge.of(RuleSettings(), Escalation(site=SITE), lambda: f"{boot}-{next(numbers)}")
        self.flow = Flow(judge, clock, outlets)

    def keep(self, verdict: Verdict) -> None:
        self.kept += verdict.events
        self.standing += verdict.standing

    def stored(self) -> list[dict[str, Any]]:
        return [alarm.to_json() for alarm in self.flow.open]


def opened(states: list[dict[str, Any]], boot: str = "boot-1") -> Opened:
    return Opened(tuple((state, boot, WALL) for state in states), None, ())


def stamp(now: float, boot: str = "boot-1", wall: float | None = None) -> Stamp:
    return Stamp(boot, now, WALL + now if wall is None else wall, TimeQuality.SYNCHRONISED)


def test_open_alarms_come_back_as_they_were() -> None:
    before, after = Life(100.0), Life(130.0)
    before.flow.feed(reading("button", "press", 100.0))
    assert restore(opened(before.stored()), after.flow, stamp(130.0)) == []
    assert [event.happened for event in after.kept] == [Happened.RESTORED]
    (alarm,) = after.flow.open
    assert alarm == before.flow.open[0]
    assert alarm.state is State.RAISED
    assert alarm.sounding


def test_after_a_reboot_the_ladder_goes_on_by_the_time_asleep() -> None:
    before, after = Life(100.0), Life(5.0, "boot-2")
    before.flow.feed(reading("button", "press", 100.0))
    later = stamp(5.0, "boot-2", WALL + 100.0 + 40.0)  # 40 s after the press by the wall clock
    restore(opened(before.stored()), after.flow, later)
    assert after.flow.open[0].raised_at == pytest.approx(5.0 - 40.0)


def test_with_the_time_asleep_unknown_the_next_step_is_taken_at_once() -> None:
    before, after = Life(100.0), Life(5.0, "boot-2")
    before.flow.feed(reading("button", "press", 100.0))
    restore(opened(before.stored()), after.flow, stamp(5.0, "boot-2", wall=0.0))
    assert [event.happened for event in after.kept] == [Happened.RESTORED, Happened.ESCALATED]


def test_what_cannot_be_restored_is_named_and_the_rest_is_restored() -> None:
    before, after = Life(100.0), Life(130.0)
    before.flow.feed(reading("button", "press", 100.0))
    (good,) = before.stored()
    rubbish: list[dict[str, Any]] = [
        {"id": "x"},
        {**good, "id": "y", "priority": "urgent"},
        {**good, "id": "z", "subject": 7},
    ]
    problems = restore(opened([*rubbish, good]), after.flow, stamp(130.0))
    assert len(problems) == 3
    assert [alarm.id for alarm in after.flow.open] == [good["id"]]


def test_what_only_the_sounder_remembers_is_restored_once() -> None:
    before, after = Life(100.0), Life(101.0)
    before.flow.feed(reading("button", "press", 100.0))
    for _ in range(2):
        assert restore_held(list(before.stored()), after.flow) == []
    assert [event.happened for event in after.kept] == [Happened.RESTORED]


def test_the_installer_s_file_is_imported_when_it_changed_and_the_store_rules_otherwise() -> None:
    facts, document, wrong = site_in_force(None, WRITTEN)
    assert (facts, wrong) == (WRITTEN, "")
    assert document is not None
    edited = {**document, "resident": [{**document["resident"][0], "room": "305"}]}
    facts, again, _ = site_in_force(edited, WRITTEN)
    assert again is None
    assert facts.resident[0].room == "305"
    changed = replace(WRITTEN, resident=(*WRITTEN.resident, ResidentSettings("r-2", "乙", "202")))
    facts, imported, _ = site_in_force(edited, changed)
    assert facts == changed
    assert imported is not None


def test_cameras_are_imported_by_themselves() -> None:
    """Who adds a zone to cameras.toml undoes no edit of a resident, and the other way round."""
    document = WRITTEN.to_document()
    edited = {**document, "resident": [{**document["resident"][0], "room": "305"}], "edited_by": "panel:wang"}
    zoned = replace(WRITTEN, camera=(CameraFacts("hall", view=CameraView.CEILING),))
    facts, imported, _ = site_in_force(edited, zoned)
    assert (facts.resident[0].room, facts.camera) == ("305", zoned.camera)
    assert imported is not None
    assert imported["edited_by"] == "panel:wang", "a later import of site.toml is over these edits all the same"
    assert author_of_import(edited, imported) == "cameras.toml"

    staff_s = {**imported, "camera": [{"id": "hall", "view": "wall"}]}
    facts, again, _ = site_in_force(staff_s, zoned)
    assert (facts.camera[0].view, again) == ("wall", None)

    changed = replace(zoned, resident=(*WRITTEN.resident, ResidentSettings("r-2", "乙", "202")))
    facts, imported, _ = site_in_force(staff_s, changed)
    assert (facts.resident, facts.camera[0].view) == (changed.resident, "wall")
    assert imported is not None
    assert author_of_import(staff_s, imported) == "site.toml, over edits of panel:wang"
    assert "edited_by" not in imported

    facts, imported, _ = site_in_force(staff_s, WRITTEN)  # the installer has taken the camera's facts out again
    assert facts.camera == ()
    assert imported is not None
    assert imported["imported"] == WRITTEN.to_document()["imported"]


def test_site_facts_that_cannot_be_read_give_way_to_the_file() -> None:
    document = WRITTEN.to_document()
    facts, imported, wrong = site_in_force({**document, "resident": "nobody"}, WRITTEN)
    assert facts == WRITTEN
    assert imported == document
    assert "site facts" in wrong


def test_an_engine_that_fails_ends_the_process_and_not_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(100.0)

    def fail(*_: object) -> list[AlarmEvent]:
        raise RuntimeError("broken")

    monkeypatch.setattr(Engine, "take", fail)
    life.flow.feed(Link("dev-1", LinkState.CONNECTED, 100.0))
    assert [str(error) for error in life.deaths] == ["broken"]


def test_alarm_json_round_trip() -> None:
    life = Life(100.0)
    life.flow.feed(reading("smoke", True, 100.0, device="contact"))
    (alarm,) = life.flow.open
    assert Alarm.from_json(alarm.to_json()) == alarm


def held(life: Life) -> dict[str, Any]:
    """What a bed exit that staff hold back leaves in the store."""
    life.flow.act(Act("present", R1, life.now, "s-1"))
    finding = Finding("bed_exit", R1, Priority.MEDIUM, life.now, (because("cause", cause="x"),), "dev-1")
    life.flow.report([finding])
    (record,) = [one.record for one in life.standing if one.open]
    return to_json(record)


def test_what_was_held_back_comes_back_after_acts_and_shelves_and_is_raised_when_nothing_holds_it() -> None:
    before = Life(100.0)
    state = held(before)
    after = Life(130.0)
    assert restore(opened([state]), after.flow, stamp(130.0)) == []
    assert [alarm.kind for alarm in after.flow.open] == []
    after.flow.tick()
    (alarm,) = after.flow.open
    assert (alarm.kind, alarm.reasons[-1].code) == ("bed_exit", "was_held_back")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_staff_who_were_there_hold_it_back_until_their_time_is_over_and_so_it_is_shown(order: tuple[int, int]) -> None:
    before = Life(100.0)
    rows = [held(before), {**asdict(before.acts[0]), "record": "act"}]
    after = Life(130.0)
    assert restore(opened([rows[n] for n in order]), after.flow, stamp(130.0)) == []
    (kept,) = after.flow.judge.engine.suppressed
    assert (kept.since, kept.until, kept.by, kept.reasons[0].code) == (100.0, 700.0, "s-1", "held_back")
    after.flow.tick()
    assert after.flow.judge.engine.suppressed == (kept,)
    after.now = 699.0
    after.flow.tick()
    assert "bed_exit" not in [alarm.kind for alarm in after.flow.open]
    after.now = 700.0
    after.flow.tick()
    assert "bed_exit" in [alarm.kind for alarm in after.flow.open]


def test_staff_who_left_hold_nothing_back() -> None:
    before = Life(100.0)
    acts = [Act(name, R1, 110.0, "s-1") for name in ("present", "left")]
    after = Life(130.0)
    restore(opened([held(before), *({**asdict(act), "record": "act"} for act in acts)]), after.flow, stamp(130.0))
    after.flow.tick()
    assert [alarm.kind for alarm in after.flow.open] == ["bed_exit"]


@pytest.mark.parametrize("name", ["present", "left"])
def test_presence_is_kept_as_one_record(name: str) -> None:
    assert (ACTS[name].standing, Act(name, R1, 1.0, "s-1").topic) == (True, "presence")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_resident_who_is_still_out_holds_it_back_whatever_the_order_of_the_rows(order: tuple[int, int]) -> None:
    before = Life(100.0)
    state = held(before)
    out = {**asdict(Act("out", R1, 90.0, "s-1", WALL + 7200.0)), "record": "act"}
    after = Life(130.0)
    rows = [state, out]
    assert restore(opened([rows[n] for n in order]), after.flow, stamp(130.0)) == []
    after.flow.tick()
    assert [alarm.kind for alarm in after.flow.open] == []
    assert [one.by for one in after.flow.judge.engine.suppressed] == ["s-1"]


def test_with_the_time_asleep_unknown_what_was_held_is_due_and_pauses_are_over() -> None:
    before = Life(100.0)
    rows = [held(before)]
    before.flow.report([Finding("spo2_low", R1, Priority.HIGH, 100.0, (because("cause", cause="x"),), "dev-1")])
    rows.append(to_json(Pause("p", "wang", 100.0, 220.0, Priority.HIGH)))
    rows.append(to_json(Shelf("s", "bed_exit", "r-1", "wang", "loose", 100.0, 3600.0)))
    rows.append(to_json(OpenTask("t", "service_water", R1, 100.0, 100.0, ())))
    closed = Finding("inactivity", R1, Priority.MEDIUM, 100.0, (because("cause", cause="x"),), "dev-1")
    rows.append(to_json(Held("c", 100.0, 100.0, (closed,), closed=True)))
    after = Life(5.0, "boot-2")
    assert restore(opened(rows), after.flow, stamp(5.0, "boot-2", wall=0.0)) == []
    after.flow.tick()
    assert {alarm.kind for alarm in after.flow.open} == {"bed_exit", "inactivity"}
    quiet = after.flow.judge.engine.quiet
    assert (quiet.audio_paused, quiet.shelves) == (None, ())
    assert [task.kind for task in after.flow.judge.tasks.open] == ["service_water"]
    told = {one.record.id: (one.noted, one.open, one.reasons) for one in after.standing if one.record.id in ("p", "s")}
    over = (because("time_over"),)
    assert told == {"p": (Noted.RESUMED, False, over), "s": (Noted.UNSHELVED, False, over)}  # the store forgets them


def test_after_a_reboot_what_was_closed_is_raised_anew_at_its_time() -> None:
    closed = Finding("spo2_low", R1, Priority.HIGH, 100.0, (because("cause", cause="x"),), "dev-1")
    row = to_json(Held("c", 100.0, 200.0, (closed,), closed=True))  # written 200 s after that boot began, at WALL
    after = Life(5.0, "boot-2")
    assert restore(opened([row]), after.flow, stamp(5.0, "boot-2", wall=WALL + 150.0)) == []
    after.now = 54.0  # closed 299 s ago: 100 s before the row, 150 s asleep, 49 s since
    after.flow.tick()
    assert [alarm.kind for alarm in after.flow.open] == []
    after.now = 55.0
    after.flow.tick()
    assert [alarm.kind for alarm in after.flow.open] == ["spo2_low"]


def test_rules_that_take_over_after_safe_mode_go_on_with_what_is_open() -> None:
    """Else a fall from before the crash would stay medium, and a rule that was blind would be so for ever."""
    life = Life(100.0)
    blind = Finding(BLIND, replace(R1, id="fall:r-1"), Priority.HIGH, 100.0, (because("cause", cause="x"),))
    left = replace(blind, subject=replace(R1, id="apnoea:r-1"))
    fallen = Finding("fall", R1, Priority.MEDIUM, 100.0, (because("cause", cause="x"),), "cam")
    life.flow.report([blind, left, fallen])
    (closed,) = [alarm.id for alarm in life.flow.open if alarm.subject == left.subject]
    for action in (Action.SEE, Action.CLOSE):
        life.flow.command(Command(action, closed, "wang", Cause.OTHER))
    assert [one.subject.id for one in life.flow.left] == ["apnoea:r-1"]
    life.flow.use(RuleHost(Ground.of(SITE)))
    life.now = 115.0
    life.flow.tick()
    assert [alarm.priority for alarm in life.flow.open if alarm.kind == "fall"] == [Priority.HIGH]
    life.now = 160.0
    life.flow.tick()
    assert BLIND not in {alarm.kind for alarm in life.flow.open}
    assert life.flow.left == ()
