"""The cameras as staff see them, and the outline of a room on which they draw."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from agent.alarms.snapshot import CameraStatus
from agent.app.vision_role import VisionRole
from agent.camera_facts import CameraFacts
from agent.eyes.judge import OutlineAnswer
from agent.eyes.settings import CameraSettings
from agent.panel.camera_port import OutlineRefusedError, RoomOutline

_LOGGER = logging.getLogger(__name__)

ANSWER_S = 3.0

Audit = Callable[[str, str, Mapping[str, Any], str], None]  # what was done, to which camera, with what, by whom


class CameraDesk:
    """Fulfils `agent.panel.camera_port.CameraDesk`.

    `facts` are the site facts in force of a camera, `place` is its room, `beds` are those of that room, `today` gives
    None while the clock is not set. Nothing of an outline is kept: it goes to whoever asked, and is forgotten.
    """

    def __init__(
        self,
        cameras: Iterable[CameraSettings],
        role: VisionRole,
        facts: Callable[[str], CameraFacts],
        place: Callable[[str], str],
        beds: Callable[[str], tuple[str, ...]],
        today: Callable[[], date | None],
        audit: Audit,
    ) -> None:
        self._cameras = {camera.id: camera for camera in cameras}
        self._role = role
        self._facts = facts
        self._place = place
        self._beds = beds
        self._today = today
        self._audit = audit
        self._numbers = itertools.count(1)
        self._asked: dict[str, tuple[int, asyncio.Future[OutlineAnswer]]] = {}
        role.on_outline = self._answered

    def statuses(self) -> tuple[CameraStatus, ...]:
        """Every camera, by id."""
        return tuple(self._status(self._cameras[camera]) for camera in sorted(self._cameras))

    async def outline(self, camera: str, by: str) -> RoomOutline:
        """The edges of the room before `camera`; the question is audited whatever becomes of it.

        Raises `OutlineRefusedError`: there is no such camera, it is off, still learning, or nobody answers in 3 s.
        """
        if camera not in self._cameras:
            raise OutlineRefusedError("no_such_camera")
        self._audit("outline_asked", camera, {}, by)
        if camera in self._asked:
            raise OutlineRefusedError("outline_asked")
        number = next(self._numbers)
        answer: asyncio.Future[OutlineAnswer] = asyncio.get_running_loop().create_future()
        self._asked[camera] = number, answer
        try:
            if not self._role.ask_outline(camera, number):
                raise OutlineRefusedError("outline_unanswered")
            async with asyncio.timeout(ANSWER_S):
                found = await answer
        except TimeoutError:
            raise OutlineRefusedError("outline_unanswered") from None
        finally:
            del self._asked[camera]
        if found.why:
            raise OutlineRefusedError(f"outline_{found.why}")
        return RoomOutline(found.width, found.height, found.bits)

    def _answered(self, found: OutlineAnswer) -> None:
        """One that nobody waits for any more is forgotten."""
        number, answer = self._asked.get(found.camera, (0, None))
        if answer is not None and number == found.number and not answer.done():
            answer.set_result(found)

    def _status(self, camera: CameraSettings) -> CameraStatus:
        facts, consent = self._facts(camera.id), camera.consent
        state, faults = self._role.state_of(camera.id)
        today = self._today()
        return CameraStatus(
            camera.id,
            camera.role,
            self._place(camera.id),
            state,
            faults,
            facts,
            self._role.holds(camera.id),
            consent.valid_from.isoformat() if consent else "",
            consent.valid_to.isoformat() if consent else "",
            (consent.valid_to - today).days if consent and today else None,
            self._beds(camera.id),
        )
