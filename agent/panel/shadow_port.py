"""What panel and API may ask of the cameras' shadow; the core fulfils it (agent/app/shadow_role.py)."""

from typing import Protocol

from agent.camera_facts import CameraMode
from agent.shadow.candidate import Candidate, Label
from agent.shadow.status import ShadowStatus


class ShadowDesk(Protocol):
    """What cameras would have raised, and who says what it was."""

    def statuses(self) -> tuple[ShadowStatus, ...]:
        """Every camera, by id."""

    def candidates(self, camera: str) -> tuple[Candidate, ...]:
        """All that are kept of `camera`, newest first; raises `ShadowError`."""

    def label(self, candidate: str, label: Label, by: str) -> Candidate:
        """Somebody says what it was; raises `ShadowError`."""

    def note(self, camera: str, wall: float, by: str) -> Candidate:
        """Somebody found a fall of `wall` (UTC seconds) of which `camera` told nothing; raises `ShadowError`."""

    async def switch(self, camera: str, mode: CameraMode, threshold: float | None, by: str) -> ShadowStatus:
        """A person puts `camera` into `mode` and gives its threshold (None: the net's own).

        Raises `ShadowError`, or what an edit of the site facts raises.
        """
