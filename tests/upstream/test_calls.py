"""Calls out by the real process: once each, never late, never in each other's way."""

import os
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.store import reader
from agent.store.entry import Entry, Lane
from agent.upstream.call_settings import CallSettings
from agent.upstream.link import CallState, CallTold
from tests.simulator.bad_network import BadNetwork
from tests.simulator.call_receiver import CallReceiver
from tests.simulator.platform import Platform
from tests.upstream.gateway import Gateway
from tests.waiting import until

WELL = CallState()
SLOW_S = 40.0


@pytest.fixture
def receiver() -> Iterator[CallReceiver]:
    receiver = CallReceiver()
    receiver.start()
    yield receiver
    receiver.stop()


@asynccontextmanager
async def running(folder: Path, tmp_path: Path, *calls: CallSettings, **settings: object) -> AsyncIterator[Gateway]:
    platform = Platform(tmp_path / "platform")
    await platform.start()
    network = BadNetwork("127.0.0.1", platform.port)
    await network.start()
    gateway = Gateway(folder, platform, network, call=calls, **settings)
    try:
        await gateway.start()
        await until(lambda: gateway.online, "online")
        yield gateway
    finally:
        await gateway.stop()
        await network.stop()
        await platform.stop()


def tell(gateway: Gateway, alarm: str, told: tuple[str, ...], state: str = "raised", ago_s: float = 0.0) -> str:
    """An alarm event as the core keeps it; gives its id."""
    clock = gateway.keeping.clock
    body: dict[str, Any] = {
        "id": alarm, "kind": "fall", "priority": "high", "state": state, "told": list(told), "people": ["s-1"],
        "subject": {"kind": "resident", "id": "r-1", "room": "201"}, "call": {"callback": "+86 21"},
    }  # fmt: skip
    entry = Entry(
        str(uuid.uuid4()), "nightlamp.alarm.escalated.v1", clock.stamp(clock.monotonic() - ago_s), "r-1",
        {"happened": "escalated", "alarm": body}, "system", alarm, state != "closed",
    )  # fmt: skip
    gateway.keeping.store.put(Lane.ALARMS, entry)
    return entry.id


def done(gateway: Gateway, name: str = "x") -> bool:
    return reader.outstanding(gateway.keeping.folder, Lane.ALARMS, f"call:{name}") == ()


async def test_one_call_when_the_role_is_told_and_none_again(
    run_folder: Path, tmp_path: Path, receiver: CallReceiver
) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("s3cret\n")
    call = CallSettings(
        "x", receiver.url, kind="call_12349", headers={"Authorization": "Bearer {secret}"}, secret_file=str(secret)
    )
    async with running(run_folder, tmp_path, call) as gateway:
        tell(gateway, "a", ("assigned_carer",))
        first = tell(gateway, "a", ("assigned_carer", "platform"))
        tell(gateway, "a", ("assigned_carer", "platform"))
        second = tell(gateway, "b", ("platform",))
        await until(lambda: receiver.keys == [first, second] and done(gateway), "called")
        taken = receiver.requests[0]
        assert taken.headers["authorization"] == "Bearer s3cret"
        assert (taken.body["room"], taken.body["person"], taken.body["reason"]) == ("201", "r-1", "跌倒")
        await until(lambda: gateway.core.link.state.calls == {"x": WELL}, "told to the core")
        assert gateway.core.calls == [
            CallTold("x", alarm, made=True, failed=0, why="", final=True) for alarm in ("a", "b")
        ]
        os.kill(gateway.satellite.pid, signal.SIGKILL)
        await until(lambda: not gateway.online and gateway.downs, "down")
        await until(lambda: gateway.online, "again")
        third = tell(gateway, "c", ("platform",))
        await until(lambda: len(receiver.requests) >= 3, "called")
        assert receiver.keys == [first, second, third]


