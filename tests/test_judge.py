"""The judge: rules, engine and tasks behind one door."""

import itertools
from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, Cause, Command, CommandError, Happened, Note
from agent.alarms.escalation import Escalation
from agent.alarms.standing import Held, Noted, OpenTask, Pause, ShelveOrder, Suppressed
from agent.detection.acts import Act
from agent.judge import NOTHING, Judge, Verdict
from agent.moment import Moment
from agent.residents import Site
from agent.rules.finding import Decline, Finding, Priority, Prompt, Said, Task
from agent.rules.reason import because
from agent.rules.settings import RuleSettings
from drivers.base import Link, LinkState
from drivers.reading import Reading
from tests.rules.ward import R1, SITE, at, reading

HIGH, MEDIUM = Priority.HIGH, Priority.MEDIUM


class Home:
    """A judge and its clock."""

    def __init__(self) -> None:
        numbers = itertools.count()
        self.judge = Judge.of(RuleSettings(), Escalation(site=SITE), lambda: f"id-{next(numbers)}")
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return at(self.now)

    def feed(self, quantity: str, value: float | bool | str, device: str = "dev-1", **other: bool) -> Verdict:
        one = reading(quantity, value, self.now, device=device)
        stored = Reading(one.device, one.quantity, one.value, one.at, one.quality, **other)
        return self.judge.feed(stored, self.moment)

    def find(self, kind: str, active: bool = True) -> Verdict:
        finding = Finding(kind, R1, MEDIUM, self.now, (because("cause", cause="x"),), "dev-1", active=active)
        return self.judge.report([finding], self.moment)

    def act(self, name: str, value: float | bool | str = True) -> Verdict:
        return self.judge.feed(Act(name, R1, self.now, "s-1", value), self.moment)

    def command(self, action: Action, cause: Cause | None = None) -> Verdict:
        return self.judge.command(Command(action, self.judge.engine.open[0].id, "wang", cause), self.moment)


def test_a_press_is_an_alarm_and_most_readings_are_nothing() -> None:
    home = Home()
    assert not home.feed("heart_rate", 70.0)
    verdict = home.feed("button", "press")
    assert [event.happened for event in verdict.events] == [Happened.RAISED]
    assert verdict
    assert not NOTHING


def test_a_stored_reading_neither_raises_nor_clears() -> None:
    home = Home()
    for quantity, value, device in (("button", "press", "dev-1"), ("smoke", True, "contact"), ("seen_at", "201", "t")):
        assert not home.feed(quantity, value, device, stored=True)
    home.feed("smoke", True, "contact")
    assert not home.feed("smoke", False, "contact", stored=True)
    assert home.judge.engine.open[0].condition


def test_a_stored_value_of_a_limit_neither_raises_nor_clears() -> None:
    home = Home()
    for _ in range(600):
        home.now += 1.0
        assert not home.feed("spo2", 70.0, stored=True).events
        assert not [e for e in home.judge.tick(home.moment).events if e.alarm.kind == "spo2_low"]


def test_what_was_held_back_is_raised_by_the_act_that_ends_it() -> None:
    home = Home()
    home.act("present")
    held = home.find("bed_exit")
    assert ([one.kind for one in held.suppressed], held.events) == (["bed_exit"], ())
    assert [one.noted for one in held.standing] == [Noted.HELD]
    home.now += 5.0
    released = home.act("left")
    assert [event.alarm.kind for event in released.events] == ["bed_exit"]
    assert [one.noted for one in released.standing] == [Noted.RELEASED]


def test_closing_what_goes_on_is_kept_until_it_is_raised_anew_or_over() -> None:
    home = Home()
    home.find("spo2_low")
    home.command(Action.ATTEND)
    closed = home.command(Action.CLOSE, Cause.OTHER)
    assert [event.happened for event in closed.events] == [Happened.CLOSED]
    ((kept),) = closed.standing
    assert isinstance(kept.record, Held)
    assert (kept.noted, kept.open, kept.record.closed, kept.actor) == (Noted.HELD, True, True, "wang")
    again = Home()
    again.now = 1000.0 + 899.0
    again.judge.restore_standing(kept.record, again.moment)
    assert again.judge.tick(again.moment).events == ()
    again.now += 1.0
    raised = again.judge.tick(again.moment)
    assert [event.alarm.reasons[-1].code for event in raised.events] == ["still_so"]
    assert [one.noted for one in raised.standing] == [Noted.RELEASED]
    over = home.find("spo2_low", active=False)
    assert [(one.noted, one.open) for one in over.standing] == [(Noted.RELEASED, False)]
    home.now += 4000.0
    assert "spo2_low" not in [event.alarm.kind for event in home.judge.tick(home.moment).events]


