"""kill -9 of the core: what rules have learned is known to the next one."""

import asyncio
import json
import logging
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

from agent.panel.client import ApiClient
from agent.store.database import read_only
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident, room
from tests.waiting import until

_LOGGER = logging.getLogger(__name__)

TOLD = ("-m", "tests.end_to_end.told_readings")
DAY_S = 86_400.0


def tell(home: Home, quantity: str, value: Any, device: str = "button-0", **more: Any) -> None:  # noqa: ANN401
    """A device says something that no driver of ours yields."""
    line = {"device": device, "quantity": quantity, "value": value, **more}
    with (home.config / "told.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def remembered(state: Path, rule: str) -> dict[str, dict[str, Any]]:
    """What stands in the store: id of the subject -> facts."""
    try:
        connection = read_only(state / "telemetry.db")
    except sqlite3.Error:
        return {}
    with connection:
        rows = connection.execute("SELECT subject, data FROM remembered WHERE rule = ?", (rule,)).fetchall()
    connection.close()
    return {json.loads(subject)[1]: json.loads(data)["facts"] for subject, data in rows}


async def act(daemon: Daemon, name: str, **about: Any) -> None:  # noqa: ANN401
    client = ApiClient(daemon.config / "run" / "api.sock", timeout_s=2.0)
    await asyncio.to_thread(client.post, "/api/v1/acts", {"act": name, **about})


async def test_what_was_learned_is_known_after_a_kill(make_home: MakeHome) -> None:
    home = await make_home(buttons=2)
    site = home.config / "site.toml"
    text = site.read_text(encoding="utf-8").replace('room = "100"\n', 'room = "100"\nturning_min = 120\n')
    site.write_text(text + '[[staff]]\nid = "s-1"\ncard = "card-1"\n', encoding="utf-8")
    (home.config / "told.jsonl").touch()
    async with home.served(*TOLD) as daemon:
        turned_at = time.monotonic()
        tell(home, "turned", "left")
        tell(home, "card", "card-1", device="smoke-0")
        tell(home, "weight", 60.0, stored=True, measured_at=time.time() - 10 * DAY_S)
        tell(home, "body_temperature", 37.5)
        await act(daemon, "out", resident=resident(1), value=time.time() + 3600)
        await until(lambda: remembered(home.state, "turning_due").get("r-0", {}).get("_base"), "the turn", 30.0)
        await until(lambda: remembered(home.state, "weight_loss").get("r-0", {}).get("_weights"), "the weight", 30.0)
        before = {name: remembered(home.state, name) for name in ("turning_due", "temperature_high", "ward")}
        await daemon.kill()

        await daemon.start()
        await daemon.ready()
        assert "memories of rules taken up" in daemon.log
        assert "dropped" not in daemon.log, daemon.log[-3000:]
        (care,) = [one for one in (await daemon.get("/api/v1/state"))["residents"] if one["id"] == resident(1)]
        assert care["out_by"], "still out of home"
        tell(home, "weight", 50.0)
        lost = await daemon.alarm("weight_loss", resident(0))
        assert json.dumps(lost).count("60"), "beside the weight of ten days ago"
        await daemon.stop()

    after = {name: remembered(home.state, name) for name in ("turning_due", "temperature_high", "ward")}
    base = after["turning_due"]["r-0"]["_base"]
    assert base == before["turning_due"]["r-0"]["_base"]
    assert turned_at <= base < turned_at + 2.0
    assert after["temperature_high"]["r-0"]["_warm_at"] == before["temperature_high"]["r-0"]["_warm_at"]
    assert after["ward"]["gateway"]["_staff_at"] == before["ward"]["gateway"]["_staff_at"]
    assert dict(before["ward"]["gateway"]["_staff_at"])[room(0)]
    _LOGGER.info("%s", after)


async def test_a_spoilt_memory_is_dropped_with_one_line(make_home: MakeHome) -> None:
    home = await make_home()
    (home.config / "told.jsonl").touch()
    async with home.served(*TOLD) as daemon:
        tell(home, "weight", 60.0)
        await until(lambda: remembered(home.state, "weight_loss"), "the weight", 30.0)
        await daemon.kill()
        with sqlite3.connect(home.state / "telemetry.db") as connection:
            connection.execute('UPDATE remembered SET data = \'{"whose": "r-0", "facts": {"_weights": 7}}\'')
            connection.execute("UPDATE remembered SET data = 'x' WHERE rule = 'ward'")
        connection.close()
        await daemon.start()
        await daemon.ready()
        lines = [line for line in daemon.log.splitlines() if "weight_loss" in line and "dropped" in line]
        assert len(lines) == 1, daemon.log[-3000:]
        assert not daemon.tracebacks
        daemon.send(signal.SIGTERM)
        assert await daemon.wait() == 0
