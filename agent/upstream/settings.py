"""Where events go: the values of config/upstream.toml. Imported by the core, so nothing of the network in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen, Predicate

from agent.upstream.addresses import https_or_loopback
from agent.upstream.call_settings import CallSettings


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """One platform. `url` is the base: events go to ``{url}/events``; empty: nothing is sent, everything is kept.

    `token_file` holds the bearer token (mode 0600), `ca_file` the authority to trust instead of the system's.
    `consumer` names this platform in the store: under a new name everything kept is sent again. A request that has
    not ended after `deadline_s` is given up; `batch` is the most events in one. `call`: requests to make when an alarm
    tells a role that is reached over the network.
    """

    url: Annotated[str, Predicate(https_or_loopback)] = ""
    token_file: str = ""
    ca_file: str = ""
    consumer: Annotated[str, MinLen(1)] = "platform"
    batch: Annotated[int, Ge(1), Le(2000)] = 500
    connect_s: Annotated[float, Ge(0.5), Le(60)] = 5.0
    deadline_s: Annotated[float, Ge(1), Le(120)] = 20.0
    call: tuple[CallSettings, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @staticmethod
    def of(told: Mapping[str, Any]) -> "UpstreamSettings":
        """The settings of such a mapping as `dataclasses.asdict` makes one."""
        calls = tuple(CallSettings(**{**one, "roles": tuple(one["roles"])}) for one in told.get("call", ()))
        return UpstreamSettings(**{**told, "call": calls})

    @property
    def events_url(self) -> str:
        """Where batches are posted."""
        return self.url.rstrip("/") + "/events"
