"""Pagers, called by the real sounder process over a serial line."""

from pathlib import Path
from typing import Any

import pytest

from agent.annunciators.settings import AnnunciatorSettings, PagerSettings
from tests.annunciators.bench import Bench, running
from tests.annunciators.test_board import alarm
from tests.simulator.pager import PagerBase
from tests.waiting import until

ACK = b"\x06"
ROOMS = {"r1": {"room": "205", "name": "欧阳兰"}}


def pagers(folder: Path, **settings: Any) -> AnnunciatorSettings:  # noqa: ANN401 - any setting
    return AnnunciatorSettings(pager=(PagerSettings(**{"name": "dect", "port": str(folder / "base"), **settings}),))


def fall(people: list[str], sounding: bool = True, priority: str = "high", id_: str = "a") -> dict[str, Any]:
    subject = {"kind": "resident", "id": "r1", "room": "205"}
    return {**alarm(id_, priority, sounding), "kind": "fall", "subject": subject, "people": people}


def called(base: PagerBase) -> list[tuple[str, str]]:
    return [(call["1"], call["2"]) for call in base.calls]


async def ready(bench: Bench) -> None:
    await until(lambda: bench.states() == {"dect": "ok"}, "the base answers a poll")
    bench.client.site({"s1": "815", "s2": "816", "s3": ""}, ROOMS)


async def test_whoever_the_ladder_calls_is_paged_once(run_folder: Path) -> None:
    with PagerBase(run_folder / "base") as base:
        async with running(run_folder, pagers(run_folder, beep_high=7)) as bench:
            await ready(bench)
            bench.client.show([fall(["s1", "s3", "nobody"])])
            await until(lambda: bench.of("paged"), "paged")
            assert base.calls == [{"1": "815", "2": "205 Fall", "3": "7", "4": "3", "5": "1", "6": "1"}]
            told = {key: value for key, value in bench.of("paged")[0].items() if key not in ("v", "t")}
            call = {"id": "a", "person": "s1", "pager": "815"}
            assert told == {"name": "dect", **call, "ok": True, "final": True, "detail": ""}
            bench.client.show([fall(["s1", "s2"]), fall(["s1"], priority="medium", id_="b")])
            await until(lambda: len(base.calls) == 3, "the next on the ladder, and another alarm")
            assert [(call["1"], call["6"]) for call in base.calls[1:]] == [("816", "1"), ("815", "2")]
            bench.client.show([fall(["s1", "s2"], sounding=False)])
            bench.client.show([fall(["s1", "s2"])])
            await until(lambda: len(base.calls) == 5, "nobody came, so it sounds and calls again")
            assert not bench.of("sounded"), "a pager is not heard here"


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"encoding": "gb18030", "names": "surname"}, "205 跌倒 欧阳"),
        ({"encoding": "gb18030", "names": "full"}, "205 跌倒 欧阳兰"),
        ({"names": "full"}, "205 Fall"),
        ({"form": "7E1", "checksum": "xor7"}, "205 Fall"),
    ],
)
async def test_text_and_checksum(run_folder: Path, settings: dict[str, Any], text: str) -> None:
    encoding = settings.get("encoding", "ascii")
    with PagerBase(run_folder / "base", encoding=encoding, mask="checksum" in settings) as base:
        async with running(run_folder, pagers(run_folder, **settings)) as bench:
            await ready(bench)
            bench.client.show([fall(["s1"])])
            await until(lambda: called(base) == [("815", text)], "paged")


async def test_a_refused_call_is_tried_again(run_folder: Path) -> None:
    with PagerBase(run_folder / "base") as base:
        base.refuse = 1
        async with running(run_folder, pagers(run_folder)) as bench:
            await ready(bench)
            bench.client.show([fall(["s1"])])
            await until(lambda: called(base) == [("815", "205 Fall")], "paged")
            await until(lambda: bench.of("paged"), "the call is told")
            assert [said["ok"] for said in bench.of("paged")] == [True]
            assert bench.states() == {"dect": "ok"}


async def test_a_pager_that_the_base_does_not_know_is_told_and_holds_nobody_up(run_folder: Path) -> None:
    with PagerBase(run_folder / "base") as base:
        async with running(run_folder, pagers(run_folder)) as bench:
            await ready(bench)
            base.refuse, base.refuse_with = 1, "3"
            bench.client.show([fall(["s1", "s2"])])
            await until(lambda: bench.states() == {"dect": "fault"}, "told")
            assert "pager's number" in bench.of("status")[-1]["annunciators"]["dect"]["detail"]
            await until(lambda: len(bench.of("paged")) == 2, "the other one is paged")
            assert called(base) == [("816", "205 Fall")]
            told = [(said["person"], said["ok"], said["final"]) for said in bench.of("paged")]
            assert told == [("s1", False, True), ("s2", True, True)]


async def test_a_base_that_is_back_gets_what_it_missed(run_folder: Path) -> None:
    with PagerBase(run_folder / "base") as base:
        async with running(run_folder, pagers(run_folder, poll_s=0.2)) as bench:
            await ready(bench)
            base.tty.unplug()
            await until(lambda: bench.states() == {"dect": "fault"}, "unplugged")
            bench.client.show([fall(["s1"])])
            base.tty.plug()
            await until(lambda: bench.of("paged"), "paged after all")
            assert called(base) == [("815", "205 Fall")]
            before = base.tty.received.count(ACK)
            base.tell_status("815", "3")
            await until(lambda: base.tty.received.count(ACK) == before + 2, "its word is acknowledged")


@pytest.mark.slow
async def test_a_base_that_says_nothing_any_more_is_a_fault(run_folder: Path) -> None:
    with PagerBase(run_folder / "base") as base:
        async with running(run_folder, pagers(run_folder, poll_s=0.2)) as bench:
            await ready(bench)
            base.dead = True
            await until(lambda: bench.states() == {"dect": "fault"}, "three polls without an answer", 15.0)
            base.dead = False
            await until(lambda: bench.states() == {"dect": "ok"}, "it answers again")
