"""Which of our other processes this gateway needs, and what each is told."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from agent.camera_facts import CameraFacts
from agent.clock import Clock, TimeQuality
from agent.eyes.settings import vision_config
from agent.model_folder.folder import FOLDER
from agent.residents import Site
from agent.satellites import Satellite
from agent.settings.load import Settings
from agent.upstream.link import process_config
from drivers.backoff import Backoff

ROOMS = "nightlamp-rooms"  # what the eyes know of each room outlives them


class SatelliteSet:
    """The sounder always; vision when a camera may look, now or later; upstream when there is a platform.

    `facts` are the site facts in force of a camera.
    """

    def __init__(
        self,
        settings: Settings,
        site: Site,
        clock: Clock,
        on_state: Callable[[str, str], None],
        facts: Callable[[str], CameraFacts],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._facts = facts
        self.cameras = tuple(camera.id for camera in settings.cameras.camera)
        self._day = self.today()
        self._by_name: dict[str, Satellite] = {}

        def add(
            name: str, module: str, config: Mapping[str, Any], backoff: Backoff | None = None, keeps: str = ""
        ) -> None:
            self._by_name[name] = Satellite(name, module, settings.run, config, on_state, backoff, keeps)

        sounder = {"socket": str(settings.run / "sounder.sock"), "settings": asdict(settings.annunciators)}
        # However often it dies, what is open is silent for no longer than that.
        add("sounder", "agent.annunciators.sounder", sounder, Backoff(first=0.1, cap=1.0))
        if any(camera.will_run(self.today()) for camera in settings.cameras.camera):
            add("vision", "agent.vision", self._vision_config(), keeps=ROOMS)
        if settings.upstream.url or settings.upstream.call:
            add("upstream", "agent.upstream", _upstream_config(settings, site))

    def today(self) -> date | None:
        """The day by the time of the home; None while the clock is not set."""
        stamp = self._clock.stamp()
        if stamp.quality is TimeQuality.UNSET:
            return None
        return datetime.fromtimestamp(stamp.wall + self._clock.offset_s, UTC).date()

    def may_look(self) -> tuple[str, ...]:
        """The cameras that may look today; with a new day others may, for a process that is started on it too."""
        today = self.today()
        if today != self._day:
            self._day = today
            self.cameras_changed()
        return tuple(camera.id for camera in self._settings.cameras.running(today))

    def cameras_changed(self) -> None:
        """Facts or consents have: a vision process that is started from now on is told so from the start."""
        if (vision := self._by_name.get("vision")) is not None:
            vision.use(self._vision_config())

    def _vision_config(self) -> dict[str, Any]:
        facts = {camera: self._facts(camera) for camera in self.cameras}
        models = self._settings.state / FOLDER
        return vision_config(self._settings.cameras, self._settings.run / "core.sock", self.today(), facts, models)

    @property
    def all(self) -> tuple[Satellite, ...]:
        """Every one, the sounder first."""
        return tuple(self._by_name.values())

    def has(self, name: str) -> bool:
        """Whether this gateway needs that process."""
        return name in self._by_name

    def restarter(self, name: str) -> Callable[[str], None]:
        """What kills process `name` for a reason; does nothing when this gateway has none."""
        satellite = self._by_name.get(name)
        return satellite.restart if satellite is not None else lambda _: None

    def without_sounder(self) -> tuple[Satellite, ...]:
        """Those that end with the core; the sounder ends when nothing sounds."""
        return tuple(one for one in self.all if one.name != "sounder")


def _upstream_config(settings: Settings, site: Site) -> dict[str, Any]:
    """Its files count from the folder of the settings, as every path there does."""
    told = asdict(settings.upstream)
    for key in ("token_file", "ca_file"):
        told[key] = str(settings.folder / told[key]) if told[key] else ""
    told["call"] = [
        {**one, "secret_file": str(settings.folder / one["secret_file"]) if one["secret_file"] else ""}
        for one in told["call"]
    ]
    core_socket, store = str(settings.run / "core.sock"), str(settings.state)
    return process_config(core_socket, store, settings.gateway.id, site.facility, site.area_code, told)
