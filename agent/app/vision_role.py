"""The core's dealings with the vision process: observations to the flow, faults to the parts, liars to the hangman."""

from collections.abc import Callable, Collection
from typing import Protocol

from agent.app.camera_orders import CameraOrders
from agent.app.parts import Parts
from agent.camera_facts import CameraFacts
from agent.detection.event import DeviceEvent
from agent.detection.observations import OBSERVATIONS, Observation
from agent.eyes.judge import Eyes, OutlineAnswer
from agent.rules.camera_sight import FAULTS
from agent.rules.reason import because
from agent.wire import Message, WireError
from agent.wire_connection import WireConnection
from drivers.base import LinkState

# What a camera says of itself, and how: a fault for staff, or a word beside its name. A missing picture is missed by
# the rule of silent devices; why it is missing stands beside the name too.
_FAULTS = tuple(name for name in FAULTS if name != "no_frames")
_NOTES = ("learning",)


class Shadow(Protocol):
    """What holds back the word of a camera that is not believed yet: `agent.app.shadow_role.ShadowRole`."""

    def heard(self, told: Observation) -> Observation | None:
        """`told` as the rules may hear it; None: not at all."""

    def beat(self, camera: str, sees: bool, threshold: float | None) -> None:
        """The process lives; whether `camera` could see a fall now, and from which score on it tells one."""


class VisionRole:
    """Fulfils `agent.app.core_socket.Role`.

    `facts` are the site facts in force of a camera; `may_look` gives the cameras that may look now (all, without it).
    `on_outline` hears each outline that the process sends.
    """

    def __init__(
        self,
        cameras: tuple[str, ...],
        emit: Callable[[DeviceEvent], None],
        parts: Parts,
        restart: Callable[[str], None],
        now: Callable[[], float],
        shadow: Shadow,
        facts: Callable[[str], CameraFacts] = CameraFacts,
        may_look: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._eyes = Eyes(cameras, now())
        self._orders = CameraOrders(cameras, self._eyes, facts, may_look or (lambda: cameras))
        self.on_outline: Callable[[OutlineAnswer], None] = lambda _: None
        self._emit = emit
        self._parts = parts
        self._restart = restart
        self._now = now
        self._shadow = shadow
        self._said: dict[str, set[str]] = {camera: set() for camera in cameras}
        for camera in cameras:
            parts.expect(f"camera:{camera}")

    def joined(self, connection: WireConnection) -> None:
        """It is told what holds now."""
        self._orders.joined(connection)
        self.tell()

    def take(self, message: Message) -> None:
        """One line; raises `WireError` after having had the process killed when it lies or floods."""
        try:
            observations = self._eyes.take(message, self._now())
        except WireError as error:
            self._restart(str(error))
            raise
        for observation in observations:
            if OBSERVATIONS[observation.name].technical:
                self._technical(observation)
            elif (heard := self._shadow.heard(observation)) is not None:
                self._emit(heard)
        for outline in self._eyes.answers():
            self.on_outline(outline)
        if message["t"] == "beat" and not self._eyes.blind(self._now()):
            self._parts.state("vision", "", self._now())
            self._beat(self._now())

    def left(self, why: str) -> None:
        """Its connection is gone."""
        self._orders.left()
        self._eyes.gone(self._now())

    def down(self, why: str) -> None:
        """The process ended or was killed; its first beat says that it works again."""
        if why:
            self._parts.state("vision", why, self._now())

    def tick(self) -> None:
        """Each second: kill it for silence, tell it what has changed, and tell which cameras are alive."""
        now = self._now()
        self.tell()
        if why := self._eyes.overdue(now):
            self._restart(why)
        for link in self._eyes.links(now):
            self._emit(link)

    def tell(self) -> None:
        """Have it told what has changed: of the facts, and of who may look."""
        for camera in self._orders.tick(self._now()) - self._eyes.may_look:
            self._said[camera].clear()  # nobody looks: what it said of its picture holds no more
            self._parts.note(f"camera:{camera}", "off")
            self._parts.state(f"camera:{camera}", "", self._now())

    def ask_outline(self, camera: str, number: int) -> bool:
        """Ask for the outline of a room, which `on_outline` will hear; False while the process is not there."""
        return self._orders.ask(camera, number)

    def holds(self, camera: str) -> bool:
        """Whether the process uses the facts of `camera` that are in force."""
        return self._orders.holds(camera)

    def state_of(self, camera: str) -> tuple[str, tuple[str, ...]]:
        """The state of `camera` for staff (`agent.alarms.snapshot.CameraStatus`), and what it says of its picture."""
        said = self._said[camera]
        faults = tuple(sorted(said - set(_NOTES)))
        if camera not in self._eyes.may_look:
            return "off", ()
        if self._eyes.blind(self._now()):
            return "down", ()
        if self._eyes.camera_states[camera].state != "playing":
            return "no_picture", faults
        return "unsure" if faults else "learning" if said else "ready", faults

    def _beat(self, now: float) -> None:
        """A camera of which anything is wrong, or which still learns, is not one that could see a fall."""
        for link in self._eyes.links(now):
            sees = link.state is LinkState.CONNECTED and not self._said[link.device]
            self._shadow.beat(link.device, sees, self._eyes.camera_states[link.device].threshold)

    def _technical(self, observation: Observation) -> None:
        said = self._said[observation.device]
        (said.add if observation.value else said.discard)(observation.name)
        part = f"camera:{observation.device}"
        why = observation.reasons if observation.name == "no_frames" and observation.value else ()
        self._parts.note(part, ", ".join((*(name for name in _NOTES if name in said), *why)))
        faults = [name for name in _FAULTS if name in said]
        reason = because("camera_says", device=observation.device, fault=faults[0]) if faults else None
        self._parts.state(part, ", ".join(faults), self._now(), reason=reason)
