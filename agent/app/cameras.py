"""The cameras in the running core: their facts, their shadow, the process that looks, and what staff see of them."""

from collections.abc import Callable

from agent.app.camera_board import CameraBoard
from agent.app.camera_desk import CameraDesk
from agent.app.keeping import Keeping
from agent.app.parts import Parts
from agent.app.satellite_set import SatelliteSet
from agent.app.shadow_role import ShadowRole
from agent.app.site_facts import SiteFacts
from agent.app.vision_role import VisionRole
from agent.clock import Clock
from agent.detection.event import DeviceEvent
from agent.residents import Site
from agent.settings.load import Settings
from agent.store.store import Store


class Cameras:
    """`board` and `shadow` from the start; `role` and `desk` once `look` was called.

    `site` gives the site facts in force, `changed` is called when there is something new to show.
    """

    role: VisionRole
    desk: CameraDesk

    def __init__(
        self,
        settings: Settings,
        facts: SiteFacts,
        site: Callable[[], Site],
        clock: Clock,
        store: Store,
        keeping: Keeping,
        changed: Callable[[], None],
        new_id: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._facts = facts
        self._site = site
        self._clock = clock
        self._keeping = keeping
        self.board = CameraBoard(facts)
        self.shadow = ShadowRole(
            (one.id for one in settings.cameras.camera),
            self.board,
            self._room,
            clock,
            store.shadow,
            keeping.audited,
            changed,
            new_id,
            settings.rules.fall.raise_at,
        )

    def look(self, satellites: SatelliteSet, emit: Callable[[DeviceEvent], None], parts: Parts) -> None:
        """Deal with the vision process, whose observations go to `emit`."""
        self._satellites = satellites
        self.role = VisionRole(
            satellites.cameras,
            emit,
            parts,
            satellites.restarter("vision"),
            self._clock.monotonic,
            self.shadow,
            self.board.facts,
            satellites.may_look,
        )
        self.desk = CameraDesk(
            self._settings.cameras.camera,
            self.role,
            self.board.facts,
            self._room,
            self._beds,
            satellites.today,
            self._keeping.audited,
        )

    def facts_changed(self) -> None:
        """The site facts are others now: whoever looks is told."""
        self.board.read()
        self.shadow.facts_changed(self._facts.author)
        self._satellites.cameras_changed()
        self.role.tell()

    def each_second(self) -> None:
        """Kill the vision process for its silence, tell it what has changed, and have written what is new."""
        if self._satellites.cameras:
            self.role.tick()
        self.shadow.each_second()

    def _room(self, camera: str) -> str:
        return self._site().subject_of(camera).room

    def _beds(self, camera: str) -> tuple[str, ...]:
        site = self._site()
        return tuple(sorted({one.bed for one in site.living_in(site.place_of(camera)) if one.bed}))
