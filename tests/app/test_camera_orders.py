"""What staff set reaches the eyes until it holds, a consent that ends ends its camera that night, and an outline."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from agent.app.camera_desk import CameraDesk
from agent.app.camera_orders import AGAIN_S
from agent.app.parts import Parts
from agent.app.vision_role import VisionRole
from agent.camera_facts import CameraFacts, CameraMode
from agent.detection.event import DeviceEvent
from agent.detection.observations import Observation
from agent.eyes.settings import CameraSettings, CamerasSettings, ConsentSettings
from agent.panel.camera_port import OutlineRefusedError, RoomOutline
from agent.wire import LineDecoder, Message, WireError
from agent.wire_connection import WireConnection
from agent.zones import Zone, ZoneKind
from drivers.base import Link, LinkState

CONSENT = ConsentSettings("r-17", "falls", date(2026, 1, 1), date(2026, 6, 30))
SETTINGS = CamerasSettings(
    (CameraSettings("bed-101", "/dev/video0", "bedroom", CONSENT), CameraSettings("hall", "/dev/video1", "hall"))
)
CAMERAS = ("bed-101", "hall")
ZONED = CameraFacts("hall", (Zone(ZoneKind.FLOOR, ((0, 0), (1, 0), (1, 1))),), CameraMode.SHADOW)


class Unshadowed:
    """Lets all pass."""

    def heard(self, told: Observation) -> Observation:
        return told

    def beat(self, camera: str, sees: bool, threshold: float | None) -> None: ...


class Wire(WireConnection):
    """What is sent, read back as the vision process would."""

    def __init__(self) -> None:
        super().__init__("vision", 4096, lambda *_: None)
        self._read = LineDecoder(4096)
        self.told: list[Message] = []

    def send(self, line: bytes) -> None:
        self.told += self._read.feed(line)

    def of(self, kind: str, camera: str = "hall") -> list[Message]:
        found = [one for one in self.told if (one["t"], one["id"]) == (kind, camera)]
        self.told = [one for one in self.told if one not in found]
        return found


class Core:
    """The role on a clock and a calendar of the test's own."""

    def __init__(self) -> None:
        self.now, self.day = 100.0, date(2026, 6, 29)
        self.facts = {camera: CameraFacts(camera) for camera in CAMERAS}
        self.events: list[DeviceEvent] = []
        self.killed: list[str] = []
        self.audits: list[tuple[str, str, Mapping[str, Any], str]] = []
        self.parts = Parts(lambda _: None, lambda: None)
        self.role = VisionRole(
            CAMERAS,
            self.events.append,
            self.parts,
            self.killed.append,
            lambda: self.now,
            Unshadowed(),
            self.facts.__getitem__,
            lambda: [camera.id for camera in SETTINGS.running(self.day)],
        )
        self.desk = CameraDesk(
            SETTINGS.camera,
            self.role,
            self.facts.__getitem__,
            {"bed-101": "101", "hall": ""}.__getitem__,
            lambda camera: ("1", "2") if camera == "bed-101" else (),
            lambda: self.day,
            lambda *told: self.audits.append(told),
        )

    def join(self) -> Wire:
        wire = Wire()
        self.role.joined(wire)
        self.role.take({"v": 1, "t": "hello", "role": "vision", "pid": 7, "cameras": list(CAMERAS)})
        return wire

    def beat(self, **cameras: dict[str, Any]) -> None:
        said = {
            camera: {"state": "playing", "fps": 9, "frame_age_s": 0.1, "settings": self.facts[camera].mark}
            | cameras.get(camera.replace("-", "_"), {})
            for camera in CAMERAS
        }
        self.role.take({"v": 1, "t": "beat", "at": self.now, "cameras": said})

    def say(self, camera: str, name: str, value: bool = True) -> None:
        told = {"device": camera, "name": name, "at": self.now, "value": value, "score": 1.0, "reasons": []}
        self.role.take({"v": 1, "t": "observation", **told, "track": None})

    def state(self, camera: str = "hall") -> tuple[str, tuple[str, ...]]:
        (status,) = [one for one in self.desk.statuses() if one.id == camera]
        return status.state, status.faults

    def links(self) -> dict[str, LinkState]:
        self.events.clear()
        self.role.tick()
        return {event.device: event.state for event in self.events if isinstance(event, Link)}


