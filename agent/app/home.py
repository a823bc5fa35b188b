"""What the panel sees: one frozen snapshot, made anew when something changed, and history from beside the writer."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from agent.alarms.alarm import AlarmEvent, Command
from agent.alarms.snapshot import ResidentStatus, RoomStatus, Snapshot
from agent.alarms.standing import ShelveOrder
from agent.app.calls_out import CallsOut
from agent.app.camera_desk import CameraDesk
from agent.app.deeds import act_of
from agent.app.devices import DeviceBook
from agent.app.flow import Flow
from agent.app.parts import Parts
from agent.app.shadow_role import ShadowRole
from agent.app.site_facts import SiteFacts
from agent.app.sounder_role import SounderRole
from agent.detection.acts import Act
from agent.figures.carers import by_roster
from agent.figures.kpi import Figures
from agent.judge import Judge
from agent.moment import Moment
from agent.offload import offload
from agent.panel.ports import EventPage, HistoryUnavailableError
from agent.residents import Site
from agent.store import reader
from agent.store.bundle import chained
from agent.store.entry import Lane
from agent.store.events import Origin
from agent.store.gateway_key import signer_in
from agent.store.stats import stats
from agent.store.story import Asked, story

T = TypeVar("T")

READ_S = 3.0
REPORT_S = 20.0  # a year of alarms, from a slow card
READERS = 4


class News:
    """A number that rises with every change, and a way to wait for it."""

    def __init__(self) -> None:
        self.version = 1
        self._risen = asyncio.Event()

    def changed(self) -> None:
        """Something that a snapshot shows is different now."""
        self.version += 1
        risen, self._risen = self._risen, asyncio.Event()
        risen.set()

    async def newer_than(self, version: int) -> None:
        """Wait until the number is above `version`."""
        while self.version <= version:
            await self._risen.wait()


class RunningHome:
    """The core as the panel's `Home`; only what is `async` touches the disk, in threads that may hang."""

    def __init__(
        self,
        flow: Flow,
        devices: DeviceBook,
        parts: Parts,
        desk: SiteFacts,
        sounder: SounderRole,
        news: News,
        store: Path,
        origin: Origin,
        calls: CallsOut,
        shadow: ShadowRole,
        camera_desk: CameraDesk,
    ) -> None:
        self.desk = desk
        self.shadow = shadow
        self.camera_desk = camera_desk
        self._calls = calls
        self._sounder = sounder
        self._flow = flow
        self._devices = devices
        self._parts = parts
        self._rooms, self._staff = _rooms(flow.site), _staff(flow.site)
        self._news = news
        self._store = store
        self._origin = origin
        self._shown: Snapshot | None = None
        self._readers = threading.Semaphore(READERS)  # a thread that hangs keeps its place

    def use(self, site: Site) -> None:
        """Site facts have changed."""
        self._rooms, self._staff = _rooms(site), _staff(site)

    def snapshot(self) -> Snapshot:
        """Everything open and alive now, from memory."""
        if self._shown is None or self._shown.version != self._news.version:
            moment, judge = self._flow.moment, self._flow.judge
            self._shown = Snapshot(
                self._news.version,
                moment.monotonic,
                moment.wall,
                judge.engine.audible,  # the panel's own sound pauses with the buzzer
                self._devices.statuses(moment.monotonic),
                self._rooms,
                self._parts.statuses(),
                self._devices.unknown,
                judge.engine.quiet.audio_paused,
                judge.engine.quiet.shelves,
                judge.engine.suppressed,
                judge.tasks.open,
                judge.engine.quiet.flood,
                _care(judge, moment),
                self._staff,
                self._calls.statuses,
                self.camera_desk.statuses(),
                self.shadow.statuses(),
            )
        return self._shown

    async def changed_since(self, version: int) -> Snapshot:
        """The first snapshot newer than `version`; waits for it."""
        await self._news.newer_than(version)
        return self.snapshot()

    def command(self, command: Command) -> AlarmEvent | None:
        """Carry out what a person asks; None when it was so already. Raises `CommandError`."""
        return self._flow.command(command)

    def act(self, name: str, asked: Mapping[str, Any], actor: str) -> Act:
        """Take note of what a person did. Raises `CommandError`."""
        act = act_of(self._flow.site, name, asked, self._flow.moment.monotonic, actor, self._sounder.names)
        self._flow.act(act)
        return act

    def test_sound(self) -> None:
        """Test every buzzer, lamp, loudspeaker and pager. Raises `CommandError`."""
        self._sounder.test()

    def pause(self, seconds: float, actor: str) -> None:
        """Pause the sound. Raises `CommandError`."""
        self._flow.order(lambda judge, now: judge.pause(actor, seconds, now))

    def resume(self, actor: str) -> None:
        """End the pause."""
        self._flow.order(lambda judge, now: judge.resume(actor, now))

    def shelve(self, order: ShelveOrder) -> None:
        """Put alarms aside. Raises `CommandError`."""
        self._flow.order(lambda judge, now: judge.shelve(order, now))

    def unshelve(self, shelf: str, actor: str) -> None:
        """Take them off the shelf. Raises `CommandError`."""
        self._flow.order(lambda judge, now: judge.unshelve(shelf, actor, now))

    async def history(self, limit: int, before: int | None = None) -> list[dict[str, Any]]:
        """Newest rows of the alarm log; raises `HistoryUnavailableError`."""
        return await self._read(lambda: reader.history(self._store, limit, before))

    async def stats(self, days: int) -> Figures:
        """The figures of the last `days`; raises `HistoryUnavailableError`."""
        now, on_duty = self._flow.moment, by_roster(self._flow.site.roster)
        return await self._read(lambda: stats(self._store, days, now.wall, on_duty, now.offset_s), REPORT_S)

    async def bundle(self, alarm: str, by: str) -> list[str]:
        """One alarm's whole story; raises `HistoryUnavailableError`, `UnknownAlarmError` and `KeyFileError`."""
        asked = Asked(alarm, self._origin.gateway, by, self._flow.moment.wall)
        return await self._read(lambda: list(chained(story(self._store, asked), signer_in(self._store))), REPORT_S)

    async def events(self, lane: Lane, after: int, limit: int) -> EventPage:
        """The pull feed; raises `HistoryUnavailableError`."""
        events = await self._read(lambda: reader.events(self._store, lane, after, limit, self._origin))
        return EventPage(tuple(events), int(events[-1]["sequence"]) if events else after)

    async def _read(self, read: Callable[[], T], timeout_s: float = READ_S) -> T:
        if not self._readers.acquire(blocking=False):
            raise HistoryUnavailableError("the disk does not answer")

        def counted() -> T:
            try:
                return read()
            finally:
                self._readers.release()

        try:
            return await offload(counted, timeout_s, "store-reader")
        except (reader.StoreUnreadableError, OSError) as error:  # TimeoutError is an OSError
            raise HistoryUnavailableError(str(error) or "the disk does not answer") from error


def _care(judge: Judge, moment: Moment) -> tuple[ResidentStatus, ...]:
    """Every resident by room, with what staff need to know to act."""
    ground = judge.rules.ground
    found = []
    for one in sorted(ground.site.residents.values(), key=lambda resident: (resident.room, resident.bed, resident.id)):
        out = ground.ward.out(one.id, moment)
        until = out.until if out else None
        found.append(ResidentStatus(one.id, one.name, one.room, one.turning_min > 0, out.by if out else "", until))
    return tuple(found)


def _staff(site: Site) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.name) for one in site.roster.members.values())


def _rooms(site: Site) -> tuple[RoomStatus, ...]:
    rooms: dict[str, list[tuple[str, str]]] = {}
    for resident in site.residents.values():
        rooms.setdefault(resident.room, []).append((resident.id, resident.name))
    return tuple(RoomStatus(room, tuple(people)) for room, people in sorted(rooms.items()))
