"""What panel and API may ask about cameras; the core fulfils it (agent/app/camera_desk.py)."""

import base64
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RoomOutline:
    """The edges of a room: `height` rows of `width` pixels, eight to a byte, the first one highest; 1 is an edge."""

    width: int
    height: int
    bits: bytes

    def to_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {"width": self.width, "height": self.height, "bits": base64.b64encode(self.bits).decode()}


class OutlineRefusedError(Exception):
    """There is no outline now; `code` is a row of `agent.panel.errors.FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CameraDesk(Protocol):
    """The cameras, beside what a snapshot shows of them."""

    async def outline(self, camera: str, by: str) -> RoomOutline:
        """The outline of the room, asked for by somebody, which is logged; raises `OutlineRefusedError` in time."""