async def test_a_dead_receiver_holds_neither_the_push_nor_another(
    run_folder: Path, tmp_path: Path, receiver: CallReceiver
) -> None:
    other = CallReceiver()
    other.start()
    other.hang()
    try:
        calls = (CallSettings("dead", other.url), CallSettings("x", receiver.url))
        async with running(run_folder, tmp_path, *calls) as gateway:
            event = tell(gateway, "a", ("platform",))
            await until(lambda: receiver.keys == [event] and other.keys == [event], "both tried")
            await until(lambda: [row["id"] for row in gateway.platform.kept()] == [event], "pushed")
            assert not done(gateway, "dead")
    finally:
        other.stop()


async def test_it_is_tried_again_under_the_same_key_and_told_meanwhile(
    run_folder: Path, tmp_path: Path, receiver: CallReceiver
) -> None:
    receiver.status = 503
    async with running(run_folder, tmp_path, CallSettings("x", receiver.url)) as gateway:
        event = tell(gateway, "a", ("platform",))
        await until(lambda: gateway.core.link.state.calls.get("x", WELL).failed >= 2, "told", SLOW_S)
        assert gateway.core.link.state.calls["x"].why == "HTTP 503"
        first, second = (CallTold("x", "a", made=False, failed=n, why="HTTP 503", final=False) for n in (1, 2))
        assert gateway.core.calls[:2] == [first, second]
        receiver.status = 200
        await until(lambda: done(gateway), "made", SLOW_S)
        assert set(receiver.keys) == {event}
        tries = len(receiver.requests) - 1
        assert gateway.core.calls[-1] == CallTold("x", "a", made=True, failed=tries, why="", final=True)
        await until(lambda: gateway.core.link.state.calls == {"x": WELL}, "well again")


async def test_whoever_came_ends_the_tries(run_folder: Path, tmp_path: Path, receiver: CallReceiver) -> None:
    receiver.status = 503
    async with running(run_folder, tmp_path, CallSettings("x", receiver.url)) as gateway:
        tell(gateway, "a", ("platform",))
        await until(lambda: receiver.requests, "tried")
        tell(gateway, "a", ("platform",), "attended")
        await until(lambda: done(gateway), "given up")
        await until(lambda: gateway.core.calls[-1].final, "whoever looks at the alarm is told so")
        tries = len(receiver.requests)
        assert gateway.core.calls[-1] == CallTold("x", "a", made=False, failed=tries, why="HTTP 503", final=True)


async def test_a_refusal_is_final_and_an_old_call_is_not_made(
    run_folder: Path, tmp_path: Path, receiver: CallReceiver
) -> None:
    receiver.status = 400
    async with running(run_folder, tmp_path, CallSettings("x", receiver.url)) as gateway:
        tell(gateway, "old", ("platform",), ago_s=601)
        event = tell(gateway, "a", ("platform",), ago_s=590)
        await until(lambda: receiver.requests and done(gateway), "given up")
        assert receiver.keys == [event]
        await until(lambda: gateway.core.link.state.calls["x"] == CallState(2, "HTTP 400"), "told")
        assert gateway.core.calls == [
            CallTold("x", "old", made=False, failed=0, why="too late", final=True),
            CallTold("x", "a", made=False, failed=1, why="HTTP 400", final=True),
        ]


async def test_nobody_there_is_told(run_folder: Path, tmp_path: Path, receiver: CallReceiver) -> None:
    receiver.stop()
    async with running(run_folder, tmp_path, CallSettings("x", receiver.url)) as gateway:
        tell(gateway, "a", ("platform",))
        await until(lambda: gateway.core.calls, "told", SLOW_S)
        assert gateway.core.calls[0] == CallTold("x", "a", made=False, failed=1, why="no answer", final=False)


async def test_calls_go_out_without_a_platform(run_folder: Path, tmp_path: Path, receiver: CallReceiver) -> None:
    async with running(run_folder, tmp_path, CallSettings("x", receiver.url), url="") as gateway:
        event = tell(gateway, "a", ("platform",))
        await until(lambda: receiver.keys == [event] and done(gateway), "called")
        assert gateway.online
        assert gateway.platform.requests == []
