"""All settings of a gateway from one folder: one file a subject, every mistake in all of them at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from agent.alarms.settings import AlarmSettings
from agent.annunciators.settings import AnnunciatorSettings
from agent.eyes.settings import CamerasSettings
from agent.panel.settings import PanelSettings
from agent.rules.settings import RuleSettings
from agent.settings.contradiction import Contradiction
from agent.settings.cross_check import Told, cross_check
from agent.settings.gateway import GatewaySettings
from agent.settings.problem import Problem, SettingsError
from agent.settings.read import TomlFile
from agent.settings.site import SiteSettings
from agent.upstream.settings import UpstreamSettings
from drivers.modbus.profile import Profile, read_profiles
from drivers.registry import DeviceSettings

T = TypeVar("T")

# file -> the class of its values
FILES: MappingProxyType[str, type[Any]] = MappingProxyType(
    {
        "nightlamp.toml": GatewaySettings,
        "site.toml": SiteSettings,
        "devices.toml": DeviceSettings,
        "cameras.toml": CamerasSettings,
        "rules.toml": RuleSettings,
        "alarms.toml": AlarmSettings,
        "annunciators.toml": AnnunciatorSettings,
        "panel.toml": PanelSettings,
        "upstream.toml": UpstreamSettings,
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a gateway is told, checked."""

    folder: Path
    gateway: GatewaySettings
    site: SiteSettings
    devices: DeviceSettings
    cameras: CamerasSettings
    rules: RuleSettings
    alarms: AlarmSettings
    annunciators: AnnunciatorSettings
    panel: PanelSettings
    upstream: UpstreamSettings
    profiles: Mapping[str, Profile]
    warnings: tuple[Problem, ...] = ()  # told by `nightlamp check` and in the log, and lived with

    @property
    def state(self) -> Path:
        """Where databases and secrets are kept."""
        return self.folder / self.gateway.folders.state

    @property
    def run(self) -> Path:
        """Where sockets and locks are."""
        return self.folder / self.gateway.folders.run


def shipped_config() -> Path:
    """The folder of commented defaults: beside the packages in a checkout, inside `agent` in an installed wheel."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped_config"
    return installed if installed.is_dir() else package.parent / "config"


def load(folder: Path) -> Settings:
    """The settings in `folder`; raises `SettingsError` with every mistake. A missing file counts as its defaults."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise SettingsError([Problem(str(folder), 1, "", "is not a folder; --config names the folder of the settings")])
    files = {name: TomlFile(folder / name) for name in FILES if (folder / name).exists()}
    parsed = {name: _parse(files.get(name), kind) for name, kind in FILES.items()}
    profiles, mistaken = read_profiles([shipped_config() / "profiles", folder / "profiles"])
    problems = [problem for file in files.values() for problem in file.problems]
    problems += [Problem(one.file, 1, one.key, one.text) for one in mistaken]
    problems += [
        Problem(path.name, 1, "", f"is none of our files; they are {', '.join(FILES)}")
        for path in sorted(folder.glob("*.toml"))
        if path.name not in FILES
    ]
    found = list(cross_check(_told(parsed, profiles))) if not problems else []
    problems += [_problem(files, one) for one in found if not one.warning]
    if problems:
        raise SettingsError(problems)
    warnings = tuple(sorted(_problem(files, one) for one in found if one.warning))
    told: dict[str, Any] = dict(parsed)
    told["site.toml"] = replace(told["site.toml"], camera=told["cameras.toml"].facts)
    values: list[Any] = [*(told[name] for name in FILES), profiles, warnings]
    return Settings(folder, *values)


def _parse(file: TomlFile | None, kind: type[T]) -> T | None:
    return kind() if file is None else file.parse(kind)


def _told(parsed: Mapping[str, Any], profiles: Mapping[str, Profile]) -> Told:
    return Told(
        parsed["site.toml"],
        parsed["devices.toml"],
        parsed["cameras.toml"],
        profiles,
        parsed["rules.toml"],
        parsed["alarms.toml"],
        parsed["annunciators.toml"],
    )


def _problem(files: Mapping[str, TomlFile], found: Contradiction) -> Problem:
    if found.file in files:
        return files[found.file].problem(found.key, found.text)
    return Problem(found.file, 1, "", found.text)
