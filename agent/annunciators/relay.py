"""Lamps behind a Modbus relay board: one for each room in the corridor, and a tower light if there is one."""

from agent.annunciators.room_lamps import room_lamps
from agent.annunciators.scene import BUZZER, HEARTBEAT, RED, YELLOW, Scene
from agent.annunciators.serial_line import SerialLine
from agent.annunciators.settings import RelaySettings
from drivers.serial.line import Line
from drivers.serial.protocols.modbus_relay import EXCEPTIONS, AnswerDecoder, write_one, write_several

ANSWER_S = 0.3  # a board answers within some 20 ms at 9600 baud
MISSES = 3
RESEND_S = 2.0  # supervision, and for a board that lost its power meanwhile


class RelayOutput:
    """One request at a time is on the line; what has changed meanwhile goes with the next."""

    simulated = False
    testable = True

    def __init__(self, settings: RelaySettings) -> None:
        tower = {BUZZER: settings.buzzer, RED: settings.red, YELLOW: settings.yellow, HEARTBEAT: settings.heartbeat}
        self._tower = {line: coil for line, coil in tower.items() if coil >= 0}
        self._settings = settings
        self._line = SerialLine(Line(settings.port, settings.baudrate, settings.parity))
        self._decoder = AnswerDecoder(settings.unit)
        self._shown: list[bool | None] = []
        self._asked: tuple[range, list[bool]] | None = None
        self._asked_at = self._resend_at = 0.0
        self._misses = 0
        self.sounds = BUZZER in self._tower
        self.up = False

    def apply(self, scene: Scene, now: float) -> float:
        """Take the board's answer, ask for what differs."""
        if not self._line.ready(now):
            return self._line.wake_at
        self._take(now)
        coils, until = self._wanted(scene, now)
        if self._asked is None:
            if now >= self._resend_at:
                self._shown, self._resend_at = [None] * len(coils), now + RESEND_S
            self._ask(coils, now)
        return min(until, self._resend_at if self._asked is None else self._asked_at + ANSWER_S)

    def watched(self) -> dict[int, int]:
        """The port."""
        return self._line.watched()

    def off(self) -> None:
        """All coils open."""
        dark = [False] * self._settings.coils
        lit = [coil for coil, on in enumerate(self._shown) if on is not False] if self._settings.one_by_one else [0]
        self._line.finish(self._frame(range(coil, len(dark)), dark) for coil in lit)

    def close(self) -> None:
        """Port closed."""
        self.up, self._asked, self._misses, self._resend_at = False, None, 0, 0.0
        self._line.close()

    def _wanted(self, scene: Scene, now: float) -> tuple[list[bool], float]:
        coils = [False] * self._settings.coils
        for line, coil in self._tower.items():
            coils[coil] = scene.on[line]
        lit, until = room_lamps(scene.alarms, scene.site, now)
        for room, coil in self._settings.rooms.items():  # several rooms may share a lamp
            coils[coil] = coils[coil] or lit.get(room, False) or scene.testing
        return coils, until

    def _ask(self, coils: list[bool], now: float) -> None:
        """Send one request that brings the board nearer to `coils`, unless it shows them all."""
        different = [number for number, on in enumerate(coils) if self._shown[number] is not on]
        if different:
            which = range(different[0], different[0] + 1 if self._settings.one_by_one else len(coils))
            self._line.write(self._frame(which, coils))
            self._shown[which.start : which.stop] = [None] * len(which)  # as nobody knows until it has answered
            self._asked, self._asked_at = (which, coils[which.start : which.stop]), now

    def _frame(self, which: range, coils: list[bool]) -> bytes:
        """The request that sets coils `which`, or the first of them, as they are in `coils`."""
        if self._settings.one_by_one:
            return write_one(self._settings.unit, which.start, coils[which.start])
        return write_several(self._settings.unit, which.start, coils[which.start : which.stop])

    def _take(self, now: float) -> None:
        """The answer, or the want of one; raises OSError after `MISSES` in a row, and when the board refuses."""
        answers = self._decoder.feed(self._line.read())
        if self._asked is None:
            return
        which, on = self._asked
        if answers:
            if code := answers[-1].exception:
                why = EXCEPTIONS.get(code, f"exception {code}")
                raise OSError(f"unit {self._settings.unit} refuses: {why}; look at coils, rooms and one_by_one")
            self._shown[which.start : which.stop] = on
            self._asked, self._misses, self.up = None, 0, True
        elif now >= self._asked_at + ANSWER_S:
            self._asked, self._misses = None, self._misses + 1
            if self._misses >= MISSES:
                raise OSError(
                    f"unit {self._settings.unit} does not answer; look at its power, wires, unit and baudrate"
                )
