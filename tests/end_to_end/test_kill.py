"""kill -9 of any process, and of a core that was stopped between sound and commit, at twenty moments of an evening."""

import asyncio
import logging
import random
import signal
import time
from contextlib import suppress
from typing import Any

import pytest

from tests.end_to_end.alarm_log import locked, received, stored
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.evening import HEARD_S, Evening, Press
from tests.end_to_end.home import Home
from tests.end_to_end.sound import heard, longest_silence, merged
from tests.end_to_end.test_sounder import PAUSE_S, RESTART_S
from tests.simulator.ward.plan import CLIPS
from tests.waiting import until

_LOGGER = logging.getLogger(__name__)

PRESSERS, BETWEEN = 4, 4
VICTIMS = ("core",) * 7 + ("between",) * BETWEEN + ("sounder",) * 4 + ("upstream",) * 3 + ("vision",) * 2
ARRIVAL_S = 30.0


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize("seed", [1, 2])
async def test_twenty_deaths_in_an_evening(make_home: MakeHome, seed: int) -> None:
    home = await make_home(buttons=PRESSERS + BETWEEN, cameras=(str(CLIPS / "empty.mp4"),), platform=True, seed=seed)
    dice = random.Random(seed)
    async with home.served() as daemon:
        for name in ("vision", "upstream"):
            await daemon.runs(name)
        evening = Evening(home, daemon, dice, PRESSERS)
        pressing, tending = asyncio.create_task(evening.press_on()), asyncio.create_task(evening.tend())
        try:
            await twenty_deaths(evening)
            await ended(pressing)
            home.network.restore()
            await until_quiet(daemon)
        finally:
            await ended(pressing)
            await ended(tending)
        await until(lambda: set(received(home.platform)) == set(stored(home.state)), "all is upstream", ARRIVAL_S)
        await until(lambda: not missing(evening), "every press is upstream", ARRIVAL_S)
        judge(evening)


async def twenty_deaths(evening: Evening) -> None:
    """Each victim dies at a random moment; the network goes and comes beside it."""
    dice, network = evening.dice, evening.home.network
    reserved = iter(range(PRESSERS, PRESSERS + BETWEEN))
    for victim in dice.sample(VICTIMS, len(VICTIMS)):
        await asyncio.sleep(dice.uniform(1.0, 5.0))
        dice.choice((network.cut, network.restore, network.restore))()
        _LOGGER.info("dies: %s", victim)
        if victim == "core":
            died_at = time.monotonic()
            await evening.daemon.kill()
            await restarted(evening, died_at)
        elif victim == "between":
            await stopped_between(evening, next(reserved))
        else:
            await evening.daemon.runs(victim)
            evening.daemon.send(signal.SIGKILL, victim)


async def restarted(evening: Evening, deaf_since: float) -> None:
    """Start the core that was killed, at once as systemd does."""
    await evening.daemon.start()
    _LOGGER.info("ready %.2f s after the start", await evening.daemon.ready())
    await until(lambda: evening.home.bluez.scanning, "it listens to the buttons")
    evening.deaf.append((deaf_since, time.monotonic()))


async def stopped_between(evening: Evening, number: int) -> None:
    """A call sounds but cannot be stored; then the core stops, and dies."""
    daemon, lines = evening.daemon, evening.home.lines
    before = set(heard(lines).began)
    with locked(evening.home.state):
        evening.press(number)
        await until(lambda: set(heard(lines).began) - before, "it sounds")
        daemon.send(signal.SIGSTOP)
        stopped_at = time.monotonic()
        await asyncio.sleep(evening.dice.uniform(0.0, 1.5))
        await evening.daemon.kill()
    await restarted(evening, stopped_at)


async def until_quiet(daemon: Daemon) -> None:
    """Wait until the carers have closed every call."""
    end = time.monotonic() + 60
    while any(alarm["kind"] == "sos" for alarm in await daemon.alarms()) or await daemon.state() is None:
        assert time.monotonic() < end, daemon.log[-2000:]
        await asyncio.sleep(0.1)


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def missing(evening: Evening) -> list[Press]:
    """Presses that a core must have heard and that the platform does not know of."""
    known: dict[str, list[float]] = {}
    for row in calls(evening.home):
        if row["data"]["happened"] in ("raised", "changed"):
            known.setdefault(row["subject"], []).append(row["data"]["alarm"]["changed_at"])
    return [
        press
        for press in evening.presses
        if evening.was_heard(press)
        and not any(press.at <= at <= press.at + HEARD_S for at in known.get(press.resident, ()))
    ]


def calls(home: Home) -> list[dict[str, Any]]:
    """What the platform keeps of calls for help."""
    rows = [row for row in home.platform.kept() if row["type"].startswith("nightlamp.alarm.")]
    return [row for row in rows if row["data"]["alarm"]["kind"] == "sos"]


def judge(evening: Evening) -> None:
    """Journal against journal: nothing lost, nothing double, nothing invented, and never silent."""
    home = evening.home
    sound, rows = heard(home.lines), calls(home)
    raised = {row["data"]["alarm"]["id"]: row["data"]["alarm"] for row in reversed(rows)}
    unstored = set(sound.began) - set(received(home.platform))
    assert not missing(evening)
    assert not unstored, "what sounded is upstream"

    kept = home.platform.kept()
    numbers = [row["sequence"] for row in kept]
    assert len({row["id"] for row in kept}) == len(kept)
    assert numbers == list(range(1, len(kept) + 1)), "every number once and in order"

    for alarm in raised.values():
        pressed = [p.at for p in evening.presses if p.resident == alarm["subject"]["id"]]
        assert any(at <= alarm["raised_at"] <= at + HEARD_S for at in pressed), "nobody pressed"

    spans = [(alarm["raised_at"], evening.seen[id_]) for id_, alarm in raised.items()]
    silence_s = longest_silence(sound.rises, spans)
    _LOGGER.info(
        "%d presses, %d surely heard, %d calls, %d events upstream, longest silence %.2f s in %.0f s of open calls",
        len(evening.presses),
        sum(map(evening.was_heard, evening.presses)),
        len(raised),
        len(kept),
        silence_s,
        sum(end - begin for begin, end in merged(spans)),
    )
    assert silence_s < PAUSE_S + RESTART_S
