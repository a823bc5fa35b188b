"""The loop of the vision process: cameras, pipelines, the core's socket, one beat a second. One thread, no waiting."""

import logging
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agent.camera_facts import CameraFacts
from agent.vision.cameras import CameraWatch, Looks
from agent.vision.confinement import memory_mib
from agent.vision.core_link import CoreLink
from agent.vision.keeping import Keeping
from agent.vision.orders import Order, OutlineAsked, Watching
from agent.vision.settings import VisionSettings
from drivers.camera.capture import Playing
from drivers.camera.stream import Stream

_LOGGER = logging.getLogger(__name__)

TICK_S = 0.05  # half of the pipeline's step: a frame waits 25 ms on average
BEAT_S = 1.0
FRAME_S = 0.1
EXIT_OK, EXIT_STUCK, EXIT_MEMORY = 0, 4, 5
_NEARLY = 0.95  # of the memory: ending in order is better than failing in the middle of a frame


class Vision:
    """At most four cameras, looked through while they may be; `build` makes the pipeline of one."""

    def __init__(self, settings: VisionSettings, build: Callable[[str], Looks]) -> None:
        self._build = build
        self._tasks = {task.id: task for task in settings.cameras}
        self._watches: dict[str, CameraWatch] = {}
        self._keeping = Keeping(settings.kept)
        for task in settings.cameras:
            self._watch(Watching(task.id, task.watch), time.monotonic())
        self._link = CoreLink(settings.socket, tuple(self._tasks))
        self._memory_mib = settings.memory_mib
        self._beat_at = 0.0
        self._ended = False

    def end(self, *_: object) -> None:
        """Leave the loop after this turn (a signal handler)."""
        self._ended = True

    def run(self) -> int:
        """Watch until told to end; gives the exit status: 4 (captures hang) and 5 (memory) ask for a new process."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write)  # so that a signal ends the wait below, whenever it comes
        status = EXIT_OK
        try:
            while not self._ended and (status := self._status()) == EXIT_OK:
                began = time.monotonic()
                self._turn(began)
                select.select([wake_read], [], [], max(0.0, began + TICK_S - time.monotonic()))
        finally:
            self._keeping.end(self._watches)
            signal.set_wakeup_fd(-1)
            self._link.close()
            for fd in (wake_read, wake_write):
                os.close(fd)
        return status

    def _status(self) -> int:
        if any(watch.stream.stuck for watch in self._watches.values()):
            _LOGGER.error("vision: too many captures hang in the library; ending, to be started again")
            return EXIT_STUCK
        if (needed_mib := memory_mib()) > _NEARLY * self._memory_mib:
            _LOGGER.error(
                "vision: needs %.0f of %d MiB; ending, to be started again; raise memory_mib or use smaller streams",
                needed_mib,
                self._memory_mib,
            )
            return EXIT_MEMORY
        return EXIT_OK

    def _turn(self, now: float) -> None:
        for order in self._link.orders():
            self._obey(order, now)
        for watch in self._watches.values():
            for observation in watch.tick(now):
                _LOGGER.info("%s: %s %s", observation.device, observation.name, "on" if observation.value else "off")
                self._link.tell(observation)
        if self._link.tick(time.monotonic()):
            for watch in self._watches.values():
                for observation in watch.states(now):
                    self._link.tell(observation)
            self._beat_at = 0.0
        if now >= self._beat_at:
            self._beat_at = now + BEAT_S
            self._keeping.tick(now, self._watches)
            self._link.beat(now, {id_: self._health(id_, now) for id_ in self._tasks})

    def _health(self, camera: str, now: float) -> dict[str, Any]:
        if (watch := self._watches.get(camera)) is not None:
            return watch.health(now)
        return {"state": "off", "fps": 0.0, "frame_age_s": None, "settings": self._tasks[camera].facts.mark}

    def _obey(self, order: Order, now: float) -> None:
        match order:
            case CameraFacts():
                self._tasks[order.id] = replace(self._tasks[order.id], facts=order)
                if (watch := self._watches.get(order.id)) is not None:
                    watch.use(order)
                _LOGGER.info("%s: %d zones, %s, view %s", order.id, len(order.zones), order.mode, order.view)
                self._beat_at = 0.0  # whoever has set it is waiting to hear that it holds
            case Watching():
                self._watch(order, now)
                self._beat_at = 0.0
            case OutlineAsked():
                self._outline(order)

    def _watch(self, order: Watching, now: float) -> None:
        """Open the camera, or end it: nothing of it is kept, not even the room."""
        if order.on and order.id not in self._watches:
            task = self._tasks[order.id]
            stream = Stream(task.source, Playing(FRAME_S, task.loop))
            kept = self._keeping.take(order.id, task.source.address)
            self._watches[order.id] = CameraWatch(task, stream, self._build, now, kept)
        elif not order.on and (watch := self._watches.pop(order.id, None)) is not None:
            watch.close()
            self._keeping.forget(self._watches)
            _LOGGER.info("%s: ended, as the core has told", order.id)

    def _outline(self, order: OutlineAsked) -> None:
        watch = self._watches.get(order.id)
        outline = None if watch is None else watch.outline()
        _LOGGER.info("%s: its outline was asked for", order.id)
        self._link.answer(order.id, order.number, outline, "" if outline else "learning" if watch else "off")
