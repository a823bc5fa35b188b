"""The streaming protocols by the name they have in ``devices.toml``: a new one is a file beside this and a row here.

The row's name goes into `drivers.serial.settings.ProtocolName` too, so that the settings can say which there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from drivers.serial.framing import StreamDecoder
from drivers.serial.protocols import r60, r60abd1


@dataclass(frozen=True, slots=True)
class StreamProtocol:
    """One row: how its port is set, who decodes it, and what is written to it every `ask_every_s` and on opening.

    `quantities` names all that its devices can measure.
    """

    name: str
    baudrate: int
    decoder: Callable[[], StreamDecoder]
    quantities: tuple[str, ...]
    questions: tuple[bytes, ...] = ()
    ask_every_s: float = 10.0


_ROWS = (
    StreamProtocol(
        "r60abd1",
        r60.BAUDRATE,
        r60abd1.R60abd1,
        ("presence", "motion", "body_movement", "distance", "respiratory_rate", "heart_rate", "bed_occupied"),
        r60abd1.QUESTIONS,
    ),
)


def _table(rows: Iterable[StreamProtocol]) -> MappingProxyType[str, StreamProtocol]:
    return MappingProxyType({row.name: row for row in rows})


PROTOCOLS = _table(_ROWS)
