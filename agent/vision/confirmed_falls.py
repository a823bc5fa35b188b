"""Falls with a second opinion: what `falls` tells, held for half a second at most while a detector looks too."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.vision.background import Bytes
from agent.vision.confirm import WITHIN_S, Confirmation, Detector, Verdict
from agent.vision.recent_frames import RecentFrames
from agent.vision.scene import Scene, Told, Watcher


@dataclass(frozen=True, slots=True)
class _Held:
    told: Told
    since: float
    threshold: float


class ConfirmedFalls:
    """Fulfils `agent.vision.scene.Watcher` in the place of `falls`; give `frames` each frame before its scene.

    `threshold`: the score from which on a fall is told, where staff have set no other.
    """

    def __init__(self, falls: Watcher, detector: Detector, threshold: float) -> None:
        self._threshold = threshold
        self.frames = RecentFrames()
        self._falls = falls
        self._confirmation = Confirmation(detector, self.frames)
        self._held: _Held | None = None

    def feed(self, scene: Scene) -> Iterable[Told]:
        """What `falls` tells; a fall once the detector has answered, with the score and reasons that come of it."""
        for told in self._falls.feed(scene):
            yield from self._hold(told, scene)
        yield from self._answered(self._confirmation.step(scene))

    def overdue(self, now: float) -> list[Told]:
        """The fall that is held, when no frame has come for so long that it must not wait for one."""
        if self._held is None or 0 <= now - self._held.since <= WITHIN_S:
            return []
        return self._answered(self._confirmation.give_up("detector_late"))

    def protect(self, mask: Bytes) -> Bytes:
        """As `falls` does."""
        return self._falls.protect(mask)

    def cut(self, at: float) -> None:
        """What is held is told with the next scene: the frames that follow show something else."""
        self._falls.cut(at)
        self.frames.forget()

    def forget(self) -> None:
        """A fall that was told stays one, whatever becomes of the room."""
        self._falls.forget()

    def _hold(self, told: Told, scene: Scene) -> Iterable[Told]:
        track = next((one for one in scene.followed if one.number == told.track), None)
        if told.name == "fall" and track is not None and self._confirmation.begin(track, scene):
            threshold = self._threshold if scene.facts.threshold is None else scene.facts.threshold
            self._held = _Held(told, scene.at, threshold)
        else:
            yield told

    def _answered(self, verdict: Verdict | None) -> list[Told]:
        held = self._held
        if verdict is None or held is None:
            return []
        self._held = None
        score, reasons = verdict.weighed(held.told.score, held.threshold), (*held.told.reasons, *verdict.reasons)
        return [replace(held.told, score=score, reasons=reasons)]