def test_commands_that_are_refused_or_late_change_nothing() -> None:
    home = Home()
    home.find("spo2_low")
    with pytest.raises(CommandError):
        home.command(Action.CLOSE, Cause.OTHER)
    assert home.command(Action.SEE)
    assert home.command(Action.SEE) == NOTHING


def test_pause_and_shelves_go_through_the_same_door() -> None:
    home = Home()
    home.find("spo2_low")
    assert [one.noted for one in home.judge.pause("wang", 60.0, home.moment).standing] == [Noted.PAUSED]
    assert [one.noted for one in home.judge.resume("wang", home.moment).standing] == [Noted.RESUMED]
    assert home.judge.resume("wang", home.moment) == NOTHING
    shelved = home.judge.shelve(ShelveOrder("heart_rate_high", "r-1", "wang", "loose", 600.0), home.moment)
    assert [one.noted for one in shelved.standing] == [Noted.SHELVED]
    assert home.find("heart_rate_high").events == ()
    back = home.judge.unshelve(shelved.standing[0].record.id, "wang", home.moment)
    assert [one.noted for one in back.standing] == [Noted.UNSHELVED, Noted.RELEASED]
    assert [event.alarm.kind for event in back.events] == ["heart_rate_high"]


def task(home: Home, active: bool = True, kind: str = "service_water") -> Task:
    return Task(kind, R1, home.now, (because("cause", cause="x"),), device="button", active=active)


def test_a_task_is_opened_once_never_sounds_and_is_done_by_somebody() -> None:
    home = Home()
    (opened,) = home.judge.tasks.take([task(home)], home.moment)
    assert (opened.noted, opened.open, opened.actor) == (Noted.TASK_OPENED, True, "rule:service_water")
    assert home.judge.tasks.take([task(home)], home.moment) == []
    assert home.judge.engine.open == ()
    assert home.act("task_done", "round_due").standing == ()
    (done,) = home.act("task_done", "service_water").standing
    assert (done.noted, done.open, done.actor) == (Noted.TASK_DONE, False, "s-1")
    assert isinstance(opened.record, OpenTask)
    assert done.record == replace(opened.record, done_by="s-1")
    assert home.judge.tasks.open == ()


def test_a_rule_ends_its_own_task() -> None:
    home = Home()
    home.judge.tasks.take([task(home)], home.moment)
    (done,) = home.judge.tasks.take([task(home, active=False)], home.moment)
    assert (done.noted, done.actor) == (Noted.TASK_DONE, "rule:service_water")
    assert home.judge.tasks.take([task(home, active=False)], home.moment) == []


def test_tasks_come_in_the_order_in_which_they_are_due_and_survive_a_restart() -> None:
    home = Home()
    home.judge.tasks.take([Task("turning_soon", R1, home.now, (), due=home.now + 600.0), task(home)], home.moment)
    assert [one.kind for one in home.judge.tasks.open] == ["service_water", "turning_soon"]
    again = Home()
    for one in home.judge.tasks.open:
        again.judge.restore_standing(one, again.moment)
    assert again.judge.tasks.open == home.judge.tasks.open
    assert again.judge.tasks.take([task(again)], again.moment) == []


def test_the_next_tick_is_whoever_needs_it_first() -> None:
    home = Home()
    home.feed("button", "press")
    home.judge.tick(home.moment)
    assert home.judge.engine.due == 1060.0
    assert home.judge.due == min(home.judge.rules.due, 1060.0)


def test_a_link_that_is_up_says_nothing() -> None:
    home = Home()
    assert not home.judge.feed(Link("dev-1", LinkState.CONNECTED, home.now), home.moment)


def test_what_reasons_alone_come_to_is_a_verdict_too() -> None:
    left, asked = Decline("sos", R1, 1.0, ()), Prompt("all_right", R1, 1.0)
    held = Suppressed("bed_exit", R1, MEDIUM, 1.0, 2.0, "s-1", ())
    event = Home().find("spo2_low").events[0]
    (noted,) = Home().judge.tasks.take([task(Home())], at(1.0))
    for verdict in (
        Verdict(events=(event,)),
        Verdict(standing=(noted,)),
        Verdict(suppressed=(held,)),
        Verdict(declined=(left,)),
        Verdict(prompts=(asked,)),
    ):
        assert verdict
    home = Home()
    assert home.judge.report([left, asked], home.moment) == Verdict(declined=(left,), prompts=(asked,))


def test_a_note_of_the_platform_is_one_event_and_none_for_a_stranger() -> None:
    home = Home()
    alarm = home.find("spo2_low").events[0].alarm
    (noted,) = home.judge.note(alarm.id, "on our way", "desk", home.moment).events
    assert (noted.happened, noted.actor, noted.at) == (Happened.NOTED, "platform:desk", 1000.0)
    assert noted.alarm == replace(
        alarm, notes=(Note("on our way", "desk", home.moment.wall),), revision=alarm.revision + 1
    )
    assert home.judge.note("nobody's", "x", "desk", home.moment) is NOTHING


