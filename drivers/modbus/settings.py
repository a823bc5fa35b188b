"""Modbus buses and the devices on them: the ``[[modbus]]`` blocks of config/devices.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

_FORBID: dict[str, Any] = {"extra": "forbid"}

Name = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class ModbusDeviceSettings:
    """One device of ours: a whole unit, or one channel of it.

    `channel`, `quantity` and `invert` belong to boards whose contacts mean what is wired to them (`channel` counts
    from 0): `invert` is for a contact that is closed while all is well.
    """

    id: Name
    unit: Annotated[int, Ge(1), Le(247)]
    profile: Name
    channel: Annotated[int, Ge(0), Le(63)] | None = None
    quantity: str = ""
    invert: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class ModbusBusSettings:
    """One RS-485 adapter. Timing by the Modbus serial line guide and common practice.

    `timeout_s`: how long a unit may think. `retries`: asked again so many times before it counts as silent.
    `gap_s`: rest of the line between an answer and the next question. `silent_retry_s`: a silent unit is asked at
    least this often.
    """

    port: Name
    baudrate: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    timeout_s: Annotated[float, Ge(0.05), Le(2)] = 0.3
    retries: Annotated[int, Ge(1), Le(5)] = 2
    gap_s: Annotated[float, Ge(0.002), Le(0.5)] = 0.05
    silent_retry_s: Annotated[float, Ge(1), Le(60)] = 10.0
    device: tuple[ModbusDeviceSettings, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
