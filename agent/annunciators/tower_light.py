"""A USB-serial tower light; a full or dead port raises instead of waiting."""

from agent.annunciators.scene import Scene
from agent.annunciators.serial_line import SerialLine
from agent.annunciators.settings import TowerLightSettings
from drivers.serial.line import Line
from drivers.serial.protocols import tower_light

RESEND_S = 5.0  # one that was unplugged and is back has forgotten everything


class TowerLightOutput:
    """Three lamps and a buzzer; it never answers, so it works as long as the port takes bytes."""

    simulated = False
    testable = True
    sounds = True

    def __init__(self, settings: TowerLightSettings) -> None:
        self._line = SerialLine(Line(settings.port, tower_light.BAUDRATE))
        self._sent: dict[str, bool] = {}
        self._resend_at = 0.0
        self.up = False

    def apply(self, scene: Scene, now: float) -> float:
        """Send what changed, and everything now and then."""
        if not self._line.ready(now):
            return self._line.wake_at
        self._line.read()  # raises when it has been unplugged
        if now >= self._resend_at:
            self._sent, self._resend_at = {}, now + RESEND_S
        for name, element in tower_light.ELEMENTS.items():
            if self._sent.get(name) != scene.on[name]:
                self._line.write(tower_light.encode(element, scene.on[name]))
                self._sent[name] = scene.on[name]
        self.up = True
        return self._resend_at

    def watched(self) -> dict[int, int]:
        """The port, which tells when it is unplugged."""
        return self._line.watched()

    def off(self) -> None:
        """Everything off."""
        self._line.finish([b"".join(tower_light.encode(one, on=False) for one in tower_light.ELEMENTS.values())])

    def close(self) -> None:
        """Port closed."""
        self.up, self._resend_at = False, 0.0
        self._line.close()
