"""Buzzer and lamps on GPIO lines."""

import gpiod
from gpiod.line import Direction, Value

from agent.annunciators.scene import BUZZER, HEARTBEAT, RED, YELLOW, Scene
from agent.annunciators.settings import GpioSettings


class GpioOutput:
    """Lines of a GPIO chip through libgpiod's v2 interface."""

    simulated = False
    testable = True

    def __init__(self, settings: GpioSettings) -> None:
        wired = {BUZZER: settings.buzzer, RED: settings.red, YELLOW: settings.yellow, HEARTBEAT: settings.heartbeat}
        self._lines = {name: offset for name, offset in wired.items() if offset >= 0}
        self._settings = settings
        self._request: gpiod.LineRequest | None = None
        self.sounds = BUZZER in self._lines

    @property
    def up(self) -> bool:
        """Whether the kernel has given us the lines."""
        return self._request is not None

    def apply(self, scene: Scene, now: float) -> float:
        """Set all lines with one ioctl."""
        if self._request is None:
            self._request = self._open()
        self._request.set_values(
            {offset: Value.ACTIVE if scene.on[name] else Value.INACTIVE for name, offset in self._lines.items()}
        )
        return float("inf")

    def watched(self) -> dict[int, int]:
        """Nothing ever happens on an output line."""
        return {}

    def off(self) -> None:
        """Lines low."""
        if self._request is not None:
            self._request.set_values(dict.fromkeys(self._lines.values(), Value.INACTIVE))

    def close(self) -> None:
        """Lines released."""
        request, self._request = self._request, None
        if request is not None:
            request.release()

    def _open(self) -> gpiod.LineRequest:
        line = gpiod.LineSettings(
            direction=Direction.OUTPUT, output_value=Value.INACTIVE, active_low=self._settings.active_low
        )
        return gpiod.request_lines(
            self._settings.chip, consumer="nightlamp-sounder", config={tuple(self._lines.values()): line}
        )
