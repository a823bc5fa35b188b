"""When rooms are kept for the process that follows this one: soon after each is known, twice a minute, at the end."""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace

from agent.vision.cameras import CameraWatch
from agent.vision.kept import Kept
from agent.vision.kept_memory import KeptMemory, fresh
from agent.vision.kept_rooms import mark_of

_LOGGER = logging.getLogger(__name__)

KEEP_S = 30.0


class Keeping:
    """The rooms of the cameras that are watched, kept in the memory file behind `fd`; None: they are not kept."""

    def __init__(self, fd: int | None) -> None:
        self._memory: KeptMemory | None = None
        self._before: dict[str, Kept] = {}
        self._marks: dict[str, str] = {}  # by camera
        self._knew: set[str] = set()
        self._due: float | None = None
        if fd is None:
            return
        try:
            self._memory = KeptMemory(fd)
        except (OSError, ValueError) as error:
            _LOGGER.warning("vision: descriptor %d is no memory file (%s); rooms are not kept", fd, error)
            return
        self._before = self._memory.read(_now())

    def take(self, camera: str, address: str) -> Kept | None:
        """The room of `camera`, whose pictures come from `address`, as the process before us knew it; once."""
        mark = self._marks[camera] = mark_of(camera, address)
        return self._before.pop(mark, None)

    def tick(self, now: float, watches: Mapping[str, CameraWatch]) -> None:
        """Call it each second or so."""
        if self._memory is None:
            return
        knows = {camera for camera, watch in watches.items() if watch.knows}
        if self._due is None:
            self._due = now + KEEP_S  # cameras have yet to open: what is there of them is as good
            if self._before:  # nobody took them: of cameras that may not look, or are no more
                self.forget(watches)
                self._before = {}
        if now < self._due and knows == self._knew:
            return
        self._due, self._knew = now + KEEP_S, knows
        self._memory.write(self._rooms(watches))

    def forget(self, watches: Mapping[str, CameraWatch]) -> None:
        """Wipe out all but what is known of `watches`: a camera has been ended."""
        if self._memory is not None:
            self._memory.replace(self._rooms(watches))

    def end(self, watches: Mapping[str, CameraWatch]) -> None:
        """Keep what is known now."""
        if self._memory is not None:
            self._memory.write(self._rooms(watches))
            self._memory.close()
            self._memory = None

    def _rooms(self, watches: Mapping[str, CameraWatch]) -> dict[str, Kept]:
        """Those known now, and those of cameras from which no frame has come yet, while they are fresh."""
        now, rooms = _now(), dict[str, Kept]()
        for camera, watch in watches.items():
            if (known := watch.keep()) is not None:
                rooms[self._marks[camera]] = replace(known, at=now)
            elif watch.waiting is not None and fresh(watch.waiting, now):
                rooms[self._marks[camera]] = watch.waiting
        return rooms


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
