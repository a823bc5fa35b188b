"""Where a camera's pictures come from, and how that may be shown: addresses carry passwords."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


class SourceKind(StrEnum):
    """What has to be opened."""

    FILE = "file"
    DEVICE = "device"  # V4L2
    NETWORK = "network"  # RTSP, or MJPEG over HTTP


@dataclass(frozen=True, slots=True)
class Source:
    """`address` as the library wants it; `shown` without user, password and query, for logs and people.

    `host` and `port` are those of a network camera.
    """

    kind: SourceKind
    address: str = field(repr=False)
    shown: str
    host: str = ""
    port: int = 0


def source_of(address: str) -> Source:
    """What `address` means; raises ValueError (which does not repeat it) when it is none that we can open."""
    if "://" not in address:
        kind = SourceKind.DEVICE if address.startswith("/dev/video") else SourceKind.FILE
        return Source(kind, address, address)
    parts = urlsplit(address)
    if parts.scheme not in _PORTS:
        raise ValueError(f"{parts.scheme}: not a kind of camera address; use a file, /dev/video0, {', '.join(_PORTS)}")
    if not parts.hostname:
        raise ValueError(f"{parts.scheme}: the address names no host")
    port = parts.port or _PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"
    return Source(SourceKind.NETWORK, address, shown, parts.hostname, port)
