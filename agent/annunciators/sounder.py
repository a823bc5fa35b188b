"""The sounder process: `python -m agent.annunciators.sounder --config FILE`. Small, single-threaded, outlives the core.

It listens on a Unix socket for the set of open alarms (docs/architecture.md) and drives buzzers, lamps, loudspeakers
and pagers. Whatever happens to the core, it goes on sounding what is open; after 5 s without a line it adds its own
technical pattern.
"""

import argparse
import json
import logging
import os
import select
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from agent.annunciators import child, fallback, orders
from agent.annunciators.board import Board
from agent.annunciators.build import build
from agent.annunciators.core_link import CoreLink
from agent.annunciators.outputs import FAULT, OK, KeptOutput
from agent.annunciators.scene import Scene, test_scene
from agent.annunciators.self_test import SelfTest
from agent.annunciators.settings import AnnunciatorSettings
from agent.annunciators.speech import SiteFacts
from agent.moment import Moment
from agent.process_lock import AlreadyRunningError, ProcessLock
from agent.wire import Message, WireError

_LOGGER = logging.getLogger("agent.annunciators.sounder")

STATUS_S = 1.0
EXIT_ALREADY_RUNNING = 3
CLOCK_KNOWN_FROM = 1_700_000_000.0  # UTC seconds; a clock before November 2023 was never set


