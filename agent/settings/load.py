"""All settings of a gateway from one folder: one file a subject, every mistake in all of them at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from agent.alarms.settings import AlarmSettings
from agent.annunciators.settings import AnnunciatorSettings
from agent.eyes.settings import CamerasSettings
from agent.panel.settings import PanelSettings
from agent.rules.settings import RuleSettings
from agent.settings.gateway import GatewaySettings
from agent.settings.problem import Problem, SettingsError
from agent.settings.read import TomlFile
from agent.settings.site import SiteSettings
from agent.upstream.settings import UpstreamSettings
from drivers.modbus.plan import plan
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
    if not problems:
        problems = list(_across(parsed, files, profiles))
    if problems:
        raise SettingsError(problems)
    values: list[Any] = [*(parsed[name] for name in FILES), profiles]
    return Settings(folder, *values)


def _parse(file: TomlFile | None, kind: type[T]) -> T | None:
    return kind() if file is None else file.parse(kind)


def _across(
    parsed: Mapping[str, Any], files: Mapping[str, TomlFile], profiles: Mapping[str, Profile]
) -> Iterator[Problem]:
    """What no file can know alone: devices without a place, places without a device, profiles that do not fit."""
    devices = cast("DeviceSettings", parsed["devices.toml"])
    cameras = cast("CamerasSettings", parsed["cameras.toml"])
    site = cast("SiteSettings", parsed["site.toml"])
    known = Counter((*devices.ids, *(camera.id for camera in cameras.camera)))
    bound = Counter(binding.device for binding in site.binding)
    residents = Counter(resident.id for resident in site.resident)
    for number, bus in enumerate(devices.modbus):
        for mistake in plan(bus, profiles)[1]:
            yield _problem(files, "devices.toml", ("modbus", number, *mistake.key), mistake.text)
    for id_ in (id_ for id_, count in known.items() if count > 1):
        yield _problem(files, "devices.toml", (), f"device {id_!r} is there twice; each needs an id of its own")
    for id_ in known - bound:
        text = f"device {id_!r} has no [[binding]]: nobody would miss it, and its alarm would name no room"
        yield _problem(files, "site.toml", (), text)
    for number, binding in enumerate(site.binding):
        if binding.device not in known:
            text = f"no such device in devices.toml or cameras.toml: {binding.device!r}"
            yield _problem(files, "site.toml", ("binding", number, "device"), text)
        elif bound[binding.device] > 1:
            yield _problem(files, "site.toml", ("binding", number, "device"), f"{binding.device!r} is bound twice")
        if binding.resident and binding.resident not in residents:
            yield _problem(
                files, "site.toml", ("binding", number, "resident"), f"no such resident: {binding.resident!r}"
            )
    for id_ in (id_ for id_, count in residents.items() if count > 1):
        yield _problem(files, "site.toml", (), f"resident {id_!r} is there twice; each needs an id of its own")


def _problem(files: Mapping[str, TomlFile], name: str, key: tuple[str | int, ...], text: str) -> Problem:
    return files[name].problem(key, text) if name in files else Problem(name, 1, "", text)
