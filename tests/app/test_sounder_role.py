"""What goes to the sounder and what comes of its word, over a real socket with a sounder that says what it is told."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.alarms.alarm import Action, Cause, Command, CommandError
from agent.annunciators.settings import AnnunciatorSettings
from agent.detection.acts import Act
from agent.residents import Resident, Site
from tests.app.sounder_bench import BENCH, OK, SETTINGS, Bench, running
from tests.waiting import until


@pytest.fixture
async def bench(run_folder: Path) -> AsyncIterator[Bench]:
    async for made in running(Bench(run_folder, SETTINGS)):
        yield made


async def test_names_and_pagers_go_out_first_and_into_no_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert [message["t"] for message in bench.sounder.heard if message["t"] != "beat"] == ["site", "open"]
    (site,) = bench.sounder.of("site")
    assert (site["pagers"], site["rooms"]) == ({"s-1": "815"}, {"r-1": {"room": "205", "name": "王秀英"}})
    bench.role.use(Site.of([Resident("r-2", "乙", "206")], ()))
    await until(lambda: len(bench.sounder.of("site")) == 2, "told of the change")
    changed = bench.sounder.of("site")[1]
    assert (changed["pagers"], changed["rooms"]) == ({}, {"r-2": {"room": "206", "name": "乙"}})
    assert "王秀英" not in caplog.text


async def test_alarms_go_out_as_they_are_and_what_sounded_is_kept(bench: Bench) -> None:
    alarm = bench.press()
    await until(lambda: bench.sounder.of("open")[-1]["alarms"], "shown")
    assert [one["id"] for one in bench.sounder.of("open")[-1]["alarms"]] == [alarm.id]
    bench.sounder.say("sounded", id=alarm.id, at=1000.1)
    await until(lambda: "sounded" in bench.events, "kept")


async def test_a_question_is_asked_where_a_loudspeaker_is_and_in_its_language(bench: Bench) -> None:
    await bench.works("bed 205", "bed 206")
    for room in ("204", "206", "205"):
        bench.ask(room)
    await until(lambda: len(bench.sounder.of("prompt")) == 2, "asked")
    asked = [(one["room"], one["text"]) for one in bench.sounder.of("prompt")]
    assert asked == [
        ("206", "Are you all right? Press your button if you need help."),
        ("205", "您还好吗？需要帮助请按呼叫按钮。"),
    ]
    ids = [one["id"] for one in bench.sounder.of("prompt")]
    assert len(set(ids)) == 2
    answer = {"name": "bed 206", "id": ids[0], "room": "206", "busy": False, "ok": True, "detail": ""}
    bench.sounder.say("prompted", **answer)
    bench.sounder.say("prompted", **answer)
    await until(lambda: len(bench.calls) == 2, "kept, whichever loudspeaker answers")
    assert bench.calls == [("prompted", "206", {"output": "bed 206", "ok": True, "detail": ""})] * 2


async def test_a_loudspeaker_that_could_not_ask_is_a_fault_and_one_that_was_busy_is_none(bench: Bench) -> None:
    answer = {"name": "bed 205", "id": "r-1:q", "room": "205", "busy": False, "ok": False}
    bench.sounder.say("prompted", **{**answer, "busy": True, "detail": "an alarm sounds"})
    bench.sounder.say("prompted", **{**answer, "name": "", "detail": "no loudspeaker for room 205"})
    await bench.taken()
    assert set(bench.faults()) == {"annunciator:mark"}
    bench.sounder.say("prompted", **{**answer, "detail": "no speech: espeak-ng is missing"})
    bench.sounder.say("status", annunciators={"bed 205": OK}, deaf=False, testing="")
    await bench.taken()
    assert "205: no speech: espeak-ng" in bench.faults()["annunciator:bed 205"], "nor does its status end it"
    bench.sounder.say("prompted", **{**answer, "ok": True, "detail": ""})
    await until(lambda: set(bench.faults()) == {"annunciator:mark"}, "it works again")


async def test_a_pager_that_the_base_does_not_know_is_a_fault_until_it_is_reached(bench: Bench) -> None:
    alarm = bench.press()
    call = {"name": "dect", "id": alarm.id, "person": "s-1", "final": True}
    bench.sounder.say("paged", **call, pager="815", ok=False, detail="unknown pager")
    bench.sounder.say("paged", **call, pager="816", ok=True, detail="")
    await until(lambda: "annunciator:dect" in bench.faults(), "told")
    kept = {"alarm": alarm.id, "output": "dect", "person": "s-1", "ok": False, "detail": "unknown pager"}
    assert bench.calls[0] == ("paged", "r-1", kept)
    assert (bench.calls[1][1], bench.calls[1][2]["ok"]) == ("r-1", True)
    for action in (Action.SEE, Action.ATTEND, Action.CLOSE):
        cause = Cause.ASSISTED if action is Action.CLOSE else None
        bench.flow.command(Command(action, alarm.id, "panel:wang", cause))
    bench.tick()
    assert "815: unknown pager" in bench.faults()["annunciator:dect"]
    bench.sounder.status(dect={**OK, "state": "fault", "detail": "does not answer"})
    await until(
        lambda: any(one.detail == "does not answer" for one in bench.parts.statuses()), "its device explains it"
    )
    bench.sounder.status(dect=OK)
    bench.sounder.say("paged", **call, pager="815", ok=True, detail="")
    await until(lambda: bench.faults() == {}, "reached")


async def test_a_call_that_is_tried_again_is_a_fault_as_long_as_its_alarm_is_open(bench: Bench) -> None:
    alarm = bench.press()
    call = {"name": "dect", "id": alarm.id, "person": "s-1", "pager": "815"}
    bench.sounder.say("paged", **call, final=False, ok=False, detail="busy")
    await until(lambda: "annunciator:dect" in bench.faults(), "told")
    bench.tick()
    assert "annunciator:dect" in bench.faults()
    bench.flow.command(Command(Action.SEE, alarm.id, "panel:wang"))
    bench.flow.command(Command(Action.ATTEND, alarm.id, "panel:wang"))
    bench.flow.command(Command(Action.CLOSE, alarm.id, "panel:wang", Cause.ASSISTED))
    bench.tick()
    assert bench.faults() == {}


async def test_when_every_buzzer_is_dead_and_no_panel_is_open_it_is_said_after_five_seconds(bench: Bench) -> None:
    dead = {**OK, "state": "fault", "detail": "unplugged"}
    bench.sounder.status(bench=OK)
    await until(lambda: any(one.name == "annunciator:bench" for one in bench.parts.statuses()), "heard")
    bench.sounder.status(deaf=True, bench=dead)
    await until(lambda: "annunciator:bench" in bench.faults(), "its fault stands at once")
    bench.tick(4.0)
    assert bench.faults("nobody_hears") == {}
    bench.tick(1.0)
    (why,) = bench.faults("nobody_hears").values()
    assert "every buzzer is dead" in why
    bench.panels = 1
    bench.tick()
    assert bench.faults("nobody_hears") == {}
    assert "annunciator:bench" in bench.faults(), "a panel hears for it, and it is to be mended all the same"
    bench.panels = 0
    bench.tick(5.0)
    assert bench.faults("nobody_hears") != {}
    bench.sounder.status(bench=OK)
    await until(lambda: bench.faults("nobody_hears") == {}, "it sounds again")


async def test_a_sounder_that_is_gone_makes_deaf_too(bench: Bench) -> None:
    bench.sounder.status()
    await until(lambda: any(one.name == "annunciator:bench" for one in bench.parts.statuses()), "heard")
    bench.tick()
    bench.sounder.writers[-1].close()
    await until(lambda: len(bench.sounder.writers) == 2, "it comes back, and does not greet")
    bench.tick(4.0)
    assert bench.faults("nobody_hears") == {}
    bench.tick(1.0)
    assert "no connection" in next(iter(bench.faults("nobody_hears").values()))
    assert "no connection" in bench.faults("sounder_down")["sounder"]
    bench.sounder.say("held", alarms=[])
    bench.sounder.status()
    await until(lambda: bench.faults("nobody_hears") == {}, "it is back")
    assert bench.faults("sounder_down") == {}


async def test_without_an_output_nobody_was_ever_to_hear(run_folder: Path) -> None:
    async for bench in running(Bench(run_folder, AnnunciatorSettings())):
        bench.sounder.writers[-1].close()
        bench.tick(60.0)
        assert bench.faults("nobody_hears") == {}
        assert "annunciators.toml" in bench.faults()["annunciator:none"]
        with pytest.raises(CommandError, match=r"annunciators\.toml"):
            bench.role.test()


async def test_a_test_is_asked_for_waits_and_is_confirmed_by_name(bench: Bench) -> None:
    bench.role.test()
    await until(lambda: bench.sounder.of("test"), "asked")
    bench.sounder.status(bench={**OK, "test": "waiting", "tested_at": bench.now})
    await until(lambda: bench.flow.judge.tasks.open, "a task")
    bench.now += 60.0
    bench.flow.act(Act("heard", BENCH, bench.now, "panel:wang"))
    await until(lambda: bench.sounder.of("heard"), "told")
    assert (bench.sounder.of("heard")[0]["name"], bench.sounder.of("heard")[0]["by"]) == ("bench", "panel:wang")
    assert bench.flow.judge.tasks.open == ()
    bench.sounder.status(bench={**OK, "test": "waiting", "tested_at": bench.now - 60.0})
    await until(lambda: len(bench.sounder.of("heard")) == 2, "it has not read that yet: told again")
    assert bench.sounder.of("heard")[1]["by"] == "panel:wang"
    assert bench.flow.judge.tasks.open == ()


async def test_other_acts_are_none_of_the_sounder_s(bench: Bench) -> None:
    bench.role.acted(Act("task_done", BENCH, bench.now, "panel:wang", "charge_device"))
    bench.role.acted(Act("maintenance", BENCH, bench.now, "panel:wang"))
    bench.role.acted(Act("task_done", BENCH, bench.now, "panel:li", "confirm_sound"))
    await until(lambda: bench.sounder.of("heard"), "told")
    assert [one["by"] for one in bench.sounder.of("heard")] == ["panel:li"]


async def test_without_a_sounder_nothing_can_be_tested(run_folder: Path) -> None:
    bench = Bench(run_folder, SETTINGS)
    with pytest.raises(CommandError, match="does not run") as caught:
        bench.role.test()
    assert caught.value.code == "no_sounder"


async def test_what_it_holds_counts_once(bench: Bench) -> None:
    """Connected again it can only repeat what we told it, and may have missed what we closed."""
    alarm = bench.press()
    held = {**alarm.to_json(), "id": "other"}
    bench.sounder.writers[-1].close()
    await until(lambda: len(bench.sounder.writers) == 2, "again")
    bench.sounder.say("held", alarms=[held])
    await bench.taken()
    assert "other" not in {one.id for one in bench.flow.open}


async def test_a_sounder_that_breaks_the_contract_is_hung_up_on_and_nothing_else_ends(bench: Bench) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("status", {"annunciators": [1]}),
        ("status", {"annunciators": {"bench": {**OK, "test": "perhaps"}}, "deaf": False}),
        ("sounded", {}),
        ("paged", {"name": "dect"}),
    ]
    for number, (kind, fields) in enumerate(wrong, 1):
        bench.sounder.say(kind, **fields)
        await until(lambda number=number: len(bench.sounder.writers) == number + 1, f"{kind}: a new connection")  # type: ignore[misc]
        bench.sounder.say("held", alarms=[])
    bench.sounder.say("of another version", what=1)
    await bench.taken()
    assert len(bench.sounder.writers) == len(wrong) + 1


async def test_a_process_that_cannot_start_is_a_fault_after_its_time(bench: Bench) -> None:
    bench.role.down("")
    bench.role.down("it ended (status 1)")
    bench.tick(4.0)
    assert bench.faults("sounder_down") == {}
    bench.tick(1.0)
    assert "status 1" in bench.faults("sounder_down")["sounder"]


async def test_it_goes_in_order(bench: Bench) -> None:
    bench.role.bye()
    await until(lambda: bench.sounder.of("bye"), "told")
