"""`nightlamp` with a driver more, for tests: `python -m tests.end_to_end.told_readings run --config DIR`.

It says what is written into `told.jsonl` of the folder, a reading a line without its time: what no driver yields yet.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from drivers.base import Emit, Now
from drivers.reading import Reading

LOOK_S = 0.05


class TellingDriver:
    """Fulfils `drivers.base.Driver`."""

    def __init__(self, file: Path, emit: Emit, now: Now) -> None:
        self.name = "told"
        self.devices: tuple[str, ...] = ()
        self._file = file
        self._emit = emit
        self._now = now

    async def run(self) -> None:
        """What is written from now on."""
        with self._file.open(encoding="utf-8") as lines:
            lines.seek(0, 2)
            while True:
                if line := lines.readline():
                    self._emit(Reading(**json.loads(line), at=self._now()))
                else:
                    await asyncio.sleep(LOOK_S)


def main() -> None:
    """As `nightlamp`."""
    from agent.app import house
    from agent.cli.main import main as nightlamp

    build = vars(house)["build"]
    file = Path(sys.argv[sys.argv.index("--config") + 1]) / "told.jsonl"

    def more(devices: Any, profiles: Any, emit: Emit, now: Now, unknown: Any) -> list[Any]:  # noqa: ANN401
        return [*build(devices, profiles, emit, now, unknown), TellingDriver(file, emit, now)]

    vars(house)["build"] = more
    nightlamp()


if __name__ == "__main__":
    main()
