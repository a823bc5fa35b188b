"""The real process against a real platform over HTTPS, through a network that goes wrong."""

import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from agent.store import reader
from agent.store.entry import GAP, Lane
from agent.upstream.link import PlatformNote
from tests.simulator.bad_network import BadNetwork
from tests.simulator.platform import Mood, Platform
from tests.store.keeping import Keeping
from tests.upstream.gateway import Gateway
from tests.waiting import until

Build = Callable[..., Awaitable[Gateway]]


@pytest.fixture
async def build(run_folder: Path, tmp_path: Path) -> AsyncIterator[Build]:
    """Starts gateways, with settings of the test's own."""
    platform = Platform(tmp_path / "platform")
    await platform.start()
    network = BadNetwork("127.0.0.1", platform.port)
    await network.start()
    gateways: list[Gateway] = []

    async def build(**settings: object) -> Gateway:
        gateway = Gateway(run_folder, platform, network, **settings)
        gateways.append(gateway)
        await gateway.start()
        return gateway

    yield build
    for gateway in gateways:
        await gateway.stop()
    await network.stop()
    await platform.stop()


@pytest.fixture
async def gateway(build: Build) -> Gateway:
    gateway = await build()
    await until(lambda: gateway.online, "online")
    return gateway


def ids(gateway: Gateway, lane: str = "alarms") -> list[str]:
    return [row["id"] for row in gateway.platform.kept(lane)]


async def test_an_event_arrives_and_its_receipt_is_durable(gateway: Gateway) -> None:
    await until(lambda: gateway.online, "online")
    sent = time.monotonic()
    entry = gateway.alarm()
    await until(lambda: ids(gateway) == [entry.id], "arrived")
    assert gateway.platform.journal[0]["monotonic"] - sent < 1.0
    await until(lambda: gateway.backlog() == {"alarms": 0, "telemetry": 0}, "settled")
    [request] = [request for request in gateway.platform.requests if request.events]
    assert request.compressed
    assert gateway.platform.journal[0]["data"] == entry.data


async def test_after_an_outage_alarms_go_first_and_in_order_then_what_is_live_then_what_is_late(build: Build) -> None:
    gateway = await build(batch=50)
    gateway.reading(0)
    await until(lambda: ids(gateway, "telemetry") and not gateway.backlog()["telemetry"], "arrived, and the answer too")
    gateway.network.cut()
    readings = [gateway.reading(number) for number in range(1, 301)]
    alarms = [gateway.alarm("a", number) for number in range(120)]
    await until(lambda: not gateway.online, "offline is told")
    await until(lambda: gateway.backlog()["telemetry"] == 300 and gateway.backlog()["alarms"] == 120)
    assert gateway.core.link.state.detail
    before = len(gateway.platform.journal)
    gateway.network.restore()
    restored = time.monotonic()
    await until(lambda: len(ids(gateway)) == 120, "all alarms")
    assert gateway.platform.kept()[0]["monotonic"] - restored < 2.5
    live = gateway.reading(301)
    await until(lambda: len(ids(gateway, "telemetry")) == 302, "all readings")
    await until(lambda: gateway.backlog() == {"alarms": 0, "telemetry": 0}, "settled")
    after = gateway.platform.journal[before:]
    assert [row["id"] for row in after[:120]] == [entry.id for entry in alarms]
    late = [row for row in after if row["stream"] == "backfill"]
    assert [row["id"] for row in late] == [entry.id for entry in readings]
    assert [row["id"] for row in after if row["lane"] == "telemetry" and row["stream"] == "live"] == [live.id]
    assert not any(row["duplicate"] for row in gateway.platform.journal)


async def test_a_black_hole_is_given_up_and_heals(build: Build) -> None:
    gateway = await build(deadline_s=1.0, connect_s=1.0)
    await until(lambda: gateway.online)
    gateway.network.blackhole()
    entry = gateway.alarm()
    await until(lambda: not gateway.online, "offline")
    gateway.network.restore()
    await until(lambda: ids(gateway) == [entry.id], "arrived")


async def test_a_reset_in_the_middle_of_an_upload(gateway: Gateway) -> None:
    await until(lambda: gateway.online)
    gateway.network.reset_after_bytes = 20_000
    put = [gateway.keeping.reading(n, noise=os.urandom(400).hex()) for n in range(100)]
    await until(lambda: len(ids(gateway, "telemetry")) == 100, "all arrive")
    assert ids(gateway, "telemetry") == [entry.id for entry in put]
    assert gateway.network.reset_after_bytes is None


