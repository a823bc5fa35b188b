"""After an incident: the running gateway tells the whole story of an alarm, and the figures."""

import asyncio
from pathlib import Path

from agent.store.bundle import verify
from tests.cli.test_commands import nightlamp
from tests.end_to_end.alarm_log import stored
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.home import resident
from tests.waiting import until


async def test_an_incident_bundle_of_a_running_gateway(make_home: MakeHome, tmp_path: Path) -> None:
    home = await make_home(buttons=1)
    async with home.served() as daemon:
        home.buttons[0].press()
        alarm = (await daemon.alarm("sos", resident(0)))["id"]
        await until(lambda: "sounded" in stored(home.state).get(alarm, ()), "it sounds, and the core knows")
        await daemon.act(alarm, "seen", "attended", "closed")
        await until(lambda: "closed" in stored(home.state).get(alarm, ()), "stored")
        figures = await daemon.get("/api/v1/stats?days=1")
        assert figures["kinds"]["sos"] == {"raised": 1, "true": 1, "false": 0, "precision": 1.0}
        assert set(figures["responses_s"]["high"]) >= {"raised_to_sounded", "raised_to_seen", "raised_to_attended"}
        out = tmp_path / "incident.jsonl"
        command = ("alarms", "bundle", alarm, "--out", str(out), "--config", str(home.config))
        made = await asyncio.to_thread(nightlamp, *command)
        assert (made.returncode, made.stderr) == (0, "")
    with out.open(encoding="utf-8", newline="\n") as file:
        checked = verify(file)
    assert (checked.alarm, checked.masked) == (alarm, 0)
    assert checked.rows >= 5
