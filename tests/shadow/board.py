"""The facts of cameras in memory, and the role that a panel asks, with a clock that the test moves."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from agent.app.shadow_role import ShadowRole
from agent.camera_facts import CameraFacts, CameraMode
from agent.clock import Clock
from agent.detection.observations import Observation
from agent.shadow.candidate import Changes, WatchedHour
from agent.store.candidates import Shadowed


class Board:
    """Fulfils `agent.app.shadow_role.CameraBoard`."""

    def __init__(self, cameras: tuple[str, ...]) -> None:
        self.rows = {camera: CameraFacts(camera) for camera in cameras}
        self.fails: Exception | None = None
        self.in_force = True
        self.on_change: Callable[[str], None] = lambda _: None

    def facts(self, camera: str) -> CameraFacts:
        return self.rows[camera]

    async def put(self, camera: str, mode: CameraMode, threshold: float | None, author: str) -> None:
        if self.in_force:
            self.rows[camera] = replace(self.rows[camera], mode=mode, threshold=threshold)
            self.on_change(author)
        if self.fails:
            raise self.fails

    def set(self, camera: str, mode: CameraMode, threshold: float | None = None) -> None:
        """As it was before the role began."""
        self.rows[camera] = replace(self.rows[camera], mode=mode, threshold=threshold)
        self.on_change("")


class Shadows:
    """A shadow role, what it has had kept and audited, and how to make its cameras tell something."""

    def __init__(
        self, cameras: tuple[str, ...], places: Mapping[str, str], clock: Clock, changed: Callable[[], None]
    ) -> None:
        self.board = Board(cameras)
        self.kept: list[tuple[Changes, bool]] = []
        self.audits: list[tuple[str, str, Mapping[str, Any], str]] = []
        self.clock = clock
        ids = count()
        self.role = ShadowRole(
            cameras,
            self.board,
            places.__getitem__,
            clock,
            lambda changes, at_once: self.kept.append((changes, at_once)),
            lambda *one: self.audits.append(one),
            changed,
            lambda: f"c{next(ids)}",
            0.85,
        )
        self.board.on_change = self._edited
        self._changed = changed

    def _edited(self, author: str) -> None:
        """As the core does it, whichever way an edit came."""
        self.role.facts_changed(author)
        self._changed()

    def tell(self, camera: str, score: float, ago_s: float = 0.0, track: int | None = None) -> str:
        """A candidate of `camera`, `ago_s` before now; gives its id."""
        at = self.clock.monotonic() - ago_s
        self.role.heard(Observation(camera, "fall_candidate", at, True, score, ("window_net",), track))
        return max(self.role.candidates(camera), key=lambda one: int(one.id[1:])).id

    def watch(self, camera: str, hours: float, threshold: float = 0.88) -> None:
        """Have it seen for so many whole hours before now, of an earlier life of the core."""
        first = int(self.clock.stamp().wall // 3600) - int(hours)
        self.role.take_up(Shadowed((), tuple(WatchedHour(camera, first + n, 3600.0) for n in range(int(hours)))))
        self.role.beat(camera, sees=False, threshold=threshold)
