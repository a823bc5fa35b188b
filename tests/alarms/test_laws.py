"""The sentences of the design's alarm life cycle as laws over random findings, commands, time and restarts."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Alarm, Command, Happened, State
from agent.alarms.escalation import Escalation
from agent.alarms.evidence import REASONS_KEPT, as_findings
from agent.alarms.parted import has_parted
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Suppressed
from agent.detection.ward import PRESENT_S
from agent.residents import Subject
from agent.rules.finding import Finding
from agent.rules.kinds import KINDS, Hold
from agent.rules.reason import because
from tests.alarms.engines import alarms
from tests.alarms.life import HELP, HIGH, LAWS, SITE, STREAMS, WHO, Life, finds, lived


@LAWS
@given(STREAMS, finds(HELP))
def test_nothing_suppresses_shelves_thins_or_merges_away_a_call_for_help(
    steps: list[tuple[Any, ...]], call: tuple[Any, ...]
) -> None:
    """Whatever went before: a new press, fall or hazard sounds the moment it is found, if as part of its fall."""
    life = lived(steps)
    _, kind, who, priority, device, _, _ = call
    outcomes = life.step(("find", kind, who, priority, device, True, True))
    assert not [one for one in outcomes if isinstance(one, Suppressed)]
    ours = [
        alarm
        for alarm in life.engine.audible
        if alarm.subject == WHO[who]
        and alarm.state is State.RAISED
        and (kind, device) in {(one.kind, one.device) for one in as_findings(alarm)}
    ]
    assert ours
    assert ours[-1].kind in (kind, KINDS[kind].joins)
    assert ours[-1].sounding


@LAWS
@given(STREAMS)
def test_a_call_for_help_is_never_shelved_nor_held(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        life.step(step)
        assert not {one.kind for one in life.engine.suppressed} & set(HELP)
        assert not {one.kind for one in life.engine.quiet.shelves} & set(HELP)


@LAWS
@given(STREAMS)
def test_staff_presence_holds_back_only_what_it_may_and_ends(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        life.step(step)
        for one in life.engine.suppressed:
            if one.reasons[0] == because("held_back", hold="staff", by="n-1"):
                assert Hold.STAFF in KINDS[one.kind].held_by
                assert one.until - life.now <= PRESENT_S
    life.now += PRESENT_S
    life.engine.tick(life.moment)
    assert not [
        one
        for one in life.engine.suppressed
        if one.reasons[0].code == "held_back" and one.by == "n-1" and not life.people.out(one.subject.id, life.moment)
    ]


def test_the_kinds_that_staff_presence_may_hold_back() -> None:
    """Bed exit, turning, wandering and toilet stay, as the design says, and no other."""
    held = {name for name, kind in KINDS.items() if Hold.STAFF in kind.held_by}
    assert held == {"bed_exit", "not_back_in_bed", "turning_due", "wandering", "toilet_stay"}
    assert not [name for name, kind in KINDS.items() if kind.unsuppressible and kind.held_by]


@LAWS
@given(STREAMS)
def test_evidence_merges_only_for_the_same_resident_and_kind(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    known: dict[str, tuple[str, Subject]] = {}
    for step in steps:
        for event in alarms(life.step(step)):
            assert known.setdefault(event.alarm.id, (event.alarm.kind, event.alarm.subject)) == (
                event.alarm.kind,
                event.alarm.subject,
            )
            if step[0] == "find" and event.happened is Happened.CHANGED and event.alarm.kind == step[1]:
                assert event.alarm.subject == WHO[step[2]]


@LAWS
@given(STREAMS, st.sampled_from(["sos", "fall"]), st.integers(0, 1))
def test_a_new_press_or_fall_after_attended_is_a_new_alarm(steps: list[tuple[Any, ...]], kind: str, who: int) -> None:
    life = lived(steps)
    for alarm in life.engine.open:
        if (alarm.kind, alarm.subject) == (kind, WHO[who]) and alarm.state is not State.ATTENDED:
            life.engine.command(Command(Action.ATTEND, alarm.id, "wang"), life.moment)
    before = {alarm.id for alarm in life.engine.open}
    life.step(("find", kind, who, HIGH, "bed", True, True))
    new = [a for a in life.engine.open if a.id not in before and (a.kind, a.subject) == (kind, WHO[who])]
    assert [(alarm.state, alarm.sounding) for alarm in new] == [(State.RAISED, True)]


@LAWS
@given(STREAMS)
def test_a_flood_thins_no_high_one_and_a_pause_ends_by_itself(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        life.step(step)
        paused = life.engine.quiet.audio_paused
        if paused is not None:
            assert paused.until - life.now <= AlarmSettings().pause_s
        for alarm, heard in zip(life.engine.open, life.engine.audible, strict=True):
            may_be_quiet = paused is not None and alarm.priority <= paused.priority
            if alarm.sounding and (alarm.priority is HIGH or KINDS[alarm.kind].unsuppressible):
                assert heard.sounding or may_be_quiet
    life.now += AlarmSettings().pause_s
    life.engine.tick(life.moment)
    assert life.engine.quiet.audio_paused is None


@LAWS
@given(STREAMS)
def test_no_shelf_outlives_the_shift(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        life.step(step)
        if step[0] == "shelve":
            end = Escalation(site=SITE).shift_end(life.moment)
            assert end is not None
            assert all(shelf.until <= end and shelf.by and shelf.reason for shelf in life.engine.quiet.shelves)


@LAWS
@given(STREAMS)
def test_recovery_never_withdraws_a_fall(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        falls = {a.id for a in life.engine.open if a.kind == "fall"}
        unseen = {a.id for a in life.engine.open if a.kind == "fall" and a.state is State.RAISED}
        life.step(step)
        if step[0] != "command":
            assert falls <= {a.id for a in life.engine.open}
            assert unseen <= {a.id for a in life.engine.open if a.sounding}


@LAWS
@given(STREAMS)
def test_only_people_see_attend_and_close_and_each_step_has_its_time(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        for event in alarms(life.step(step)):
            if event.happened in (Happened.SEEN, Happened.ATTENDED):
                assert step[0] in ("command", "shelve")
            if event.happened is Happened.CLOSED and event.alarm.cause != "restored":
                assert step[0] == "command"
            alarm = event.alarm
            for by, at in (
                (alarm.seen_by, alarm.seen_at),
                (alarm.attended_by, alarm.attended_at),
                (alarm.closed_by, alarm.closed_at),
            ):
                assert bool(by) is (at > 0.0)
                assert at <= life.now
            if alarm.state is State.CLOSED:
                assert alarm.cause


@LAWS
@given(STREAMS, st.text(max_size=600), st.integers(1, 7))
def test_a_note_of_the_platform_changes_nothing_else(steps: list[tuple[Any, ...]], text: str, times: int) -> None:
    life = lived(steps)
    if not life.engine.open:
        return
    before, due, audible = life.engine.open, life.engine.due, life.engine.audible
    for _ in range(times):
        life.step(("note", 0, text))
    noted = life.engine.open[0]
    assert len(noted.notes) == min(5, len(before[0].notes) + times)
    assert len(noted.notes[-1].text) <= 500
    assert noted == type(noted)(**{**_fields(before[0]), "notes": noted.notes, "revision": noted.revision})
    assert life.engine.open[1:] == before[1:]
    assert life.engine.due == due
    assert [a.sounding for a in life.engine.audible] == [a.sounding for a in audible]


def _fields(alarm: Alarm) -> dict[str, Any]:
    return {name: getattr(alarm, name) for name in Alarm.__dataclass_fields__}


@LAWS
@given(STREAMS)
def test_what_is_stored_is_what_is_open_and_a_restart_loses_opens_and_closes_nothing(
    steps: list[tuple[Any, ...]],
) -> None:
    life = lived(steps)
    stored = {id_ for id_, row in life.rows.items() if "record" not in row}
    assert stored == {alarm.id for alarm in life.engine.open}
    assert [life.rows[alarm.id] for alarm in life.engine.open] == [alarm.to_json() for alarm in life.engine.open]
    before, due = life.engine.open, life.engine.due
    held, shelves, paused = life.engine.suppressed, life.engine.quiet.shelves, life.engine.quiet.audio_paused
    outcomes = life.restart(0.0)
    assert {event.happened for event in alarms(outcomes)} <= {Happened.RESTORED}
    assert life.engine.open == before
    assert {(one.kind, one.subject, one.since) for one in life.engine.suppressed} == {
        (one.kind, one.subject, one.since) for one in held
    }
    assert set(life.engine.quiet.shelves) == set(shelves)
    assert life.engine.quiet.audio_paused == paused
    assert life.engine.due <= max(due, life.now + AlarmSettings().chatter.within_s)


@LAWS
@given(STREAMS)
def test_what_sounds_is_unseen_and_holds_latches_or_chatters(steps: list[tuple[Any, ...]]) -> None:
    life = Life()
    for step in steps:
        life.step(step)
        for alarm in life.engine.open:
            assert alarm.sounding == (
                alarm.state is State.RAISED and (alarm.condition or alarm.latching or alarm.chattering)
            )
            assert len(alarm.reasons) <= REASONS_KEPT
            assert Alarm.from_json(alarm.to_json()) == alarm


@LAWS
@given(STREAMS)
def test_what_nobody_has_seen_climbs_and_what_nobody_attends_to_sounds_again(steps: list[tuple[Any, ...]]) -> None:
    """After a tick nothing is overdue: each unseen alarm waits for its rung, each seen one for its 180 s or 10 min."""
    life = lived(steps)
    life.now += 1.0
    life.keep(life.engine.tick(life.moment))
    assert life.engine.due > life.now
    for alarm in life.engine.open:
        ladder = AlarmSettings().ladder(alarm.priority)
        if alarm.state is State.SEEN and ladder.unattended_s:
            assert life.now - alarm.changed_at < ladder.unattended_s
        if alarm.state is State.RAISED and alarm.sounding and alarm.step + 1 < len(ladder.rungs):
            assert life.now - alarm.rung_at < ladder.wait_s(alarm.step)  # type: ignore[operator]


@LAWS
@given(STREAMS)
def test_no_condition_is_forgotten(steps: list[tuple[Any, ...]]) -> None:
    """What a device said last, and still holds, is an alarm, is held back in sight, or was closed by a person.

    Once closed, the word of a device that by the site facts is another's is not waited for.
    """
    life = Life()
    holds: dict[tuple[str, Subject, str], bool] = {}
    for step in steps:
        life.step(step)
        if step[0] == "find":
            holds[(step[1], WHO[step[2]], step[4])] = step[5]
    for (kind, subject, device), active in holds.items():
        parted = has_parted(SITE, Finding(kind, subject, HIGH, 0.0, (), device))
        if active and not KINDS[kind].one_off and not parted:
            open_ = any(device in a.holding for a in life.engine.open if (a.kind, a.subject) == (kind, subject))
            rows = [row for row in life.rows.values() if row.get("record") == "held"]
            kept = any(
                (one["kind"], one["subject"]["id"], one["device"]) == (kind, subject.id, device)
                for row in rows
                for one in row["findings"]
            )
            assert open_ or kept, (kind, subject.id, device)
