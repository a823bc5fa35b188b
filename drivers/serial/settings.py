"""Devices that stream on a serial port of their own: the ``[[serial]]`` blocks of config/devices.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

_FORBID: dict[str, Any] = {"extra": "forbid"}

Name = Annotated[str, MinLen(1)]
ProtocolName = Literal["r60abd1"]  # the rows of drivers.serial.protocols.registry


@dataclass(frozen=True, slots=True)
class SerialDeviceSettings:
    """One device on one port; `silent_s` without a valid frame means that it is silent."""

    id: Name
    port: Name
    protocol: ProtocolName
    silent_s: Annotated[float, Ge(2), Le(600)] = 10.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