async def test_a_lost_reply_costs_one_resend_and_no_second_row(gateway: Gateway) -> None:
    gateway.platform.mood = Mood(lose_reply=True)
    put = [gateway.alarm("a", number) for number in range(10)]
    await until(lambda: len(ids(gateway)) == 10, "kept")
    gateway.platform.mood = Mood()
    await until(lambda: gateway.backlog()["alarms"] == 0, "settled")
    assert ids(gateway) == [entry.id for entry in put]
    assert sum(row["duplicate"] for row in gateway.platform.journal) >= 10


MOODS = {
    "500": Mood(status=500),
    "401": Mood(status=401),
    "a redirect": Mood(status=302),
    "half an answer": Mood(cut_reply=True),
    "a guest network's portal": Mood(garbage=b"<html>sign in</html>"),
    "another shape": Mood(garbage=b'{"accepted": [], "rejected": []}'),
    "nothing taken": Mood(garbage=b'{"accepted": {}, "rejected": []}'),
    "no end of brackets": Mood(garbage=b"[" * 50_000),
    "400 to everything": Mood(status=400),
}


async def test_a_platform_that_says_no_or_nonsense_is_asked_again(gateway: Gateway) -> None:
    put = []
    for name, mood in MOODS.items():
        gateway.platform.mood = mood
        put.append(gateway.alarm().id)
        await until(lambda: not gateway.online, f"offline: {name}")
        assert gateway.backlog()["alarms"] == 1, name
        gateway.platform.mood = Mood()
        await until(lambda: gateway.online and gateway.backlog()["alarms"] == 0, f"settled: {name}")
    assert ids(gateway) == put
    assert reader.rejected(gateway.keeping.folder, Lane.ALARMS, "platform") == []


async def test_a_platform_that_lies_settles_only_what_was_sent(gateway: Gateway) -> None:
    gateway.platform.mood = Mood(lie=True, keep_part=1)
    first = gateway.alarm("a", 1)
    await until(lambda: gateway.backlog()["alarms"] == 0 and ids(gateway) == [first.id])
    gateway.platform.mood = Mood()
    second = gateway.alarm("a", 2)
    await until(lambda: ids(gateway) == [first.id, second.id], "the next one is sent all the same")


async def test_a_platform_that_takes_a_part_gets_the_rest(gateway: Gateway) -> None:
    gateway.platform.mood = Mood(keep_part=3)
    put = [gateway.alarm("a", number) for number in range(20)]
    await until(lambda: gateway.backlog()["alarms"] == 0 and len(ids(gateway)) == 20, "all settled")
    assert ids(gateway) == [entry.id for entry in put]


async def test_refused_events_are_kept_apart_and_hold_nobody(gateway: Gateway) -> None:
    gateway.platform.mood = Mood(reject=lambda event: "unknown code" if event["sequence"] % 3 == 0 else "")
    put = [gateway.alarm("a", number) for number in range(1, 31)]
    await until(lambda: gateway.backlog()["alarms"] == 0 and len(ids(gateway)) == 20, "the others arrive")
    refused = reader.rejected(gateway.keeping.folder, Lane.ALARMS, "platform")
    assert [(row["sequence"], row["id"], row["reason"]) for row in refused] == [
        (n, put[n - 1].id, "unknown code") for n in range(3, 31, 3)
    ]


async def test_one_event_that_spoils_its_batch_is_found_and_set_aside(gateway: Gateway) -> None:
    await until(lambda: gateway.online)
    gateway.network.cut()
    put = [gateway.alarm("a", number) for number in range(40)]
    await until(lambda: gateway.backlog()["alarms"] == 40)
    gateway.platform.mood = Mood(refuse_batch=frozenset({put[17].id}))
    gateway.network.restore()
    await until(lambda: gateway.backlog()["alarms"] == 0, "settled")
    assert ids(gateway) == [entry.id for entry in put if entry is not put[17]]
    [row] = reader.rejected(gateway.keeping.folder, Lane.ALARMS, "platform")
    assert row["sequence"] == 18
    assert row["reason"].startswith("HTTP 400")


async def test_a_dripping_server_does_not_hold_it(build: Build) -> None:
    gateway = await build(deadline_s=1.0)
    await until(lambda: gateway.online)
    pid = gateway.satellite.pid
    gateway.platform.mood = Mood(drip_s=0.3)
    gateway.alarm()
    await until(lambda: not gateway.online, "given up")
    gateway.platform.mood = Mood()
    await until(lambda: gateway.online and gateway.backlog()["alarms"] == 0, "settled")
    assert len(ids(gateway)) == 1
    os.kill(pid, 0)  # the process lives
    gateway.platform.mood = Mood(drip_s=0.3)
    gateway.alarm()
    await until(lambda: not gateway.online, "given up")
    began = time.monotonic()
    await gateway.satellite.stop()
    assert time.monotonic() - began < 1.5


