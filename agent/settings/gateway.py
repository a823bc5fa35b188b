"""The gateway itself: the values of config/nightlamp.toml."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import MinLen

from agent.store.settings import StoreSettings

_FORBID: dict[str, Any] = {"extra": "forbid"}

Folder = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where things are kept; a relative path counts from the folder of the settings.

    `state`: databases and secrets, kept for ever. `run`: sockets and locks, may vanish at boot; a short path, since a
    Unix socket's name may have 107 bytes.
    """

    state: Folder = "/var/lib/nightlamp"
    run: Folder = "/run/nightlamp"

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class LogSettings:
    """`level`: what is worth a line; `form`: json for a journal, plain for a person, auto: a terminal gets plain."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["auto", "json", "plain"] = "auto"

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """`id` names this gateway upstream: the source of its events."""

    id: Annotated[str, MinLen(1)] = "nightlamp"
    folders: Folders = field(default_factory=Folders)
    log: LogSettings = field(default_factory=LogSettings)
    store: StoreSettings = field(default_factory=StoreSettings)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
