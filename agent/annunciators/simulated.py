"""No hardware: a file of line changes."""

import json
import os

from agent.annunciators.scene import BUZZER, Scene
from agent.annunciators.settings import SimulatedSettings


class SimulatedOutput:
    """Writes each line change to a file as a JSON line: `at` (monotonic seconds), `line`, `on`, `alarms` that began."""

    simulated = True
    testable = True
    sounds = True

    def __init__(self, settings: SimulatedSettings) -> None:
        self._file = settings.file
        self._fd = -1
        self._was: dict[str, bool] = {}

    @property
    def up(self) -> bool:
        """Whether the file is open."""
        return self._fd >= 0

    def apply(self, scene: Scene, now: float) -> float:
        """Append what changed."""
        if self._fd < 0:
            self._fd = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        for line, on in scene.on.items():
            ids = scene.began if line == BUZZER else ()
            if self._was.get(line, False) != on or ids:
                os.write(self._fd, json.dumps({"at": now, "line": line, "on": on, "alarms": ids}).encode() + b"\n")
                self._was[line] = on
        return float("inf")

    def watched(self) -> dict[int, int]:
        """Nothing ever happens on it."""
        return {}

    def off(self) -> None:
        """Nothing to turn off."""

    def close(self) -> None:
        """File closed."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
