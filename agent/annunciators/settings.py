"""Which buzzers, lamps, loudspeakers and pagers there are: the values of config/annunciators.toml.

One array of tables a kind. `rank`: who sounds first. Those of rank 1 always sound; those of the next rank join as soon
as one of a better rank is dead. Lamps shine and pagers call whatever their rank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, Len, MinLen

from agent.moment import seconds_of

_FORBID: dict[str, Any] = {"extra": "forbid"}

Line = Annotated[int, Ge(-1), Le(1023)]
Coil = Annotated[int, Ge(-1), Le(255)]
Name = Annotated[str, MinLen(1)]
Rank = Annotated[int, Ge(1), Le(9)]
Digit = Annotated[int, Ge(0), Le(9)]
Language = Literal["zh", "en"]
Names = Literal["none", "surname", "full"]


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
    rank: Rank = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class TowerLightSettings:
    """A USB-serial tower light of the single-byte kind (Adafruit 5125 and its many twins)."""

    name: Name
    port: Name
    rank: Rank = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """A Modbus relay board on a port of its own: `rooms` gives the coil of each room's corridor lamp.

    `buzzer`, `red`, `yellow`, `heartbeat`: coils of a tower light behind it; -1 for what is not wired. `unit`: its
    Modbus address; `coils`: how many it has. `one_by_one`: it knows no "write multiple coils" (function 15).
    """

    name: Name
    port: Name
    baudrate: Annotated[int, Ge(1200), Le(115_200)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    unit: Annotated[int, Ge(1), Le(247)] = 1
    coils: Annotated[int, Ge(1), Le(256)] = 8
    rooms: Mapping[str, Annotated[int, Ge(0), Le(255)]] = field(default_factory=dict)
    buzzer: Coil = -1
    red: Coil = -1
    yellow: Coil = -1
    heartbeat: Coil = -1
    one_by_one: bool = False
    rank: Rank = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        """Raise ValueError when a coil is beyond the board, or used twice by its tower light and a room."""
        tower = [coil for coil in (self.buzzer, self.red, self.yellow, self.heartbeat) if coil >= 0]
        if over := [coil for coil in (*tower, *self.rooms.values()) if coil >= self.coils]:
            raise ValueError(f"coil {over[0]} of a board with {self.coils}: count from 0, or set coils")
        if len(set(tower)) < len(tower) or set(tower) & set(self.rooms.values()):
            raise ValueError("a coil of the tower light is used twice: give each lamp a coil of its own")


@dataclass(frozen=True, slots=True)
class LoudspeakerSettings:
    """An ALSA device (`aplay -L` lists them), played by `player`, which takes aplay's options.

    `alarms`: it sounds alarms, in tones and, with `speech`, in words; `rooms`: it asks in these rooms whether somebody
    is all right. A loudspeaker in a bedroom has `alarms = false`. `names`: how much of a name it says aloud.
    """

    name: Name
    device: Name = "default"
    alarms: bool = True
    rooms: tuple[Name, ...] = ()
    speech: bool = True
    language: Language = "zh"
    names: Names = "none"
    volume: Annotated[float, Ge(0.1), Le(1.0)] = 1.0
    player: Name = "aplay"
    rank: Rank = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        """Raise ValueError for a loudspeaker that would never be used."""
        if not self.alarms and not self.rooms:
            raise ValueError("it sounds no alarms and has no rooms: set alarms or rooms, or leave it out")


@dataclass(frozen=True, slots=True)
class PagerSettings:
    """A pager or DECT base by ESPA 4.4.4: we are station `own` and call to station `base`.

    `form`: 8N1, or 7E1 as in the original text. `checksum`: `xor`, or `xor7` for a base that masks it to seven bits.
    `poll_s`: how often it is asked whether it is there; 0 for one that knows no polling, which is then supervised by
    its calls alone. `beep_*`: beep coding (record 3) by priority. `encoding`: of the text; Chinese needs gb18030.
    `test_call`: the pager that the daily test calls; empty for none.
    """

    name: Name
    port: Name
    baudrate: Annotated[int, Ge(300), Le(115_200)] = 9600
    form: Literal["8N1", "7E1"] = "8N1"
    checksum: Literal["xor", "xor7"] = "xor"
    own: Annotated[str, Len(1, 1)] = "1"
    base: Annotated[str, Len(1, 1)] = "2"
    poll_s: Annotated[float, Ge(0), Le(60)] = 10.0
    beep_high: Digit = 3
    beep_medium: Digit = 2
    beep_low: Digit = 1
    transmissions: Annotated[int, Ge(1), Le(9)] = 1
    text_length: Annotated[int, Ge(8), Le(128)] = 32
    encoding: Literal["ascii", "latin-1", "gb18030"] = "ascii"
    names: Names = "none"
    test_call: str = ""
    rank: Rank = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        """Raise ValueError when seven bits are to carry eight, or both stations have one address."""
        if self.form == "7E1" and self.encoding != "ascii":
            raise ValueError(f"7E1 carries no {self.encoding}: set encoding to ascii, or form to 8N1")
        if self.form == "7E1" and self.checksum != "xor7":
            raise ValueError("7E1 carries no checksum of eight bits: set checksum to xor7")
        if self.own == self.base:
            raise ValueError("own and base are two stations: give them two addresses")


@dataclass(frozen=True, slots=True)
class SimulatedSettings:
    """No hardware: every line change is appended to `file` as a JSON line, with its time. Shown as simulated."""

    name: Name
    file: Name
    rank: Rank = 1

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class AnnunciatorSettings:
    """Everything that can sound or shine here. `night_*`: hours of local time between which low alarms only shine.

    `self_test_at`: local time of the daily test, at an hour when somebody is there to confirm it; empty for none.
    """

    gpio: tuple[GpioSettings, ...] = ()
    tower_light: tuple[TowerLightSettings, ...] = ()
    relay: tuple[RelaySettings, ...] = ()
    loudspeaker: tuple[LoudspeakerSettings, ...] = ()
    pager: tuple[PagerSettings, ...] = ()
    simulated: tuple[SimulatedSettings, ...] = ()
    night_from_h: Annotated[int, Ge(0), Le(23)] = 21
    night_to_h: Annotated[int, Ge(0), Le(23)] = 6
    self_test_at: str = "10:00"

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        """Raise ValueError when the test is at no time of day or at night, or two outputs have one name."""
        if self.self_test_at and self.is_night(int(seconds_of(self.self_test_at) // 3600)):
            raise ValueError(f"self_test_at: {self.self_test_at} is in the night, when people sleep; test by day")
        if len(set(self.names)) < len(self.names):
            raise ValueError("two outputs have one name: staff and the log could not tell them apart")

    @property
    def names(self) -> tuple[str, ...]:
        """All outputs by name."""
        kinds = (self.gpio, self.tower_light, self.relay, self.loudspeaker, self.pager, self.simulated)
        return tuple(one.name for kind in kinds for one in kind)

    @property
    def ask_in(self) -> tuple[str, ...]:
        """Where a loudspeaker can ask, as long as it works."""
        return tuple(room for one in self.loudspeaker for room in one.rooms)

    @property
    def sounds(self) -> bool:
        """Whether anything here can make itself heard for an alarm."""
        buzzers = (*(one.buzzer for one in self.gpio), *(one.buzzer for one in self.relay))
        wired = any(line >= 0 for line in buzzers)
        return wired or bool(self.tower_light or self.simulated) or any(one.alarms for one in self.loudspeaker)

    @property
    def test_at_s(self) -> float | None:
        """Seconds after local midnight of the daily test; None for no test."""
        return seconds_of(self.self_test_at) if self.self_test_at else None

    def is_night(self, hour: int) -> bool:
        """Whether local `hour` (0..23) lies in the night."""
        if self.night_from_h <= self.night_to_h:
            return self.night_from_h <= hour < self.night_to_h
        return hour >= self.night_from_h or hour < self.night_to_h

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "AnnunciatorSettings":
        """The settings that the core wrote as JSON, checked by the core."""
        kinds = {
            "gpio": GpioSettings,
            "tower_light": TowerLightSettings,
            "relay": RelaySettings,
            "loudspeaker": LoudspeakerSettings,
            "pager": PagerSettings,
            "simulated": SimulatedSettings,
        }
        rows = {key: tuple(kind(**_tuples(row)) for row in data[key]) for key, kind in kinds.items()}
        return AnnunciatorSettings(**{**data, **rows})


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows no tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
