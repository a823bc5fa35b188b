"""The wall clock jumps by ten years, forth and back, while alarms are open: no timer fires and nothing is lost."""

import logging
import time
from datetime import datetime
from pathlib import Path

import pytest

from agent.store import reader
from agent.store.entry import Lane
from tests.end_to_end.alarm_log import received, stored
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident
from tests.end_to_end.shim import Shim
from tests.end_to_end.sound import heard
from tests.waiting import until

_LOGGER = logging.getLogger(__name__)

TEN_YEARS_S = 10 * 365 * 86400
WATCHED_S = 4.0  # several beats of every timer that there is; the first rung of a ladder is a minute away
SOUND_S = 2.0
QUIET_BY_ITSELF = {"raised", "sounded", "seen", "restored"}


async def call(home: Home, daemon: Daemon, number: int) -> str:
    """A resident presses, and it sounds at once."""
    pressed_at = home.buttons[number].press()
    assert pressed_at is not None
    id_ = str((await daemon.alarm("sos", resident(number)))["id"])
    await until(lambda: id_ in heard(home.lines).began, "it sounds")
    assert heard(home.lines).began[id_] - pressed_at < SOUND_S
    return id_


def years(state: Path) -> set[int]:
    """The years that stored events tell of."""
    return {datetime.fromisoformat(event["time"]).year for event in reader.events(state, Lane.ALARMS, 0, 10_000)}


async def jumped(home: Home, daemon: Daemon, number: int) -> str:
    """Just after a jump a resident calls as ever, the jump shows in the store, and all timers beat a few times."""
    known = years(home.state)
    id_ = await call(home, daemon, number)
    await until(lambda: years(home.state) > known, "the jump has reached the daemon")
    end = time.monotonic() + WATCHED_S
    await until(lambda: time.monotonic() > end)  # nothing may happen, so there is nothing else to wait for
    return id_


@pytest.mark.slow
async def test_jumps_of_ten_years(make_home: MakeHome, run_folder: Path) -> None:
    home = await make_home(buttons=4, platform=True)
    with Shim(run_folder) as shim:
        async with home.served(**shim.environment) as daemon:
            began = time.monotonic()
            unseen, seen = await call(home, daemon, 0), await call(home, daemon, 1)
            await daemon.act(seen, "seen")
            before = {one["id"]: one for one in await daemon.alarms()}
            new = []
            for number, jump_s in ((2, TEN_YEARS_S), (3, -TEN_YEARS_S)):
                shim.jump(jump_s)
                new.append(await jumped(home, daemon, number))
                after = {one["id"]: one for one in await daemon.alarms()}
                assert set(after) == {unseen, seen, *new}
                for id_ in (unseen, seen):
                    for name in ("state", "step", "sounding", "raised_at", "changed_at", "priority"):
                        assert after[id_][name] == before[id_][name], (jump_s, name)
            shim.jump(0)
            assert time.monotonic() - began < 55, "too slow a machine: the ladder's first minute is nearly over"
            happened = {one for life in stored(home.state).values() for one in life}
            assert happened <= QUIET_BY_ITSELF, happened

            for id_ in (unseen, seen, *new):
                await daemon.act(id_, "attended", "closed")
            await until(lambda: all("closed" in stored(home.state).get(id_, ()) for id_ in after), "stored")
            await until(lambda: received(home.platform) == stored(home.state), "all is upstream", 30)
            _LOGGER.info("%d events upstream through jumps of ten years", len(home.platform.kept()))
            numbers = [row["sequence"] for row in home.platform.kept()]
            assert numbers == list(range(1, len(numbers) + 1))
            assert not daemon.tracebacks
