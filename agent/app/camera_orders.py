"""What the vision process is told while it runs, until it says itself that it is so."""

from collections.abc import Callable, Collection

from agent.camera_facts import CameraFacts
from agent.eyes.judge import Eyes
from agent.wire import encode
from agent.wire_connection import WireConnection

AGAIN_S = 5.0  # a line that it refused, or that was lost with a pipeline: told again until it holds


class CameraOrders:
    """Of all cameras: their facts, whether each may look, and when its room's outline is wanted.

    `facts` are those in force, `may_look` the cameras that may look now.
    """

    def __init__(
        self,
        cameras: tuple[str, ...],
        eyes: Eyes,
        facts: Callable[[str], CameraFacts],
        may_look: Callable[[], Collection[str]],
    ) -> None:
        self._cameras = cameras
        self._eyes = eyes
        self._facts = facts
        self._may_look = may_look
        self._connection: WireConnection | None = None
        self._told: dict[str, tuple[str, float]] = {}  # mark of the facts it was told on this connection, and when

    def joined(self, connection: WireConnection) -> None:
        """A process is there: what it was started with may be of yesterday, so it is told all; its facts by `tick`."""
        self._connection, self._told = connection, {}
        for camera in self._cameras:
            self._send(encode("watch", id=camera, on=camera in self._eyes.may_look))

    def left(self) -> None:
        """It is gone."""
        self._connection, self._told = None, {}

    def tick(self, now: float) -> frozenset[str]:
        """Each second, and after each edit; gives the cameras that may look by now, or no more."""
        news = self._eyes.allow(self._may_look(), now)
        for camera in sorted(news):
            self._send(encode("watch", id=camera, on=camera in self._eyes.may_look))
        for camera in self._cameras:
            facts = self._facts(camera)
            mark, at = self._told.get(camera, ("", now))
            due = mark != facts.mark or (not self.holds(camera) and now - at >= AGAIN_S)
            if due and self._send(encode("camera", **facts.told())):
                self._told[camera] = facts.mark, now
        return news

    def ask(self, camera: str, number: int) -> bool:
        """Ask for an outline; False while nobody is there to ask."""
        return self._send(encode("outline", id=camera, n=number))

    def holds(self, camera: str) -> bool:
        """Whether the process has said that it uses the facts in force."""
        return self._eyes.camera_states[camera].settings == self._facts(camera).mark

    def _send(self, line: bytes) -> bool:
        if self._connection is None:
            return False
        self._connection.send(line)
        return True
