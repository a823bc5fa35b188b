"""How often the core has had to start lately, which decides about safe mode."""

import json
import logging
from pathlib import Path

_LOGGER = logging.getLogger(__name__)

WINDOW_S = 300.0
TOO_MANY = 3  # design: after three starts in five minutes it comes up in safe mode
STEADY_S = 600.0  # safe mode ends after this long without another death


class Starts:
    """Starts of this boot that were not followed by an orderly stop, as monotonic times in a file."""

    def __init__(self, file: Path, boot: str) -> None:
        self._file = file
        self._boot = boot

    def begin(self, now: float) -> bool:
        """Note a start at monotonic `now`; gives whether there have been too many.

        A file that cannot be read or written is no reason not to start: it counts as no start.
        """
        recent = [at for at in self._read() if now - WINDOW_S <= at <= now]
        self._write([*recent, now])
        return len(recent) >= TOO_MANY

    def forget(self) -> None:
        """The core stops in order, or has been steady: the starts before no longer count."""
        self._write([])

    def _read(self) -> list[float]:
        try:
            noted = json.loads(self._file.read_text(encoding="utf-8"))
            return [float(at) for at in noted["at"]] if noted["boot"] == self._boot else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError) as error:
            _LOGGER.warning("%s: cannot be read, starts are counted anew: %s", self._file, error)
            return []

    def _write(self, at: list[float]) -> None:
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(json.dumps({"boot": self._boot, "at": at}), encoding="utf-8")
            fresh.replace(self._file)
        except OSError as error:
            _LOGGER.warning("%s: cannot be written: %s", self._file, error)
