"""Where the panel is served, and for how long a login holds: the values of config/panel.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """One HTTP address.

    The default host is this machine alone: the login code and residents' names would cross the ward's network in the
    clear, so opening the panel to tablets is a step that the installer takes on purpose, best with a certificate.
    `port` 0 takes any free one. `tls_certificate` and `tls_key` are PEM files; both or neither.
    """

    host: Annotated[str, MinLen(1)] = "127.0.0.1"
    port: Annotated[int, Ge(0), Le(65535)] = 8080
    tls_certificate: str = ""
    tls_key: str = ""
    session_hours: Annotated[int, Ge(1), Le(24)] = 12

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Raise ValueError when only one half of the certificate is named."""
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key go together: name both PEM files, or neither")
