"""Which buzzers and lamps there are: the values of config/annunciators.toml; one array of tables a kind."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

_FORBID: dict[str, Any] = {"extra": "forbid"}

Line = Annotated[int, Ge(-1), Le(1023)]
Name = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class GpioSettings:
    """Lines of one GPIO chip; -1 for a line that is not wired."""

    name: Name
    chip: str = "/dev/gpiochip0"
    buzzer: Line = -1
    red: Line = -1
    yellow: Line = -1
    heartbeat: Line = -1
    active_low: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class TowerLightSettings:
    """A USB-serial tower light of the single-byte kind (Adafruit 5125 and its many twins)."""

    name: Name
    port: Name

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class SimulatedSettings:
    """No hardware: every line change is appended to `file` as a JSON line, with its time. Shown as simulated."""

    name: Name
    file: Name

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class AnnunciatorSettings:
    """Everything that can sound or shine here. `night_*`: hours of local time between which low alarms only shine."""

    gpio: tuple[GpioSettings, ...] = ()
    tower_light: tuple[TowerLightSettings, ...] = ()
    simulated: tuple[SimulatedSettings, ...] = ()
    night_from_h: Annotated[int, Ge(0), Le(23)] = 21
    night_to_h: Annotated[int, Ge(0), Le(23)] = 6

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    @property
    def names(self) -> tuple[str, ...]:
        """All outputs by name."""
        return tuple(one.name for kind in (self.gpio, self.tower_light, self.simulated) for one in kind)

    def is_night(self, hour: int) -> bool:
        """Whether local `hour` (0..23) lies in the night."""
        if self.night_from_h <= self.night_to_h:
            return self.night_from_h <= hour < self.night_to_h
        return hour >= self.night_from_h or hour < self.night_to_h
