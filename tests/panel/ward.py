"""A home for the panel: the real alarm engine in memory, everything else as the test says."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.alarms.alarm import Alarm, AlarmEvent, Command, CommandError
from agent.alarms.settings import AlarmSettings
from agent.alarms.snapshot import (
    CallStatus,
    CameraStatus,
    DeviceStatus,
    LatestReading,
    PartStatus,
    ResidentStatus,
    RoomStatus,
    Snapshot,
)
from agent.alarms.standing import OpenTask, ShelveOrder
from agent.app.deeds import act_of
from agent.app.shadow_role import ShadowRole
from agent.app.site_facts import SiteFacts
from agent.clock import Clock
from agent.detection.acts import Act
from agent.figures.carers import always
from agent.figures.kpi import Figures
from agent.moment import Moment
from agent.panel.camera_port import OutlineRefusedError, RoomOutline
from agent.panel.ports import EventPage, HistoryUnavailableError
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import Reason, because
from agent.rules.settings import RuleSettings
from agent.settings.site import ResidentSettings, SiteSettings
from agent.settings.site_check import site_check
from agent.store.bundle import chained
from agent.store.entry import Lane
from agent.store.events import utc
from agent.store.gateway_key import signer_in
from agent.store.reader import StoreUnreadableError
from agent.store.stats import stats
from agent.store.story import Asked, story
from drivers.base import LinkState
from tests.alarms.engines import alarms, engine
from tests.shadow.board import Shadows

WANG = Subject(SubjectKind.RESIDENT, "r-302", "302")
ZHANG = Subject(SubjectKind.RESIDENT, "r-118", "118")
KITCHEN = Subject(SubjectKind.PLACE, "厨房", "厨房")

ROOMS = (
    RoomStatus("302", (("r-302", "王秀英"),)),
    RoomStatus("118", (("r-118", "张建国"), ("r-119", "李桂兰"))),
)
SITE = Site.of(
    [Resident(id_, name, room.room) for room in ROOMS for id_, name in room.residents],
    [Binding("sos-302", DeviceRole.BUTTON, resident="r-302")],
)
DEVICES = (
    DeviceStatus("sos-302", "button", "302", LinkState.CONNECTED, None, 12.0),
    DeviceStatus(
        "band-302",
        "wearable",
        "302",
        LinkState.CONNECTED,
        None,
        1.0,
        (
            LatestReading("heart_rate", "/min", 72.0, "good", 1.0),
            LatestReading("spo2", "%", 96.0, "uncertain", 3.0),
            LatestReading("battery", "%", 81.0, "good", 40.0),
        ),
    ),
    DeviceStatus("radar-118", "bed", "118", LinkState.SILENT, because("no_frame", for_s=2.0), 300.0),
    DeviceStatus("smoke-kitchen", "life_safety", "", LinkState.SEARCHING, None, None),
)
PARTS = (
    PartStatus("store", "ok"),
    PartStatus("sounder", "ok", "bench (simulated)"),
    PartStatus("vision", "ok", "1 camera, 6.2 fps"),
    PartStatus("upstream", "degraded", "offline since 02:10; backlog: alarms 3, telemetry 412"),
)


@dataclass
class Ward:
    """Fulfils `agent.panel.ports.Home`."""

    rooms: Sequence[RoomStatus] = ROOMS
    devices: Sequence[DeviceStatus] = DEVICES
    parts: Sequence[PartStatus] = PARTS
    unknown: Sequence[str] = ("A4:C1:38:0B:22:19 (BTHome)",)
    store_works: bool = True
    state: Path = Path("/nowhere")  # of figures and bundles
    commands: list[Command] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    annunciators: tuple[str, ...] = ("bench",)
    sound_tests: int = 0
    tasks: list[OpenTask] = field(default_factory=list)
    staff: list[tuple[str, str]] = field(default_factory=list)
    calls: list[CallStatus] = field(default_factory=list)
    cameras_seen: list[CameraStatus] = field(default_factory=list)
    outline_or_why: RoomOutline | str = "outline_learning"
    site: Site = SITE
    log: list[dict[str, Any]] = field(default_factory=list)
    version: int = 1
    wall_shift_s: float = 0.0  # somebody sets the clock
    trial: tuple[str, ...] = ()  # cameras

    def __post_init__(self) -> None:
        self.engine = engine()
        self.shadows = Shadows(self.trial, dict.fromkeys(self.trial, "1F"), Clock(), self.changed)
        self.edits: list[tuple[dict[str, Any], str]] = []
        self.disk_works = True
        self.outlines_asked: list[tuple[str, str]] = []
        alarms = AlarmSettings()
        self.facts = SiteFacts(
            SiteSettings(resident=tuple(ResidentSettings(r.id, r.name, r.room) for r in SITE.residents.values())),
            "digest",
            alarms,
            lambda site: site_check(site, RuleSettings(), alarms),
            self._keep_site,
            lambda site, _: setattr(self, "site", site),
            0.2,
        )
        self._changed = asyncio.Event()

    def _keep_site(self, document: dict[str, Any], author: str) -> asyncio.Event:
        self.edits.append((document, author))
        kept = asyncio.Event()
        if self.disk_works:
            asyncio.get_running_loop().call_later(0.05, kept.set)
        return kept

    # the port

    @property
    def desk(self) -> SiteFacts:
        return self.facts

    @property
    def shadow(self) -> ShadowRole:
        return self.shadows.role

    @property
    def camera_desk(self) -> "Ward":
        return self

    async def outline(self, camera: str, by: str) -> RoomOutline:
        self.outlines_asked.append((camera, by))
        if isinstance(self.outline_or_why, str):
            raise OutlineRefusedError(self.outline_or_why)
        return self.outline_or_why

    def snapshot(self) -> Snapshot:
        return Snapshot(
            self.version,
            time.monotonic(),
            time.time(),
            self.engine.open,
            tuple(self.devices),
            tuple(self.rooms),
            tuple(self.parts),
            tuple(self.unknown),
            self.engine.quiet.audio_paused,
            self.engine.quiet.shelves,
            self.engine.suppressed,
            tuple(self.tasks),
            staff=tuple(self.staff),
            calls=tuple(self.calls),
            cameras=tuple(self.cameras_seen),
            care=tuple(
                ResidentStatus(id_, name, room.room, True) for room in self.rooms for id_, name in room.residents
            ),
            shadows=self.shadow.statuses(),
        )

    async def changed_since(self, version: int) -> Snapshot:
        while self.version <= version:
            await self._changed.wait()
        return self.snapshot()

    def command(self, command: Command) -> AlarmEvent | None:
        self.commands.append(command)
        event = next(iter(alarms(self.engine.command(command, self.moment))), None)
        if event:
            self._keep([event])
        return event

    def act(self, name: str, asked: Mapping[str, Any], actor: str) -> Act:
        act = act_of(self.site, name, asked, time.monotonic(), actor, self.annunciators)
        self.acts.append(act)
        return act

    def test_sound(self) -> None:
        if not self.annunciators:
            raise CommandError("no_sounder", "no buzzer or lamp is configured (annunciators.toml)")
        self.sound_tests += 1

    def pause(self, seconds: float, actor: str) -> None:
        self.engine.pause(actor, seconds, self.moment)
        self.changed()

    def resume(self, actor: str) -> None:
        list(self.engine.quiet.resume(actor, self.moment))
        self.changed()

    def shelve(self, order: ShelveOrder) -> None:
        until = self.moment.monotonic + order.seconds
        self.engine.quiet.shelve(order.kind, order.subject, order.by, order.reason, until, None, self.moment)
        self.changed()

    def unshelve(self, shelf: str, actor: str) -> None:
        self.engine.quiet.unshelve(shelf, actor, self.moment)
        self.changed()

    async def history(self, limit: int, before: int | None = None) -> list[dict[str, Any]]:
        if not self.store_works:
            raise HistoryUnavailableError
        return [row for row in reversed(self.log) if before is None or row["sequence"] < before][:limit]

    async def stats(self, days: int) -> Figures:
        try:
            return stats(self.state, days, time.time(), always(2.0))
        except StoreUnreadableError as error:
            raise HistoryUnavailableError from error

    async def bundle(self, alarm: str, by: str) -> list[str]:
        try:
            return list(chained(story(self.state, Asked(alarm, "gw-7", by, time.time())), signer_in(self.state)))
        except StoreUnreadableError as error:
            raise HistoryUnavailableError from error

    async def events(self, lane: Lane, after: int, limit: int) -> EventPage:
        if not self.store_works:
            raise HistoryUnavailableError
        rows = [row for row in self.log if row["sequence"] > after][:limit] if lane is Lane.ALARMS else []
        events = tuple({"specversion": "1.0", "lane": lane.value, **row} for row in rows)
        return EventPage(events, rows[-1]["sequence"] if rows else after)

    # what the test does

    @property
    def moment(self) -> Moment:
        return Moment(time.monotonic(), time.time())

    def find(
        self,
        kind: str,
        priority: Priority = Priority.HIGH,
        subject: Subject = WANG,
        *reasons: Reason,
        device: str = "dev",
        active: bool = True,
        happening: bool = False,
    ) -> Alarm:
        """A rule says so; gives the alarm after it."""
        reasons = reasons or (because("pressed", device=device, press="press"),)
        finding = Finding(
            kind, subject, priority, self.moment.monotonic, reasons, device, active=active, happening=happening
        )
        events = alarms(self.engine.take([finding], self.moment))
        self._keep(events)
        return events[-1].alarm

    def press(self, subject: Subject = WANG, device: str = "sos-302") -> Alarm:
        """Somebody presses a button."""
        return self.find("sos", Priority.HIGH, subject, device=device, happening=True)

    def changed(self) -> None:
        """Something in the snapshot is another one."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def _keep(self, events: Sequence[AlarmEvent]) -> None:
        for event in events:
            self.log.append(
                {
                    "sequence": len(self.log) + 1,
                    "id": event.id,
                    "type": f"nightlamp.alarm.{event.happened.value}.v1",
                    "time": utc(time.time()),
                    "quality": "synchronised",
                    "actor": event.actor,
                    "data": {"alarm": event.alarm.to_json(), "reasons": [reason.to_json() for reason in event.reasons]},
                }
            )
        self.changed()


def busy_night(ward: Ward) -> None:
    """A full page: three rooms, all priorities, two faults of our own."""
    ward.find("bed_exit", Priority.MEDIUM, ZHANG, because("out_of_bed", away_s=905.0), device="radar-118")
    ward.find(
        "fall",
        Priority.HIGH,
        WANG,
        because("fall_seen", device="cam-302", sign="rapid descent", score=0.91),
        because("no_recovery", for_s=15.0),
        device="cam-302",
        happening=True,
    )
    ward.find("smoke", Priority.HIGH, KITCHEN, because("contact_closed", device="smoke-kitchen", quantity="smoke"))
    ward.find(
        "spo2_low",
        Priority.LOW,
        ZHANG,
        because("at_or_below", quantity="spo2", value=91.0, unit="%", limit=91.0, for_s=180.0),
    )
    radar = Subject(SubjectKind.DEVICE, "radar-118", "118")
    ward.find("device_silent", Priority.MEDIUM, radar, because("silent", device="radar-118", silent_s=300.0))
    ward.find("upstream_down", Priority.LOW, Subject(SubjectKind.GATEWAY, "gateway"), device="upstream")
