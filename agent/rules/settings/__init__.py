"""The limits and times of the rules: the values of config/rules.toml, one file a group (sources: docs/rules.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

from agent.rules.settings.baseline import BaselineSettings
from agent.rules.settings.bed import BedExitSettings, BedSettings
from agent.rules.settings.care import CareSettings
from agent.rules.settings.checks import CheckSettings
from agent.rules.settings.devices import DeviceSettings, SilentDeviceSettings
from agent.rules.settings.fall import FallSettings
from agent.rules.settings.hazards import HazardSettings, UtilitySettings
from agent.rules.settings.movement import MovementSettings
from agent.rules.settings.news2 import News2Settings
from agent.rules.settings.vitals import VitalSettings

__all__ = ["RuleSettings"]

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """All rules."""

    vitals: VitalSettings = field(default_factory=VitalSettings)
    news2: News2Settings = field(default_factory=News2Settings)
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    checks: CheckSettings = field(default_factory=CheckSettings)
    bed_exit: BedExitSettings = field(default_factory=BedExitSettings)
    bed: BedSettings = field(default_factory=BedSettings)
    movement: MovementSettings = field(default_factory=MovementSettings)
    fall: FallSettings = field(default_factory=FallSettings)
    silent_device: SilentDeviceSettings = field(default_factory=SilentDeviceSettings)
    devices: DeviceSettings = field(default_factory=DeviceSettings)
    hazards: HazardSettings = field(default_factory=HazardSettings)
    utilities: UtilitySettings = field(default_factory=UtilitySettings)
    care: CareSettings = field(default_factory=CareSettings)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def overridden(self, limits: Iterable[tuple[str, float]]) -> "RuleSettings":
        """These settings with each dotted name (``vitals.spo2_low.medium.at``) at its value; raises ValueError."""
        settings = self
        for name, value in limits:
            settings = _replaced(settings, name.split("."), name, value)
        return settings


def _replaced(part: Any, path: list[str], name: str, value: float) -> Any:  # noqa: ANN401 - any of the classes above
    if not is_dataclass(part) or path[0] not in {field.name for field in fields(part)}:
        raise ValueError(f"{name}: no such limit")
    now = getattr(part, path[0])
    if len(path) > 1:
        return replace(part, **{path[0]: _replaced(now, path[1:], name, value)})  # type: ignore[type-var]
    if is_dataclass(now) or isinstance(now, str | bool):
        raise ValueError(f"{name}: is no limit with one value")
    return replace(part, **{path[0]: value})  # type: ignore[type-var]