async def test_kill_9_of_the_process_loses_and_doubles_nothing(gateway: Gateway) -> None:
    put = []
    for turn in range(4):
        await until(lambda: gateway.satellite.pid and gateway.core.link.state.online, "online")
        put += [gateway.alarm("a", number) for number in range(50)]
        await until(lambda turn=turn: len(ids(gateway)) > turn * 50, "under way")  # type: ignore[misc]
        os.kill(gateway.satellite.pid, signal.SIGKILL)
        await until(lambda: not gateway.core.link.state.online, "the core has noticed")
    await until(lambda: gateway.backlog()["alarms"] == 0 and len(ids(gateway)) == 200, "all arrive")
    assert ids(gateway) == [entry.id for entry in put]
    assert gateway.downs.count("it ended (SIGKILL)") == 4


async def test_it_goes_on_without_the_core_and_hands_in_its_receipts_later(gateway: Gateway) -> None:
    await until(lambda: gateway.online)
    await gateway.core.stop()
    put = [gateway.keeping.alarm("a", number) for number in range(5)]  # nobody wakes it
    await until(lambda: len(ids(gateway)) == 5, "arrived")
    assert gateway.backlog()["alarms"] == 5
    await gateway.core.start()
    await until(lambda: gateway.backlog()["alarms"] == 0, "settled")
    assert ids(gateway) == [entry.id for entry in put]
    assert not any(row["duplicate"] for row in gateway.platform.journal)


async def test_what_is_not_confirmed_is_said_again_but_not_sent_again(gateway: Gateway) -> None:
    await until(lambda: gateway.online)
    gateway.core.deaf = True
    gateway.alarm()
    await until(lambda: [m for m in gateway.core.said if m["t"] == "receipt"], "receipt")
    gateway.core.deaf = False
    await gateway.core.stop()
    await gateway.core.start()
    await until(lambda: gateway.backlog()["alarms"] == 0, "settled")
    assert len(gateway.platform.journal) == 1


async def test_a_gap_travels_as_an_event_and_settles_its_numbers(build: Build, run_folder: Path) -> None:
    """Both files lost, and only the copy knows how far the numbers went."""
    before = Keeping(run_folder / "state")
    before.open()
    before.alarm("a", 1)
    before.alarm("a", 2)
    before.store.close()
    (run_folder / "state" / "alarms.db").write_bytes(b"garbage" * 1000)
    gateway = await build()
    await until(lambda: ids(gateway), "arrived")
    [gap] = gateway.platform.kept()
    assert (gap["type"], gap["data"]["first"], gap["data"]["last"]) == (GAP, 1, gap["sequence"])
    await until(lambda: gateway.backlog()["alarms"] == 0, "settled")


async def test_a_stranger_is_not_trusted(build: Build, tmp_path: Path) -> None:
    gateway = await build(ca_file="")
    gateway.alarm()
    await until(lambda: "certificate" in gateway.core.link.state.detail, "told")
    assert not gateway.online
    assert gateway.platform.requests == []
    assert gateway.platform.refused == 0  # not even the token went out


async def test_a_token_that_others_may_read_is_not_used(gateway: Gateway) -> None:
    await until(lambda: gateway.online)
    gateway.platform.token_file.chmod(0o644)
    gateway.alarm()
    await until(lambda: "others may read the token" in gateway.core.link.state.detail, "told")
    gateway.platform.token_file.chmod(0o600)
    await until(lambda: len(ids(gateway)) == 1, "arrived")


async def test_notes_of_the_platform_reach_the_core_and_nonsense_among_them_harms_nobody(gateway: Gateway) -> None:
    note = {"alarm": "a", "text": "电话已打给家属", "author": "12349"}
    gateway.platform.mood = Mood(notes=(7, {"alarm": "a"}, {"alarm": 1, "text": "x"}, note, {**note, "close": True}))
    entry = gateway.alarm()
    await until(lambda: len(gateway.core.notes) == 2, "told")
    assert gateway.core.notes == [PlatformNote(**note)] * 2
    await until(lambda: gateway.backlog()["alarms"] == 0 and ids(gateway) == [entry.id], "settled")
