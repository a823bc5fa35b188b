"""Where events go: the values of config/upstream.toml. Imported by the core, so nothing of the network in here."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from annotated_types import Ge, Le, MinLen, Predicate

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def https_or_loopback(url: str) -> bool:
    """Whether `url` is empty (no upstream), https://, or plain http:// to this machine itself."""
    if not url:
        return True
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.username or parts.query or parts.fragment:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """One platform. `url` is the base: events go to ``{url}/events``; empty: nothing is sent, everything is kept.

    `token_file` holds the bearer token (mode 0600), `ca_file` the authority to trust instead of the system's.
    `consumer` names this platform in the store: under a new name everything kept is sent again. A request that has
    not ended after `deadline_s` is given up; `batch` is the most events in one.
    """

    url: Annotated[str, Predicate(https_or_loopback)] = ""
    token_file: str = ""
    ca_file: str = ""
    consumer: Annotated[str, MinLen(1)] = "platform"
    batch: Annotated[int, Ge(1), Le(2000)] = 500
    connect_s: Annotated[float, Ge(0.5), Le(60)] = 5.0
    deadline_s: Annotated[float, Ge(1), Le(120)] = 20.0

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def events_url(self) -> str:
        """Where batches are posted."""
        return self.url.rstrip("/") + "/events"