@pytest.fixture
async def core() -> Core:
    return Core()


async def test_a_new_process_is_told_all(core: Core) -> None:
    core.facts["hall"] = ZONED
    wire = core.join()
    assert [one["on"] for one in wire.of("watch")] == [True]
    (told,) = wire.of("camera")
    assert {key: told[key] for key in ZONED.told()} == ZONED.told()
    assert wire.of("camera", "bed-101")


async def test_an_edit_is_told_once_and_again_until_it_holds(core: Core) -> None:
    wire = core.join()
    core.beat()
    core.role.tick()
    assert wire.of("camera")
    assert core.role.holds("hall")
    core.facts["hall"] = ZONED
    assert not core.role.holds("hall")
    core.role.tell()
    assert [one["mode"] for one in wire.of("camera")] == ["shadow"]
    old = {"settings": CameraFacts("hall").mark}
    core.beat(hall=old)
    core.now += AGAIN_S - 0.1
    core.beat(hall=old)
    core.role.tick()
    assert wire.of("camera") == []
    core.now += 0.1
    core.beat(hall=old)
    core.role.tick()
    assert len(wire.of("camera")) == 1
    core.beat()
    assert core.role.holds("hall")
    core.now += 2 * AGAIN_S
    core.beat()
    core.role.tick()
    assert wire.of("camera") == []


async def test_a_process_that_knows_no_marks_is_being_set_for_ever_and_harms_nothing(core: Core) -> None:
    core.join()
    core.beat(hall={"settings": ""})
    assert not core.role.holds("hall")


async def test_a_consent_that_ends_ends_its_camera_that_night(core: Core) -> None:
    wire = core.join()
    core.beat()
    core.role.tick()
    wire.told.clear()
    core.say("bed-101", "picture_dark")
    assert core.state("bed-101") == ("unsure", ("picture_dark",))

    core.day = date(2026, 6, 30)
    core.role.tick()
    assert wire.told == []
    core.day = date(2026, 7, 1)
    core.role.tick()
    assert [(one["id"], one["on"]) for one in wire.told if one["t"] == "watch"] == [("bed-101", False)]
    assert core.state("bed-101") == ("off", ())
    assert {part.name: (part.state, part.detail) for part in core.parts.statuses()}["camera:bed-101"] == ("ok", "off")
    assert core.links() == {"bed-101": LinkState.OFF, "hall": LinkState.CONNECTED}

    core.say("bed-101", "nobody_in_view")  # it was on its way
    assert core.events == [event for event in core.events if isinstance(event, Link)]
    core.now += 6.0
    with pytest.raises(WireError, match="bed-101"):
        core.beat()
    assert core.killed == ["looks through bed-101, which may not look"]


async def test_a_consent_that_begins_begins_its_camera(core: Core) -> None:
    core.day = date(2025, 12, 31)
    wire = core.join()
    core.role.tick()
    assert wire.of("watch", "bed-101")[-1]["on"] is False
    off = {"state": "off", "frame_age_s": None}
    core.beat(bed_101=off)
    assert core.state("bed-101") == ("off", ())
    core.day = date(2026, 1, 1)
    core.role.tick()
    assert [one["on"] for one in wire.of("watch", "bed-101")] == [True]
    core.beat(bed_101=off)
    assert core.state("bed-101") == ("no_picture", ())
    core.beat()
    assert core.state("bed-101") == ("ready", ())


