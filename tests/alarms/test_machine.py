"""Random lives of a home over the real judge, and what must hold at each moment of them.

The fast profile is part of each run; the deep one looks longer (`slow`).
"""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agent.alarms.alarm import Action, Alarm, Cause, Command, Happened, State
from agent.alarms.evidence import REASONS_KEPT
from agent.alarms.standing import Pause, ShelveOrder
from agent.detection.acts import Act
from agent.detection.observations import Observation
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from agent.rules.settings import RuleSettings
from agent.rules.words import WORDS
from drivers.reading import Reading
from tests.alarms.machine_home import (
    BINDINGS,
    LADDERS,
    SITE,
    SITES,
    Home,
    closed_of,
    held_of,
    shelves_of,
    signed,
    tasks_of,
)

HELP = sorted(name for name, kind in KINDS.items() if kind.unsuppressible)
OTHERS = ["bed_exit", "spo2_low", "glucose_low", "camera_blind", "toilet_stay", "scald", "water_leak"]
DEVICES = {"r-1": ("belt", "bed", ""), "r-2": ("cord", ""), "201": ("smoke", ""), "belt": ("belt",)}
PAUSE_S, OUT_S = 120.0, 24 * 3600.0
ANSWER_S = RuleSettings().fall.answer_s
_TOLD = (Happened.RAISED, Happened.CHANGED)