def test_a_deaf_gateway_raises_and_calls_further_and_ends_it_once() -> None:
    home = Home()
    home.find("spo2_low")
    events = home.judge.deaf("no buzzer", home.moment).events
    assert [(e.alarm.kind, e.happened) for e in events] == [
        ("nobody_hears", Happened.RAISED),
        ("nobody_hears", Happened.ESCALATED),
        ("spo2_low", Happened.ESCALATED),
    ]
    assert events[0].reasons == (because("part_failed", part="annunciators", why="no buzzer"),)
    assert events[2].reasons[-1] == because("nobody_hears", why="no buzzer")
    assert home.judge.deaf("no buzzer", home.moment) == NOTHING
    (over,) = home.judge.deaf("", home.moment).events
    assert (over.alarm.kind, over.happened) == ("nobody_hears", Happened.CLOSED)
    assert over.reasons == (because("part_works", part="annunciators"),)


def test_an_alarm_from_before_a_restart_is_taken_up_by_engine_and_rule() -> None:
    home = Home()
    fall = Finding("fall", R1, MEDIUM, 990.0, (because("cause", cause="x"),), "dev-1")
    alarm = home.judge.report([fall], home.moment).events[0].alarm
    again = Home()
    resumed: list[tuple[object, ...]] = []
    again.judge.rules.resume = lambda *call: resumed.append(call)  # type: ignore[method-assign]
    again.now = 2000.0
    (event,) = again.judge.restore(alarm, 500.0, again.moment, "the store").events
    assert (event.happened, event.actor, event.reasons) == (
        Happened.RESTORED,
        "system",
        (because("restored", source="the store"),),
    )
    assert event.alarm == replace(alarm, raised_at=1500.0, changed_at=1500.0, rung_at=1500.0, onsets=(1500.0,))
    assert resumed == [("fall", R1, MEDIUM, 1500.0, again.moment)]
    assert again.judge.engine.open == (event.alarm,)
    assert again.judge.restore(alarm, 500.0, again.moment, "the sounder") == NOTHING
    assert len(resumed) == 1


def test_what_was_closed_though_it_goes_on_is_taken_up_by_its_rule_too() -> None:
    again = Home()
    resumed: list[tuple[object, ...]] = []
    again.judge.rules.resume = lambda *call: resumed.append(call)  # type: ignore[method-assign]
    why = (because("cause", cause="x"),)
    (low, fever) = (Finding(kind, R1, MEDIUM, 990.0, why, "dev-1") for kind in ("spo2_low", "temperature_high"))
    assert again.judge.restore_standing(Held("h-1", 900.0, 910.0, (low,)), again.moment) == NOTHING
    assert resumed == []
    assert again.judge.restore_standing(Held("h-2", 900.0, 910.0, (fever, low), closed=True), again.moment) == NOTHING
    assert resumed == [("temperature_high", R1, MEDIUM, 900.0, again.moment)]


def test_an_act_from_before_a_restart_is_told_to_who_forgot_it_and_does_its_task() -> None:
    home = Home()
    told: list[tuple[object, ...]] = []
    left = Decline("turning_due", R1, 990.0, ())

    def retell(act: Act, now: Moment) -> list[Said]:
        told.append((act, now))
        return [left]

    home.judge.rules.retell = retell  # type: ignore[method-assign]
    home.judge.tasks.take([task(home, kind="confirm_sound")], home.moment)
    act = Act("heard", R1, 990.0, "s-1", True)
    verdict = home.judge.retell(act, home.moment)
    assert told == [(act, home.moment)]
    assert verdict.declined == (left,)
    assert [(one.noted, one.actor, one.at) for one in verdict.standing] == [(Noted.TASK_DONE, "s-1", 1000.0)]


def test_of_a_new_set_of_site_facts_everybody_hears() -> None:
    home = Home()
    assert home.judge.escalation.site == SITE
    other = Escalation(site=Site.of([], []))
    home.judge.use(other)
    assert home.judge.escalation is other
    assert home.judge.rules.ground.site is other.site
    assert home.judge.engine.due == float("inf")
    home.find("spo2_low")
    assert home.judge.engine.due == -float("inf")


def test_pause_and_shelf_carry_the_name_of_who_wants_them() -> None:
    home = Home()
    home.find("spo2_low")
    (paused,) = home.judge.pause("wang", 60.0, home.moment).standing
    (resumed,) = home.judge.resume("li", home.moment).standing
    assert [(one.noted, one.actor) for one in (paused, resumed)] == [(Noted.PAUSED, "wang"), (Noted.RESUMED, "li")]
    shelved = home.judge.shelve(ShelveOrder("spo2_low", "r-1", "wang", "loose", 60.0), home.moment)
    shelf = shelved.standing[0]
    (off,) = home.judge.unshelve(shelf.record.id, "li", home.moment).standing
    assert (off.noted, off.actor, off.record) == (Noted.UNSHELVED, "li", shelf.record)


