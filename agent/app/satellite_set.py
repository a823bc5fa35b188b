"""Which of our other processes this gateway needs, and what each is told."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from agent.clock import Clock, TimeQuality
from agent.eyes.settings import vision_config
from agent.residents import Site
from agent.satellites import Satellite
from agent.settings.load import Settings
from agent.upstream.link import process_config
from drivers.backoff import Backoff


class SatelliteSet:
    """The sounder always; vision when a camera may look; upstream when there is a platform."""

    def __init__(self, settings: Settings, site: Site, clock: Clock, on_state: Callable[[str, str], None]) -> None:
        day = _today(clock)
        self.cameras = tuple(camera.id for camera in settings.cameras.running(day))
        self._by_name: dict[str, Satellite] = {}

        def add(name: str, module: str, config: Mapping[str, Any], backoff: Backoff | None = None) -> None:
            self._by_name[name] = Satellite(name, module, settings.run, config, on_state, backoff)

        sounder = {"socket": str(settings.run / "sounder.sock"), "settings": asdict(settings.annunciators)}
        # However often it dies, what is open is silent for no longer than that.
        add("sounder", "agent.annunciators.sounder", sounder, Backoff(first=0.1, cap=1.0))
        core_socket = settings.run / "core.sock"
        if self.cameras:
            add("vision", "agent.vision", vision_config(settings.cameras, core_socket, day))
        if settings.upstream.url or settings.upstream.call:
            add("upstream", "agent.upstream", _upstream_config(settings, site))

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


def _today(clock: Clock) -> date | None:
    stamp = clock.stamp()
    return None if stamp.quality is TimeQuality.UNSET else datetime.fromtimestamp(stamp.wall, UTC).astimezone().date()