async def test_without_any_process_a_camera_without_consent_is_off_and_the_others_are_down(core: Core) -> None:
    core.day = date(2026, 7, 1)
    assert core.links() == {"bed-101": LinkState.OFF}
    assert (core.state("bed-101"), core.state()) == (("off", ()), ("down", ()))


async def test_the_state_of_a_camera_in_the_words_of_staff(core: Core) -> None:
    core.join()
    assert core.state() == ("down", ())
    core.beat(hall={"state": "lost"})
    assert core.state() == ("no_picture", ())
    core.beat()
    assert core.state() == ("ready", ())
    core.say("hall", "learning")
    assert core.state() == ("learning", ())
    core.say("hall", "camera_moved")
    assert core.state() == ("unsure", ("camera_moved",))
    core.say("hall", "learning", value=False)
    core.say("hall", "camera_moved", value=False)
    assert core.state() == ("ready", ())


async def test_a_status_shows_role_room_consent_and_what_is_set(core: Core) -> None:
    core.facts["hall"] = ZONED
    bed, hall = core.desk.statuses()
    assert (bed.id, bed.role, bed.room, bed.beds) == ("bed-101", "bedroom", "101", ("1", "2"))
    assert (bed.consent_from, bed.consent_until, bed.days_left) == ("2026-01-01", "2026-06-30", 1)
    assert (hall.consent_until, hall.days_left, hall.facts, hall.holds) == ("", None, ZONED, False)


BITS = bytes(2400)


def outline(number: int, **fields: object) -> Message:
    told = {"width": 160, "height": 120, "why": "", "bits": "AAAA" * 800}
    return {"v": 1, "t": "outline", "device": "hall", "n": number, **told, **fields}


async def asked(core: Core, wire: Wire) -> tuple["asyncio.Task[RoomOutline]", int]:
    task = asyncio.create_task(core.desk.outline("hall", "panel:wang"))
    await asyncio.sleep(0)
    ((told),) = wire.of("outline")
    return task, int(told["n"])


async def test_an_outline_goes_to_whoever_asked_and_the_question_is_audited(core: Core) -> None:
    wire = core.join()
    task, number = await asked(core, wire)
    core.role.take(outline(number + 1))  # of another question
    core.role.take(outline(number, device="bed-101"))
    await asyncio.sleep(0)
    assert not task.done()
    core.role.take(outline(number))
    assert await task == RoomOutline(160, 120, BITS)
    assert core.audits == [("outline_asked", "hall", {}, "panel:wang")]
    core.role.take(outline(number))  # twice: forgotten
    assert vars(core.desk)["_asked"] == {}


@pytest.mark.parametrize("why", ["learning", "off"])
async def test_there_may_be_none_yet(core: Core, why: str) -> None:
    task, number = await asked(core, core.join())
    core.role.take(outline(number, why=why, width=0, height=0, bits=""))
    with pytest.raises(OutlineRefusedError, match=f"outline_{why}"):
        await task


async def test_one_question_at_a_time(core: Core) -> None:
    task, number = await asked(core, core.join())
    with pytest.raises(OutlineRefusedError, match="outline_asked"):
        await core.desk.outline("hall", "panel:li")
    core.role.take(outline(number))
    await task
    assert [by for *_, by in core.audits] == ["panel:wang", "panel:li"], "who asks is audited, answered or not"


async def test_nobody_there_and_no_answer_are_told_in_time(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.app.camera_desk.ANSWER_S", 0.02)
    with pytest.raises(OutlineRefusedError, match="no_such_camera"):
        await core.desk.outline("toilet", "panel:wang")
    assert core.audits == []
    with pytest.raises(OutlineRefusedError, match="outline_unanswered"):
        await core.desk.outline("hall", "panel:wang")
    core.join()
    with pytest.raises(OutlineRefusedError, match="outline_unanswered"):
        await core.desk.outline("hall", "panel:wang")
    assert vars(core.desk)["_asked"] == {}