def test_a_pause_from_before_a_restart_goes_on_and_one_that_is_over_does_not() -> None:
    home = Home()
    home.judge.restore_standing(Pause("p-1", "wang", 900.0, 1000.0, HIGH), home.moment)
    assert home.judge.engine.quiet.audio_paused is None
    home.judge.restore_standing(Pause("p-2", "wang", 900.0, 1000.5, HIGH), home.moment)
    assert home.judge.engine.quiet.audio_paused is not None


def test_an_act_keeps_the_verdict_beside_the_task_that_it_does() -> None:
    home = Home()
    home.act("present")
    home.find("bed_exit")
    home.judge.tasks.take([task(home, kind="confirm_sound")], home.moment)
    assert home.act("left", True).events[0].alarm.kind == "bed_exit"
    (done,) = home.act("heard").standing
    assert (done.noted, done.actor) == (Noted.TASK_DONE, "s-1")
    assert home.act("turned") == NOTHING


def test_the_settings_of_the_rules_and_safe_mode_reach_them() -> None:
    settings = RuleSettings()
    judge = Judge.of(settings, Escalation(site=SITE), lambda: "id", safe_mode=True)
    assert judge.rules.ground.settings is settings
    assert not judge.feed(reading("bed_occupied", False, 1.0), at(1.0))
    safe, whole = (Judge.of(settings, Escalation(site=SITE), lambda: "id", safe_mode=safe) for safe in (True, False))
    assert len(safe.rules._rows) < len(whole.rules._rows)
    assert len(Judge.of(settings, Escalation(site=SITE), lambda: "id").rules._rows) == len(whole.rules._rows)


def test_all_that_an_act_comes_to_is_in_one_verdict() -> None:
    home = Home()
    home.judge.tasks.take([task(home, kind="confirm_sound")], home.moment)
    found = Finding("spo2_low", R1, MEDIUM, home.now, (), "dev-1")
    left = Decline("sos", R1, home.now, ())
    home.judge.rules.feed = lambda *_: [found, left]  # type: ignore[method-assign]
    verdict = home.act("heard")
    assert [event.alarm.kind for event in verdict.events] == ["spo2_low"]
    assert [one.noted for one in verdict.standing] == [Noted.TASK_DONE]
    assert verdict.declined == (left,)


def test_a_tick_gives_what_rules_say_and_what_ladders_do_and_opens_tasks() -> None:
    home = Home()
    home.find("sos")
    home.now += 200.0
    found = Finding("spo2_low", R1, MEDIUM, home.now, (), "dev-1")
    home.judge.rules.tick = lambda _: [found, task(home)]  # type: ignore[assignment, method-assign]
    verdict = home.judge.tick(home.moment)
    assert [(event.alarm.kind, event.happened) for event in verdict.events] == [
        ("spo2_low", Happened.RAISED),
        ("sos", Happened.ESCALATED),
    ]
    assert [(one.noted, one.at) for one in verdict.standing] == [(Noted.TASK_OPENED, 1200.0)]


def test_a_rule_takes_an_alarm_up_once_though_its_ladder_goes_on_at_once() -> None:
    alarm = Home().find("sos").events[0].alarm
    home = Home()
    resumed: list[object] = []
    home.judge.rules.resume = lambda *call: resumed.append(call)  # type: ignore[method-assign]
    events = home.judge.restore(alarm, None, home.moment, "the store").events
    assert [event.happened for event in events] == [Happened.RESTORED, Happened.ESCALATED]
    assert len(resumed) == 1


def test_a_fall_that_was_seen_turns_high_when_it_would_have_without_the_restart() -> None:
    home = Home()
    home.judge.report([Finding("fall", R1, MEDIUM, home.now, (), "dev-1")], home.moment)
    home.now += 10.0
    seen = home.command(Action.SEE).events[0].alarm
    again = Home()
    again.now = 1012.0
    again.judge.restore(seen, 0.0, again.moment, "the store")
    again.now = 1014.9
    assert again.judge.tick(again.moment).events == ()
    again.now = 1015.0
    (worse,) = again.judge.tick(again.moment).events
    assert (worse.alarm.priority, worse.alarm.state.value) == (HIGH, "raised")


def test_once_all_is_restored_the_rules_hear_what_goes_on() -> None:
    home = Home()
    home.find("spo2_low")
    told: list[tuple[Finding, ...]] = []
    home.judge.rules.settle = told.append  # type: ignore[assignment, method-assign]
    assert home.judge.settle() == NOTHING
    assert told == [home.judge.engine.going_on]
    assert [one.kind for one in told[0]] == ["spo2_low"]