class Sounder:
    """The loop over the core, the outputs and the clock."""

    def __init__(self, path: Path, settings: AnnunciatorSettings) -> None:
        self._settings = settings
        self._link = CoreLink(path)
        self._outputs = build(settings, self._link.say)
        self._states = {output.name: output for output in self._outputs}
        self._board = Board(time.monotonic())
        self._site = SiteFacts()
        self._test = SelfTest([output.name for output in self._outputs if output.output.testable], settings.test_at_s)
        self._unsounded: tuple[str, ...] = ()
        self._told: dict[str, object] = {}
        self._status_at = 0.0
        self._ended = False

    def end(self, *_: object) -> None:
        """Leave the loop after this turn (a signal handler)."""
        self._ended = True

    def run(self) -> None:
        """Sound and shine until told to end; then everything is off."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write)  # so that a signal ends the wait below, whenever it comes
        try:
            while not self._ended:
                self._wait(self._drive(), wake_read)
                self._link.flush()
                if self._link.accept():
                    self._greet()
                self._listen()
        finally:
            signal.set_wakeup_fd(-1)
            for output in self._outputs:
                output.end()

    def _wait(self, until: float, wake_fd: int) -> None:
        """Until `until`, or something happens."""
        poll = select.poll()
        poll.register(wake_fd, select.POLLIN)
        for watched in (self._link.watched(), *(output.watched() for output in self._outputs)):
            for fd, events in watched.items():
                poll.register(fd, events)
        left_s = until - time.monotonic()
        poll.poll(max(0.0, left_s) * 1000)

    def _drive(self) -> float:
        """Bring every output to what it should be; gives the time of the next change."""
        now = time.monotonic()
        self._test.tick(self._moment(now), self._board.urgent, lambda name: self._states[name].state != FAULT)
        scene = replace(self._board.scene(now, self._night()), began=self._unsounded, site=self._site)
        rank = fallback.sounding_ranks(self._outputs)
        wake = self._apply(scene, rank, now)
        if (lower := fallback.sounding_ranks(self._outputs)) > rank:  # one has failed just now: the next joins at once
            wake = min(wake, self._apply(scene, rank := lower, now))
        self._tell_sounded(scene, rank)
        child.reap()
        self._tell_status(now)
        return min(wake, self._status_at)

    def _apply(self, scene: Scene, rank: int, now: float) -> float:
        """All outputs up to `rank` sound, the others only shine; the one under test plays its test."""
        wake, standby = scene.until, scene.silent()
        for output in self._outputs:
            own = scene if output.rank <= rank else standby
            if output.name == self._test.testing:
                own = replace(test_scene(now, self._test.begun_at), site=self._site)
                wake = min(wake, own.until)
            wake = min(wake, output.apply(own, now))
        return wake

    def _tell_sounded(self, scene: Scene, rank: int) -> None:
        """Never a word of a sound that nothing made."""
        if scene.burst is not None and any(
            output.sounds and output.rank <= rank and output.state == OK for output in self._outputs
        ):
            for id_ in self._unsounded:
                self._link.say("sounded", id=id_, at=time.monotonic())
            self._unsounded = ()

    def _tell_status(self, now: float) -> None:
        told: dict[str, object] = {
            output.name: {**output.status, **self._test.result(output.name).to_json()} for output in self._outputs
        }
        if told != self._told or now >= self._status_at:
            self._told, self._status_at = told, now + STATUS_S
            self._link.say("status", annunciators=told, deaf=fallback.deaf(self._outputs), testing=self._test.testing)

    def _greet(self) -> None:
        self._link.say("held", alarms=list(self._board.alarms))
        self._status_at = 0.0

    def _listen(self) -> None:
        try:
            for message in self._link.messages():
                self._board.heard_core(time.monotonic())
                self._obey(message)
        except WireError as error:
            self._link.drop(str(error))

    def _obey(self, message: Message) -> None:
        match message["t"]:
            case "open":
                self._open(message)
            case "site":
                self._site = orders.site_of(message)
            case "heard":
                name, by = orders.texts_of(message, "name", "by")
                self._test.heard(name, by, time.monotonic())
            case "test":
                self._test.ask()
            case "prompt":
                self._ask(*orders.texts_of(message, "id", "room", "text"))
            case "bye":
                self._ended = self._ended or not self._board.sounding

    def _open(self, message: Message) -> None:
        alarms = orders.alarms_of(message)
        began = self._board.show(alarms, time.monotonic(), self._night())
        sounding = {alarm["id"] for alarm in alarms if alarm["sounding"]}
        self._unsounded = (*(id_ for id_ in self._unsounded if id_ in sounding and id_ not in began), *began)
        self._drive()

    def _ask(self, id_: str, room: str, text: str) -> None:
        """Every loudspeaker of the room asks; one that is dead does not."""
        speakers = [output for output in self._outputs if room in getattr(output.output, "rooms", ())]
        able = [output for output in speakers if output.state != FAULT]
        if not able:
            why = speakers[0].fault if speakers else f"no loudspeaker for room {room}"
            name = speakers[0].name if speakers else ""
            self._link.say("prompted", name=name, id=id_, room=room, busy=False, ok=False, detail=why)
        for output in able:
            _ask_aloud(output, id_, room, text)

    def _night(self) -> bool:
        return self._settings.is_night(time.localtime().tm_hour)

    @staticmethod
    def _moment(now: float) -> Moment:
        wall = time.time()
        return Moment(now, wall, float(time.localtime(wall).tm_gmtoff), wall >= CLOCK_KNOWN_FROM)


def _ask_aloud(output: KeptOutput, id_: str, room: str, text: str) -> None:
    from agent.annunciators.loudspeaker import PROMPT_S, LoudspeakerOutput, Prompt

    speaker = output.output
    if isinstance(speaker, LoudspeakerOutput):
        speaker.ask(Prompt(id_, room, text, time.monotonic() + PROMPT_S))


def main() -> int:
    """Run until SIGTERM, SIGINT or an orderly `bye`."""
    parser = argparse.ArgumentParser(prog="python -m agent.annunciators.sounder", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="JSON file with socket, lock and settings")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        lock = ProcessLock(Path(config["lock"])).acquire()
    except AlreadyRunningError as error:
        _LOGGER.error("sounder: %s", error)
        return EXIT_ALREADY_RUNNING
    sounder = Sounder(Path(config["socket"]), AnnunciatorSettings.from_json(config["settings"]))
    signal.signal(signal.SIGTERM, sounder.end)
    signal.signal(signal.SIGINT, sounder.end)
    sounder.run()
    lock.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
