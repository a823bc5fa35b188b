"""Zones set on a running gateway: in force in the vision process, on the record, and still so after its death."""

import asyncio
import base64
import signal
import time
from typing import Any

import pytest

from agent.panel.client import ClientError
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.test_vision import CLIP, sees
from tests.waiting import answered

ZONE = {"kind": "floor", "polygon": [[0, 0.5], [1, 0.5], [1, 1], [0, 1]], "name": "王桂英的床前"}
CAMERA = "/api/v1/cameras"
HOLDS_S, KNOWN_S, OUTLINED_S = 15.0, 60.0, 100.0
SILENT_S = 14.0  # a camera that says nothing for ten seconds is missed


async def camera(daemon: Daemon) -> dict[str, Any]:
    (found,) = (await daemon.get(CAMERA))["cameras"]
    return dict(found)


async def becomes(daemon: Daemon, within_s: float, **wanted: object) -> dict[str, Any]:
    return await answered(
        lambda: camera(daemon),
        lambda found: found.items() >= wanted.items(),
        within_s,
        lambda: daemon.log[-2000:],
    )


async def outlined(daemon: Daemon) -> dict[str, Any]:
    """The outline of the room, once it was looked at for a minute."""

    async def asked() -> dict[str, Any] | None:
        try:
            return dict(await daemon.post(f"{CAMERA}/hall-0/outline", {}))
        except ClientError as error:
            if error.code != "outline_learning":
                raise
            return None

    found = await answered(asked, bool, OUTLINED_S, lambda: daemon.log[-2000:], every_s=5.0)  # each time is on record
    assert found is not None
    return found


@pytest.mark.slow
async def test_zones_are_set_while_it_looks_and_survive_it(make_home: MakeHome) -> None:
    home = await make_home(cameras=(CLIP,))
    async with home.served() as daemon:
        await sees(daemon)
        await becomes(daemon, HOLDS_S, being_set=False)
        written = {"zones": [ZONE], "mode": "live", "view": "wall"}
        assert (await daemon.put("/api/v1/site/camera/hall-0", written))["warnings"] == []
        found = await becomes(daemon, HOLDS_S, being_set=False)
        assert found["facts"] == {**written, "threshold": None}
        assert "hall-0: 1 zones, live, view wall" in daemon.log

        daemon.send(signal.SIGKILL, "vision")
        await becomes(daemon, HOLDS_S, state="down")
        await becomes(daemon, HOLDS_S, being_set=False)

        ready = await becomes(daemon, KNOWN_S, state="ready")
        assert ready["faults"] == []
        outline = await outlined(daemon)
        bits = base64.b64decode(outline["bits"])
        assert 0.01 < sum(byte.bit_count() for byte in bits) / (8 * len(bits)) < 0.4
        rows = (await daemon.get("/api/v1/history?limit=50"))["rows"]
        asked = [row["actor"].partition(":")[0] for row in rows if row["data"].get("action") == "outline_asked"]
        assert set(asked) == {"local"}, "also those in the first minute, when there is none"
        assert "王桂英" not in daemon.log
        assert not daemon.tracebacks
    for path in home.config.rglob("*"):
        assert not path.is_file() or bits[:64] not in path.read_bytes(), f"{path} holds an outline"
        if path.name == "vision.json":
            assert "王桂英" not in path.read_text(encoding="utf-8")


@pytest.mark.slow
async def test_a_bedroom_whose_consent_has_ended_is_off_and_nobody_misses_it(make_home: MakeHome) -> None:
    home = await make_home(cameras=(CLIP, CLIP))
    written = (home.config / "cameras.toml").read_text(encoding="utf-8")
    first, _, second = written[1:].partition("[[camera]]")
    consent = '[camera.consent]\nwho = "r-0"\nscope = "falls"\nvalid_from = 2020-01-01\nvalid_to = 2020-12-31\n'
    bedroom = f"[{first}".replace('role = "hall"', 'role = "bedroom"') + consent
    (home.config / "cameras.toml").write_text(f"{bedroom}\n[[camera]]{second}", encoding="utf-8")
    async with home.served() as daemon:
        began = time.monotonic()
        end = began + 20
        while {one["id"]: one["link"] for one in (await daemon.state())["devices"]}["hall-1"] != "connected":
            assert time.monotonic() < end, daemon.log[-2000:]
        while time.monotonic() < began + SILENT_S:
            state = await daemon.state()
            devices = {one["id"]: (one["link"], one["reason"]) for one in state["devices"]}
            assert devices["hall-0"][0] in ("off", "searching")
            assert {alarm["subject"]["id"] for alarm in state["alarms"]}.isdisjoint({"hall-0", "camera:hall-0"})
            await asyncio.sleep(0.5)
        assert devices["hall-0"][0] == "off"
        assert devices["hall-0"][1].startswith("its consent has ended or has not begun")
        cameras = (await daemon.get(CAMERA))["cameras"]
        assert {one["id"]: one["state"] == "off" for one in cameras} == {"hall-0": True, "hall-1": False}
        with pytest.raises(ClientError, match="the camera is off"):
            await daemon.post(f"{CAMERA}/hall-0/outline", {})
        assert not daemon.tracebacks
