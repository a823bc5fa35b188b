"""The test of buzzers in the real daemon, through the deaths of sounder and core; and when nobody can hear."""

import asyncio
import json
import resource
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agent.app.ears import DEBOUNCE_S
from agent.panel.client import ApiClient
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident
from tests.end_to_end.sound import heard
from tests.waiting import answered, until


async def sound(daemon: Daemon, *words: str) -> tuple[int, str]:
    """`nightlamp sound …`: its status and all that it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent.cli", "sound", *words, "--config", str(daemon.config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=daemon.environment,
    )
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


async def tasks(daemon: Daemon) -> list[dict[str, Any]]:
    state = await daemon.get("/api/v1/state")
    return [task for task in state["tasks"] if task["kind"] == "confirm_sound"]


async def task(daemon: Daemon, there: bool = True) -> None:
    """Wait until there is such a task, or none."""
    await answered(lambda: tasks(daemon), lambda found: bool(found) is there, 15.0, lambda: daemon.log[-3000:])


async def asked(daemon: Daemon) -> None:
    """Ask for a test, again until there is a sounder to hold it."""
    end = time.monotonic() + 15.0
    while True:
        status, told = await sound(daemon, "test", "--json")
        if status == 0:
            assert json.loads(told) == {"asked": True}
            return
        assert time.monotonic() < end, told


@asynccontextmanager
async def looking(daemon: Daemon) -> AsyncIterator[None]:
    """A terminal that shows and sounds what is open, and says so."""
    client = ApiClient(daemon.config / "run" / "api.sock")
    reader, writer = await asyncio.open_unix_connection(str(daemon.config / "run" / "api.sock"))
    writer.write(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with asyncio.timeout(5):
        await reader.readuntil(b"event: state\n")
    answering = asyncio.create_task(_answer(reader, client))
    try:
        yield
    finally:
        answering.cancel()
        writer.transport.abort()
        await asyncio.gather(answering, return_exceptions=True)


async def _answer(reader: asyncio.StreamReader, client: ApiClient) -> None:
    """At each event of the stream."""
    while line := await reader.readline():
        if line.startswith(b"data: "):
            answer = {"stream": json.loads(line.removeprefix(b"data: "))["stream"], "sounds": True}
            await asyncio.to_thread(client.post, "/api/v1/live/answer", answer)


async def test_a_confirmation_outlives_sounder_and_core(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        await asked(daemon)
        await task(daemon)
        assert heard(home.lines).rises, "it was to be heard"
        await daemon.kill()
        await daemon.start()
        await daemon.ready()
        (open_,) = await tasks(daemon)
        assert (open_["subject"]["id"], open_["words"]["title"]) == ("bench", "Was the buzzer heard?")
        old = daemon.pid_of("sounder")
        daemon.send(signal.SIGKILL, "sounder")
        await daemon.runs("sounder", other_than=old)
        await home.heard_by(daemon)
        assert await tasks(daemon), "the new one knows nothing of it, the core does"
        status, told = await sound(daemon, "heard", "bell")
        assert status == 1
        assert "there are: bench" in told
        status, told = await sound(daemon, "heard", "bench")
        assert (status, told) == (0, "bench: confirmed\n")
        await task(daemon, there=False)
        assert daemon.tracebacks == []


async def test_a_sounder_killed_in_its_test_tests_again_when_asked(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        await asked(daemon)
        await until(lambda: heard(home.lines).rises, "it plays")
        old = daemon.pid_of("sounder")
        daemon.send(signal.SIGKILL, "sounder")
        await daemon.runs("sounder", other_than=old)
        assert await tasks(daemon) == []
        await asked(daemon)
        await task(daemon)
        button = {"act": "task_done", "device": "bench", "value": "confirm_sound"}
        await asyncio.to_thread(ApiClient(daemon.config / "run" / "api.sock").post, "/api/v1/acts", button)
        await task(daemon, there=False)
        assert [one["kind"] for one in await daemon.alarms()] == []


@pytest.mark.slow
async def test_an_output_that_cannot_be_written_is_deaf_unless_a_panel_sounds(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        async with looking(daemon):
            full = fill(home, daemon)
            fault = await daemon.alarm("annunciator_fault", "annunciator:bench")
            assert fault["priority"] == "high"
            home.buttons[0].press()
            call = await daemon.alarm("sos", resident(0))
            while (state := await daemon.get("/api/v1/state"))["at"] < fault["raised_at"] + DEBOUNCE_S + 2:
                assert "nobody_hears" not in {one["kind"] for one in state["alarms"]}
                await asyncio.sleep(0.2)
        deaf = await daemon.alarm("nobody_hears")
        assert "every buzzer is dead" in str(deaf["words"])
        assert call["id"] not in heard(home.lines).began
        await daemon.kill()
        await daemon.start()
        await daemon.ready()
        assert (await daemon.alarm("nobody_hears"))["id"] == deaf["id"], "a restart makes nobody hear"
        resource.prlimit(daemon.pid_of("sounder"), resource.RLIMIT_FSIZE, full)
        await daemon.over(deaf["id"])
        await until(lambda: call["id"] in heard(home.lines).began, "it sounds after all")
        assert daemon.tracebacks == []


def fill(home: Home, daemon: Daemon) -> tuple[int, int]:
    """The sounder's disk is full; gives the limits that make it empty again."""
    before = resource.prlimit(daemon.pid_of("sounder"), resource.RLIMIT_FSIZE)
    size = home.lines.stat().st_size
    resource.prlimit(daemon.pid_of("sounder"), resource.RLIMIT_FSIZE, (min(size, 1), before[1]))
    return before
