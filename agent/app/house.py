"""The parts of one life of the core, made in the order in which they need each other."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from agent.alarms.escalation import Escalation
from agent.app.calls_out import CallsOut
from agent.app.cameras import Cameras
from agent.app.core_socket import CoreSocket
from agent.app.devices import DeviceBook
from agent.app.flow import Flow, Outlets
from agent.app.heart import Heart
from agent.app.home import News, RunningHome
from agent.app.keeping import Keeping
from agent.app.opening import Opening
from agent.app.own_health import OwnHealth
from agent.app.parts import Parts
from agent.app.satellite_set import SatelliteSet
from agent.app.site_facts import SiteFacts
from agent.app.sounder_role import SounderRole
from agent.app.starts import Starts
from agent.app.taking_up import TakingUp
from agent.app.upstream_role import UpstreamRole
from agent.clock import Clock
from agent.detection.acts import Act
from agent.detection.event import DeviceEvent
from agent.detection.observations import Observation
from agent.judge import Judge, Verdict
from agent.panel.server import PanelServer
from agent.residents import Site
from agent.settings.contradiction import Contradiction
from agent.settings.cross_check import Told, site_problems
from agent.settings.load import Settings
from agent.settings.site import SiteSettings
from agent.store.entry import Entry, Lane
from agent.store.events import Origin
from agent.store.store import Store
from agent.supervision import keep_running
from drivers.reading import Reading
from drivers.registry import build

_LOGGER = logging.getLogger(__name__)

PANEL_S = 1.0  # a panel that cannot be served holds nothing else up
STORE_S = 1.5


def new_id() -> str:
    """An id that is unique for ever."""
    return uuid.uuid4().hex


class House:
    """Everything wired together: `start`, `ready`, and `end` in less than five seconds."""

    def __init__(self, settings: Settings, clock: Clock, died: Callable[[BaseException], None], starts: Starts) -> None:
        self._settings = settings
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._news = News()
        self._stirring: set[Lane] = set()
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}
        self._store = Store(settings.state, clock, self._on_stored, self._on_file, settings.gateway.store)
        opening = Opening(self._store, clock, settings.site, starts)
        self._build_judgement(opening, died)
        self._build_desk(opening)
        self._build_processes()
        self._build_home(opening)
        self._heart = Heart(self._flow, self._parts, clock, self._each_second)
        self._health = OwnHealth(self._parts, clock, settings.state)
        self._past = TakingUp(
            opening,
            self._store,
            clock,
            self._flow,
            self._parts,
            self._desk,
            self._sounder,
            self._cameras.shadow.take_up,
            self._expect,
        )
        self._past.begin()
        if opening.safe_mode:
            self._heart.leave_safe_mode_by(self._past.all_rules, starts)

    def _build_judgement(self, opening: Opening, died: Callable[[BaseException], None]) -> None:
        """From an event to what is sounded and kept."""
        escalation = opening.facts.to_escalation(self._settings.alarms)
        self._site = escalation.site
        self._devices = DeviceBook(self._site)
        self._keeping = Keeping(self._store, self._clock, self._site, new_id)
        outlets = Outlets(
            lambda alarms: self._sounder.show(alarms),
            self._decided,
            self._note,
            self._news.changed,
            died,
            lambda prompt: self._sounder.ask(prompt),
        )
        few = opening.safe_mode or opening.opened is None
        self._flow = Flow(Judge.of(self._settings.rules, escalation, new_id, few), self._clock, outlets)
        self._parts = Parts(self._flow.report, self._news.changed)

    def _build_desk(self, opening: Opening) -> None:
        """The site facts, and the cameras as far as people set them."""
        facts, settings = opening.facts, self._settings
        self._desk = SiteFacts(
            facts, opening.imported, settings.alarms, self._check_site, self._keep_site, self._use_site
        )
        self._cameras = Cameras(
            settings,
            self._desk,
            lambda: self._site,
            self._clock,
            self._store,
            self._keeping,
            self._news.changed,
            new_id,
        )

    def _build_processes(self) -> None:
        """Our other processes, and what each is to the core."""
        facts = self._cameras.board.facts
        self._satellites = SatelliteSet(self._settings, self._site, self._clock, self._on_satellite, facts)
        restarter = self._satellites.restarter
        self._sounder = SounderRole(
            self._settings.run / "sounder.sock",
            self._settings.annunciators,
            self._flow,
            self._parts,
            restarter("sounder"),
            lambda: self._panel.hearing,
            self._keeping.called,
            new_id,
        )
        self._sounder.use(self._site)
        self._cameras.look(self._satellites, self.emit, self._parts)
        self._calls = CallsOut(lambda: self._flow.open, self._keeping.called, self._news.changed)
        self._upstream = UpstreamRole(
            self._store,
            self._parts,
            restarter("upstream"),
            self._clock.monotonic,
            self._from_thread,
            self._on_note,
            self._calls.told,
        )

    def _build_home(self, opening: Opening) -> None:
        """What people see and change."""
        settings, facts = self._settings, opening.facts
        self.home = RunningHome(
            self._flow,
            self._devices,
            self._parts,
            self._desk,
            self._sounder,
            self._news,
            settings.state,
            Origin(settings.gateway.id, facts.facility.code, facts.facility.area_code),
            self._calls,
            self._cameras.shadow,
            self._cameras.desk,
        )
        self._panel = PanelServer(
            self.home, settings.panel, settings.state, settings.run / "api.sock", self._clock, self._is_night
        )

    def start(self, group: asyncio.TaskGroup) -> None:
        """Let everything run as tasks of `group`."""
        drivers = build(
            self._settings.devices,
            self._settings.profiles,
            self.emit,
            self._clock.monotonic,
            self._devices.note_unknown,
        )
        socket = CoreSocket(
            self._settings.run / "core.sock", {"vision": self._cameras.role, "upstream": self._upstream}
        )

        def kept(name: str, run: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
            return group.create_task(keep_running(name, run, self._on_part), name=name)

        self._tasks = {
            "drivers": [kept(f"driver:{driver.name}", driver.run) for driver in drivers],
            "panel": [kept("panel", self._panel.run)],
            "core.sock": [kept("core.sock", socket.run)],
            "own health": [kept("own health", self._health.run)],
            "satellites": [group.create_task(one.run(), name=one.name) for one in self._satellites.all],
            "sounder": [group.create_task(self._sounder.run(), name="sounder client")],
            "heart": [group.create_task(self._heart.run(), name="heart")],
        }
        if self.late:
            self._tasks["past"] = [group.create_task(self.take_up_late(), name="past")]

    @property
    def late(self) -> bool:
        """What was before is still to be taken up."""
        return self._past.late

    async def take_up_late(self) -> None:
        """Take it up once the store is open, or its copies must serve."""
        await self._past.take_up_late()

    async def ready(self) -> None:
        """Wait until the panel answers, or cannot."""
        try:
            async with asyncio.timeout(PANEL_S):
                await self._panel.ready.wait()
        except TimeoutError:
            _LOGGER.warning("panel: not served yet")
        _LOGGER.info("ready: %d devices, panel on port %d", len(self._site.bindings), self._panel.port)

    async def end(self, orderly: bool) -> None:
        """Drivers first, then panel, our processes, store; the sounder goes on when something is sounding."""
        for names in (("drivers", "past"), ("panel", "heart", "own health", "satellites", "core.sock")):
            await self._cancel(*names)
        await asyncio.gather(*(one.stop() for one in self._satellites.without_sounder()))
        self._keeping.close()
        self._cameras.shadow.flush()
        self._past.close()
        if not await asyncio.to_thread(self._store.close, STORE_S):
            _LOGGER.error("store: not everything could be written in %.1f s", STORE_S)
        if orderly:
            self._sounder.bye()
        await self._cancel("sounder")

    def emit(self, event: DeviceEvent) -> None:
        """What drivers and cameras say: judged and sounded first, then noted, then kept."""
        self._flow.feed(event)
        self._devices.note(event)
        if isinstance(event, Reading):
            self._keeping.reading(event)
        if not isinstance(event, Observation):
            self._heart.heard = True

    def _check_site(self, site: SiteSettings) -> Iterable[Contradiction]:
        settings = self._settings
        told = Told(site, settings.devices, settings.cameras, settings.profiles, settings.rules, settings.alarms)
        return site_problems(told)

    def _keep_site(self, document: dict[str, Any], author: str) -> asyncio.Event:
        kept = asyncio.Event()
        self._store.put_site(document, author, lambda: self._from_thread(kept.set))
        return kept

    def _use_site(self, site: Site, escalation: Escalation) -> None:
        """Site facts have changed: everybody who holds them gets the new ones in the same turn of the loop."""
        self._site = site
        for holder in (self._devices, self._keeping, self.home, self._sounder):
            holder.use(site)
        self._flow.judge.use(escalation)
        self._cameras.facts_changed()
        self._news.changed()

    def _is_night(self) -> bool:
        return self._settings.annunciators.is_night(time.localtime().tm_hour)

    def _on_note(self, alarm: str, text: str, author: str) -> None:
        """The platform says something about an alarm: shown, and nothing else."""
        self._flow.order(lambda judge, now: judge.note(alarm, text, author, now))

    def _decided(self, verdict: Verdict) -> None:
        self._keeping.verdict(verdict)
        self._cameras.shadow.decided(verdict.events)

    def _note(self, act: Act) -> None:
        self._keeping.act(act)
        self._sounder.acted(act)

    def _each_second(self) -> None:
        self._sounder.tick()
        self._cameras.each_second()
        if self._satellites.has("upstream"):
            self._upstream.tick()
        if self._heart.heard:
            self._heart.heard = False
            self._news.changed()  # ages and values of devices
        self._keeping.flush()
        self._past.each_second()

    def _expect(self) -> None:
        for name in ("alarms.db", "telemetry.db", "panel"):
            self._parts.expect(name)
        for name in ("vision", "upstream"):
            if self._satellites.has(name):
                self._parts.expect(name)
        self._sounder.begin()

    def _on_satellite(self, name: str, why: str) -> None:
        {"vision": self._cameras.role.down, "upstream": self._upstream.down, "sounder": self._sounder.down}[name](why)

    def _on_part(self, name: str, why: str) -> None:
        self._parts.state(name, why, self._clock.monotonic())

    def _on_stored(self, lane: Lane, _entry: Entry, _sequence: int) -> None:
        """From a writer thread, for each row: one word a lane is enough until the loop has passed it on."""
        if lane not in self._stirring:
            self._stirring.add(lane)
            self._from_thread(lambda: self._wake(lane))

    def _wake(self, lane: Lane) -> None:
        self._stirring.discard(lane)  # first: a row that is stored from now on needs a word of its own
        self._upstream.wake(lane)

    def _on_file(self, name: str, why: str) -> None:
        self._from_thread(lambda: self._parts.state(name, why, self._clock.monotonic()))

    def _from_thread(self, call: Callable[[], None]) -> None:
        """From a writer thread into the loop; a loop that has ended needs no word any more."""
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            _LOGGER.debug("the loop has ended")

    async def _cancel(self, *names: str) -> None:
        tasks = [task for name in names for task in self._tasks.get(name, ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
