"""The ways to make a noise or a light. None may block: the buzzer never waits for a lamp that hangs."""

import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

import gpiod
import serial
from gpiod.line import Direction, Value

from agent.annunciators.board import BUZZER, HEARTBEAT, RED, YELLOW
from agent.annunciators.settings import AnnunciatorSettings, GpioSettings, SimulatedSettings, TowerLightSettings
from drivers.serial.protocols import tower_light

RETRY_S = 1.0
RESEND_S = 5.0  # a tower light that was unplugged and is back has forgotten everything


class Output(Protocol):
    """One thing that sounds or shines."""

    simulated: bool

    def apply(self, levels: Mapping[str, bool], now: float, began: tuple[str, ...]) -> None:
        """Bring the lines to `levels`; raises OSError when that failed. `began`: alarms that sound from now on."""

    def close(self) -> None:
        """All lines off, device released."""


class GpioOutput:
    """Lines of a GPIO chip through libgpiod's v2 interface."""

    simulated = False

    def __init__(self, settings: GpioSettings) -> None:
        wired = {BUZZER: settings.buzzer, RED: settings.red, YELLOW: settings.yellow, HEARTBEAT: settings.heartbeat}
        self._lines = {name: offset for name, offset in wired.items() if offset >= 0}
        self._request = gpiod.request_lines(
            settings.chip,
            consumer="nightlamp-sounder",
            config={
                tuple(self._lines.values()): gpiod.LineSettings(
                    direction=Direction.OUTPUT, output_value=Value.INACTIVE, active_low=settings.active_low
                )
            },
        )

    def apply(self, levels: Mapping[str, bool], now: float, began: tuple[str, ...]) -> None:
        """Set all lines with one ioctl."""
        self._request.set_values({o: Value.ACTIVE if levels[n] else Value.INACTIVE for n, o in self._lines.items()})

    def close(self) -> None:
        """Lines low, then released."""
        self._request.set_values(dict.fromkeys(self._lines.values(), Value.INACTIVE))
        self._request.release()


class TowerLightOutput:
    """A USB-serial tower light; a full or dead port raises instead of waiting."""

    simulated = False

    def __init__(self, settings: TowerLightSettings) -> None:
        self._port = serial.Serial(settings.port, tower_light.BAUDRATE, timeout=0, write_timeout=0, exclusive=True)
        self._sent: dict[str, bool] = {}
        self._resend_at = 0.0

    def apply(self, levels: Mapping[str, bool], now: float, began: tuple[str, ...]) -> None:
        """Send what changed, and everything now and then."""
        if now >= self._resend_at:
            self._sent, self._resend_at = {}, now + RESEND_S
        for name, element in tower_light.ELEMENTS.items():
            if self._sent.get(name) != levels[name]:
                if self._port.write(tower_light.encode(element, levels[name])) != 1:
                    raise OSError(f"{self._port.port}: takes no more bytes")
                self._sent[name] = levels[name]

    def close(self) -> None:
        """Everything off, port closed, whether or not the port still takes it."""
        try:
            for element in tower_light.ELEMENTS.values():
                self._port.write(tower_light.encode(element, on=False))
        finally:
            self._port.close()


class SimulatedOutput:
    """Writes each line change to a file as a JSON line: `at` (monotonic seconds), `line`, `on`, `alarms` that began."""

    simulated = True

    def __init__(self, settings: SimulatedSettings) -> None:
        self._fd = os.open(settings.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self._was: dict[str, bool] = {}

    def apply(self, levels: Mapping[str, bool], now: float, began: tuple[str, ...]) -> None:
        """Append what changed."""
        for line, on in levels.items():
            ids = began if line == BUZZER else ()
            if self._was.get(line, False) != on or ids:
                self._was[line] = on
                os.write(self._fd, json.dumps({"at": now, "line": line, "on": on, "alarms": ids}).encode() + b"\n")

    def close(self) -> None:
        """Nothing to turn off."""
        os.close(self._fd)


class KeptOutput:
    """An output that is opened when it can be, and opened again after a failure; it never raises."""

    def __init__(self, name: str, simulated: bool, make: Callable[[], Output]) -> None:
        self.name = name
        self.simulated = simulated
        self.fault = "not opened yet"
        self._make = make
        self._output: Output | None = None
        self._retry_at = 0.0

    def apply(self, levels: Mapping[str, bool], now: float, began: tuple[str, ...]) -> None:
        """As `Output.apply`; a failure becomes `fault`."""
        if self._output is None and now < self._retry_at:
            return
        try:
            if self._output is None:
                self._output = self._make()
            self._output.apply(levels, now, began)
            self.fault = ""
        except (OSError, ValueError) as error:  # gpiod and pyserial raise nothing else for a device that is not there
            self.fault = str(error) or type(error).__name__
            self._retry_at = now + RETRY_S
            self.close()

    def close(self) -> None:
        """Let go of the device."""
        output, self._output = self._output, None
        if output is not None:
            try:
                output.close()
            except OSError as error:
                self.fault = str(error)

    @property
    def status(self) -> dict[str, object]:
        """As told to the core."""
        return {"state": "fault" if self.fault else "ok", "detail": self.fault, "simulated": self.simulated}


def build(settings: AnnunciatorSettings) -> list[KeptOutput]:
    """All outputs of the settings; real buzzers first."""
    return [
        *(KeptOutput(s.name, False, partial(GpioOutput, s)) for s in settings.gpio),
        *(KeptOutput(s.name, False, partial(TowerLightOutput, s)) for s in settings.tower_light),
        *(KeptOutput(s.name, True, partial(SimulatedOutput, s)) for s in settings.simulated),
    ]
