"""Who may speak to the core, and what happens to those who may not."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.app.core_socket import CoreSocket
from agent.wire import Message, WireError, encode
from agent.wire_connection import WireConnection
from tests.waiting import until


class Ear:
    """A role that writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.joins = 0
        self.leaves: list[str] = []

    def joined(self, connection: WireConnection) -> None:
        self.joins += 1

    def take(self, message: Message) -> None:
        if message["t"] == "lie":
            raise WireError("a lie")
        self.heard.append(message)

    def left(self, why: str) -> None:
        self.leaves.append(why)


class Bench:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.ear = Ear()
        self.task = asyncio.create_task(CoreSocket(path, {"vision": self.ear}).run())

    async def call(self, *lines: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_unix_connection(str(self.path))
        for line in lines:
            writer.write(line)
        return reader, writer


@pytest.fixture
async def bench(run_folder: Path) -> AsyncIterator[Bench]:
    bench = Bench(run_folder / "core.sock")
    await until(bench.path.exists, "listening")
    yield bench
    bench.task.cancel()
    await asyncio.gather(bench.task, return_exceptions=True)


def hello(role: str = "vision", pid: int | None = None) -> bytes:
    return encode("hello", role=role, pid=os.getpid() if pid is None else pid)


async def test_a_process_of_ours_is_heard_until_it_goes(bench: Bench) -> None:
    _, writer = await bench.call(hello(), encode("beat", at=1))
    await until(lambda: len(bench.ear.heard) == 2, "heard")
    writer.close()
    await writer.wait_closed()
    await until(lambda: bench.ear.leaves, "left")


@pytest.mark.parametrize(
    "line",
    [
        encode("beat", at=1),
        hello("nobody"),
        hello(pid=1),
        encode("hello", role=["vision"], pid=os.getpid()),
        b"GET / HTTP/1.1\n",
        b"\xff" * 70_000,
    ],
)
async def test_who_does_not_say_who_he_is_gets_no_hearing(bench: Bench, line: bytes) -> None:
    reader, writer = await bench.call(line)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    assert (bench.ear.joins, bench.ear.heard) == (0, [])


async def test_a_liar_is_cut_off(bench: Bench) -> None:
    reader, writer = await bench.call(hello(), encode("lie"), encode("beat", at=1))
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    await until(lambda: bench.ear.leaves == ["a lie"], "the reason is known")


async def test_the_newest_of_a_role_wins(bench: Bench) -> None:
    first_reader, first = await bench.call(hello())
    await until(lambda: bench.ear.joins == 1, "the first")
    _, second = await bench.call(hello())
    await until(lambda: bench.ear.joins == 2, "the second")
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await first_reader.readexactly(1)
    assert bench.ear.leaves == []
    second.write(encode("beat", at=2))
    await until(lambda: bench.ear.heard[-1]["t"] == "beat", "the second is heard")
    for writer in (first, second):
        writer.close()
    await until(lambda: bench.ear.leaves, "gone")