class Ward(RuleBasedStateMachine):
    """Whatever findings, people, clocks, deaths and editors do."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Home()
        self.true: dict[tuple[str, str], dict[str, Priority]] = defaultdict(dict)  # what devices said last
        self.presses = 0
        self.asked_at: float | None = None  # a question that nobody has answered, and that nobody was told of yet

    def subject(self, id_: str) -> Subject:
        """As a rule would name it now."""
        site = self.home.escalation.site
        if id_ in site.residents:
            return site.resident_subject(site.residents[id_])
        if id_ == "r-1":  # nobody's any more
            return site.device_subject("belt")
        return site.place_subject(id_) if id_ == "201" else site.device_subject(id_)

    @initialize()
    def begins(self) -> None:
        self.home.wait(0.0)

    @rule(
        kind=st.sampled_from([*HELP, *OTHERS, *OTHERS]),
        who=st.sampled_from(["r-1", "r-1", "r-2", "201"]),
        nth=st.integers(0, 2),
        priority=st.sampled_from(Priority),
        active=st.sampled_from([True, True, False]),
        happening=st.booleans(),
    )
    def find(self, kind: str, who: str, nth: int, priority: Priority, active: bool, happening: bool) -> None:
        self.home.begin()
        subject = self.subject(who)
        devices = [device for device in DEVICES[who] if self._serves(device, subject.id)] or [subject.id]
        self._find(kind, subject, devices[nth % len(devices)], priority, active, happening)

    def _find(
        self, kind: str, subject: Subject, device: str, priority: Priority, active: bool, happening: bool
    ) -> None:
        key = (subject.id, kind)
        known = self._of(key) or key in self._closed()
        if active:
            self.true[key][device] = priority
        else:
            self.true[key].pop(device, None)
        why = (because("part_failed", part=device, why=f"{self.presses}"),)
        self.presses += 1
        finding = Finding(
            kind, subject, priority, self.home.now, why, device, active=active, happening=active and happening
        )
        self.home.do(lambda now: self.home.judge.report([finding], now))
        seen_to = KINDS[kind].joins  # whoever has come to the fall that it belongs to sees it
        if active and KINDS[kind].unsuppressible and not seen_to and (happening or not known):
            self.sounds_at_once(key)

    def _serves(self, device: str, who: str) -> bool:
        """Whether `device` tells of `who` by the facts in force."""
        whose = self.home.escalation.site.subject_of(device).id if device else who
        return whose == who and self.subject(who).id == who

    def sounds_at_once(self, key: tuple[str, str]) -> None:
        ours = [one for one in self.home.judge.engine.audible if key in _told_by(one)]
        assert any(one.state is State.RAISED and one.sounding for one in ours), f"nobody hears of {key}"

    @rule(press=st.sampled_from(["press", "long", "double"]))
    def press(self, press: str) -> None:
        """The real button, through the real rule."""
        self.home.begin()
        reading = Reading("cord", "button", press, self.home.now)
        whose = self.home.escalation.site.subject_of("cord")
        self.home.do(lambda now: self.home.judge.feed(reading, now))
        self.true[(whose.id, "sos")]["cord"] = Priority.HIGH
        self.sounds_at_once((whose.id, "sos"))

    @rule(name=st.sampled_from(["fall", "low_on_floor", "recovered"]), score=st.sampled_from([0.6, 0.8, 0.8, 0.9]))
    def sight(self, name: str, score: float) -> None:
        """A camera in a room with a loudspeaker, through the real rule: it asks where it doubts."""
        self.home.begin()
        self.home.do(lambda now: self.home.judge.feed(Observation("camera", name, now.monotonic, score=score), now))
        if self.asked_at is None and any(verdict.prompts for verdict in self.home.last):
            self.asked_at = self.home.now

    @rule(action=st.sampled_from(Action), which=st.integers(0, 9))
    def answer(self, action: Action, which: int) -> None:
        self.home.begin()
        if self.home.open:
            alarm = self.home.open[which % len(self.home.open)]
            self.home.order(Command(action, alarm.id, "wang", Cause.OTHER))

    @precondition(lambda self: self.home.open)
    @rule(which=st.integers(0, 9))
    def attend_and_close(self, which: int) -> None:
        self.home.begin()
        alarm = self.home.open[which % len(self.home.open)]
        for action in (Action.SEE, Action.ATTEND, Action.CLOSE):
            self.home.order(Command(action, alarm.id, "wang", Cause.OTHER))

    @rule(seconds=st.sampled_from([0.0, 1.0, 20.0, 61.0, 180.0, 300.0, 601.0, 2000.0, 4 * 3600.0]))
    def wait(self, seconds: float) -> None:
        self.home.begin()
        self.home.wait(seconds)

    @rule(seconds=st.sampled_from([10.0, PAUSE_S]))
    def pause(self, seconds: float) -> None:
        self.home.begin()
        self.home.do(lambda now: self.home.judge.pause("wang", seconds, now))

    @rule(kind=st.sampled_from([*HELP, *OTHERS]), who=st.sampled_from(["r-1", "belt", "201"]))
    def shelve(self, kind: str, who: str) -> None:
        self.home.begin()
        order = ShelveOrder(kind, who, "wang", "loose", 9e9)
        self.home.do(lambda now: self.home.judge.shelve(order, now))

    @rule()
    def unshelve(self) -> None:
        self.home.begin()
        for shelf in self.home.judge.engine.quiet.shelves[:1]:
            self.home.do(lambda now, id_=shelf.id: self.home.judge.unshelve(id_, "wang", now))  # type: ignore[misc]

    @rule(
        name=st.sampled_from(["present", "left", "out", "back", "round", "maintenance", "in_service"]),
        who=st.sampled_from(["r-1", "r-2"]),
    )
    def act(self, name: str, who: str) -> None:
        self.home.begin()
        about = self.subject("belt" if name in ("maintenance", "in_service") else who)
        self.home.act(Act(name, about, self.home.now, "n-1"))

    @rule(site=st.sampled_from(sorted(SITES)))
    def edit(self, site: str) -> None:
        self.home.begin()
        self.home.edit(site=site)
        for (id_, _), devices in self.true.items():  # of what was taken away nobody says any more what is true
            for device in [one for one in devices if not self._serves(one, id_)]:
                del devices[device]

    @rule(ladders=st.sampled_from(sorted(LADDERS)))
    def edit_ladders(self, ladders: str) -> None:
        self.home.begin()
        self.home.edit(ladders=ladders)

    @rule(why=st.sampled_from(["", "no buzzer"]))
    def deaf(self, why: str) -> None:
        self.home.begin()
        self.home.do(lambda now: self.home.judge.deaf(why, now))

    @rule(asleep_s=st.sampled_from([0.0, 5.0, 300.0]), known=st.booleans())
    def die(self, asleep_s: float, known: bool) -> None:
        self.home.begin()
        if self.asked_at is not None:
            self.asked_at += asleep_s  # nobody listened meanwhile
        self.home.restart(asleep_s, known)

    @rule(hours=st.sampled_from([-87_600.0, -1.0, 1.0, 12.0, 87_600.0]), known=st.booleans())
    def clock_jumps(self, hours: float, known: bool) -> None:
        self.home.begin()
        self.home.wall_shift += hours * 3600.0
        self.home.wall_known = known
        self.home.wait(0.0)

    # what must hold

    def _of(self, key: tuple[str, str]) -> list[Alarm]:
        """Its own, and what it has joined: a long lie is evidence for a fall."""
        return [alarm for alarm in self.home.open if key in _told_by(alarm)]

    def _closed(self) -> set[tuple[str, str]]:
        return closed_of(self.home.told()[1])

    @invariant()
    def what_nobody_has_seen_sounds(self) -> None:
        engine = self.home.judge.engine
        pause = engine.quiet.audio_paused
        audible = {alarm.id: alarm for alarm in engine.audible}
        assert set(audible) == {alarm.id for alarm in engine.open}, "what is open is shown"
        for alarm in engine.open:
            if alarm.state is not State.RAISED or not (alarm.holding or alarm.latching):
                continue
            assert alarm.sounding, alarm
            if alarm.priority is Priority.HIGH and not audible[alarm.id].sounding:
                assert pause is not None, alarm
                assert alarm.priority <= pause.priority
                assert pause.by == "wang"
        if pause is not None:
            assert self.home.now < pause.until <= self.home.now + PAUSE_S

    @invariant()
    def what_goes_on_is_an_alarm_or_held_by_name(self) -> None:
        engine = self.home.judge.engine
        held = {(one.subject.id, one.kind) for one in engine.suppressed}
        closed = self._closed()
        for key, devices in self.true.items():
            kind = KINDS[key[1]]
            if not devices or kind.one_off:
                continue
            ours = self._of(key)
            assert ours or key in held or key in closed, f"{key} goes on and nobody is told"
            if ours and key not in held and key not in closed:
                assert max(one.priority for one in ours) >= max(devices.values()), f"{key} is graver than its alarm"

    @invariant()
    def each_hold_has_a_name_and_an_end(self) -> None:
        engine, now = self.home.judge.engine, self.home.now
        for one in engine.suppressed:
            assert not KINDS[one.kind].unsuppressible, one
            assert now < one.until <= now + OUT_S, one
            assert one.by, one
            assert one.reasons, one
        for shelf in engine.quiet.shelves:
            assert not KINDS[shelf.kind].unsuppressible, shelf
            end = self.home.escalation.shift_end(self.home.moment)
            latest = now + OUT_S if end is None else end
            assert now < shelf.until <= latest + 1.0, shelf

    @invariant()
    def no_rung_is_late(self) -> None:
        now, settings_ = self.home.now, self.home.escalation
        for alarm in self.home.open:
            ladder = settings_.ladder(alarm.kind, alarm.priority, alarm.subject, self.home.moment)
            if alarm.state is State.RAISED and alarm.sounding and (wait_s := ladder.wait_s(alarm.step)) is not None:
                assert now < alarm.rung_at + wait_s + 1.0, f"{alarm.kind} should have climbed"
            if alarm.state is State.SEEN and ladder.unattended_s:
                assert now < alarm.seen_at + ladder.unattended_s + 1.0, f"{alarm.kind}: nobody came"
            if alarm.state is State.ATTENDED or alarm.priority is not Priority.HIGH:
                continue  # nobody is called, or a rule has lowered its own verdict
            assert set(ladder.rungs[alarm.step].tell) & set(alarm.told), f"{alarm.told} on {ladder.rungs[alarm.step]}"

    @invariant()
    def while_nobody_hears_the_platform_knows(self) -> None:
        if any(alarm.kind == "nobody_hears" and alarm.condition for alarm in self.home.open):
            for alarm in self.home.open:
                if alarm.state is State.RAISED and alarm.priority is Priority.HIGH and alarm.sounding:
                    ladder = self.home.escalation.ladder(alarm.kind, alarm.priority, alarm.subject, self.home.moment)
                    assert alarm.step == len(ladder.rungs) - 1, alarm

    @invariant()
    def who_does_not_answer_is_looked_after(self) -> None:
        """Raised in time, or somebody of staff has come: whatever was edited, and whoever died, meanwhile."""
        told = any(event.alarm.kind == "fall" for event in self.home.events if event.happened in _TOLD)
        came = any(one.kind == "fall" for verdict in self.home.last for one in verdict.declined)
        if told or came:
            self.asked_at = None
        if self.asked_at is not None:
            assert self.home.now <= self.asked_at + ANSWER_S + 1.0, "asked, and forgotten"

    @invariant()
    def one_happening_is_one_alarm(self) -> None:
        unattended = [(a.subject.id, a.kind) for a in self.home.open if a.state is not State.ATTENDED]
        assert len(set(unattended)) == len(unattended), sorted(unattended)

    @invariant()
    def nothing_closes_by_itself(self) -> None:
        for event in self.home.events:
            assert signed(event), event
            if event.happened is not Happened.SOUNDED:
                assert event.reasons or event.happened in (Happened.SEEN, Happened.ATTENDED), event
            for reason in event.reasons:
                for words in WORDS[reason.code]:
                    words.format(**dict(reason.values))

    @invariant()
    def its_events_tell_all(self) -> None:
        engine = self.home.judge.engine
        alarms, standing = self.home.told()
        assert alarms == {alarm.id: alarm for alarm in engine.open}
        assert shelves_of(standing) == set(engine.quiet.shelves)
        pauses = [one for one in standing.values() if isinstance(one, Pause)]
        assert pauses == [one for one in (engine.quiet.audio_paused,) if one]
        assert tasks_of(standing) == set(self.home.judge.tasks.open)
        held = {(one.findings[0].subject, one.findings[0].kind) for one in held_of(standing, closed=False).values()}
        assert held == {(one.subject, one.kind) for one in engine.suppressed}

    @invariant()
    def it_stays_small(self) -> None:
        for alarm in self.home.open:
            assert len(alarm.reasons) <= REASONS_KEPT
            assert len(alarm.reasons) > 0
            assert len(alarm.devices) <= len(BINDINGS) + len(SITE.residents)
            assert len(alarm.told) <= 8


def _told_by(alarm: Alarm) -> set[tuple[str, str]]:
    """Whom or what, and the kinds, that an alarm tells of."""
    return {(alarm.subject.id, alarm.kind), *((one.subject.id, one.kind) for one in alarm.also)}


FAST = settings(
    max_examples=40, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
DEEP = settings(FAST, max_examples=1000, stateful_step_count=60, derandomize=False)


def test_whatever_happens_nobody_is_left_without_a_word() -> None:
    run_state_machine_as_test(Ward, settings=FAST)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_whatever_happens_and_for_long() -> None:
    run_state_machine_as_test(Ward, settings=DEEP)
