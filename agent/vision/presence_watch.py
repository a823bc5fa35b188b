"""Whether anybody is in view, once the room is known and the picture is good enough to say so."""

from collections.abc import Iterable

from agent.vision.background import Bytes
from agent.vision.scene import Scene, State, Told

_EMPTY_FOR_S, _SEEN_FOR_S = 3.0, 0.5


class PresenceWatch:
    """Tells `nobody_in_view`."""

    def __init__(self) -> None:
        self._nobody = State("nobody_in_view")
        self._seen_at: float | None = None
        self._empty_at: float | None = None

    def feed(self, scene: Scene) -> Iterable[Told]:
        """The view has been empty for three seconds, or somebody has been in it for half a second."""
        if scene.tracks or self._seen_at is None:
            self._seen_at = scene.at
        if not scene.tracks or self._empty_at is None:
            self._empty_at = scene.at
        if scene.learning or scene.unclear:
            return []
        if scene.at - self._seen_at >= _EMPTY_FOR_S:
            return self._nobody.turn(True)
        if scene.tracks and scene.at - self._empty_at >= _SEEN_FOR_S:
            return self._nobody.turn(False)
        return []

    def protect(self, mask: Bytes) -> Bytes:
        """Nothing of its own."""
        return mask

    def cut(self, at: float) -> None:
        """How long the view was empty is not known over a gap."""
        self._seen_at = self._empty_at = at

    def forget(self) -> None:
        """Presence is judged anew once the room is known again."""
