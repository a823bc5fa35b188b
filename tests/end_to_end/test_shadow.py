"""A camera on trial in a running home: what it sees raises nothing until a person makes it live."""

from typing import Any

import pytest

from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.simulator.ward.plan import CLIPS
from tests.waiting import answered

SHADOW = "/api/v1/shadow"
SEEN_S = 180.0  # the room is learned first; a fall comes with each turn of the clip


async def told(daemon: Daemon, more_than: int = 0) -> list[dict[str, Any]]:
    """What the camera told, once there is more than was."""
    found = await answered(
        lambda: daemon.get(f"{SHADOW}/candidates?camera=hall-0"),
        lambda found: len(found["candidates"]) > more_than,
        SEEN_S,
        lambda: daemon.log[-2000:],
    )
    return list(found["candidates"])


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_person_alone_makes_it_live(make_home: MakeHome) -> None:
    home = await make_home(cameras=(str(CLIPS / "fall.mp4"),))
    settings = home.config / "cameras.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'mode = "shadow"\n', encoding="utf-8")
    async with home.served() as daemon:
        first = (await told(daemon))[-1]
        assert (first["mode"], first["label"], first["place"]) == ("shadow", None, "hall")
        said = await daemon.post(f"{SHADOW}/label", {"candidate": first["id"], "label": "fell"})
        assert said["candidate"]["by"].startswith("local:")
        assert [one["kind"] for one in await daemon.alarms()] == []
        await daemon.stop()

    async with home.served() as daemon:  # all of it survives, and nothing has made it live
        (kept,) = [one for one in await told(daemon) if one["id"] == first["id"]]
        assert (kept["label"], kept["by"], kept["time"]) == ("fell", said["candidate"]["by"], first["time"])
        (camera,) = (await daemon.get(SHADOW))["cameras"]
        assert (camera["mode"], camera["window"]["fell"]) == ("shadow", 1)
        await told(daemon, len(await told(daemon)))
        assert [one["kind"] for one in await daemon.alarms()] == []

        await daemon.post(f"{SHADOW}/mode", {"camera": "hall-0", "mode": "live", "confirm": True})
        fall = await daemon.alarm("fall", within_s=SEEN_S)
        assert fall["subject"]["room"] == "hall"
        rows = (await daemon.get("/api/v1/history?limit=50"))["rows"]
        assert [row["data"]["action"] for row in rows if row["data"].get("action", "").startswith("camera_mode")] == [
            "camera_mode"
        ]
        assert not daemon.tracebacks
