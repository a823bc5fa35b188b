"""Pagers and handsets behind an ESPA 4.4.4 base: whoever the ladder has called for an alarm gets it in the pocket.

Nothing is queued: what has to be called follows from the open alarms at every moment, the gravest first. What the base
did not take is tried again as long as its alarm sounds, unless it says that it never will; the core is told either way.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from agent.annunciators import speech
from agent.annunciators.outputs import Say
from agent.annunciators.scene import Scene
from agent.annunciators.serial_line import SerialLine
from agent.annunciators.settings import PagerSettings
from agent.rules.finding import Priority
from drivers.serial.line import Line
from drivers.serial.protocols.espa444 import Checksum
from drivers.serial.protocols.espa444_station import Call, Outcome, Station

MISSES = 3

# ESPA 4.4.4 record 6: 1 alarm, 2 high, 3 normal.
_PRIORITIES = MappingProxyType({Priority.HIGH: 1, Priority.MEDIUM: 2, Priority.LOW: 3})

_Key = tuple[str, str]  # alarm id, staff id
_TEST: _Key = ("test", "")


class PagerOutput:
    """One base on one port."""

    simulated = False
    sounds = False  # a pager is not heard here

    def __init__(self, settings: PagerSettings, say: Say) -> None:
        self.testable = bool(settings.test_call)
        self._settings = settings
        self._say = say
        bits, parity = int(settings.form[0]), settings.form[1]
        self._line = SerialLine(Line(settings.port, settings.baudrate, parity, bits=bits))
        self._station = self._new_station()
        self._done: set[_Key] = set()
        self._tries: dict[_Key, int] = {}  # of calls that were not taken
        self._calling: _Key | None = None
        self._failed = ""
        self._poll_at = 0.0
        self.up = False

    def apply(self, scene: Scene, now: float) -> float:
        """Go on with the call at hand, begin the next, or ask the base whether it is there."""
        if not self._line.ready(now):
            return self._line.wake_at
        self._send(self._station.feed(self._line.read(), now))
        self._send(self._station.tick(now))
        self._look_after_the_base()
        wanted = self._wanted(scene)
        self._forget(scene)
        if self._station.idle:
            self._begin(wanted, now)
        return self._poll_at if self._station.idle else self._station.wake_at

    def watched(self) -> dict[int, int]:
        """The port."""
        return self._line.watched()

    def off(self) -> None:
        """Nothing to turn off: a pager that was called stays called."""

    def close(self) -> None:
        """Port closed; what was not called yet is called once it is open again."""
        self.up, self._calling, self._poll_at = False, None, 0.0
        self._station = self._new_station()
        self._line.close()

    def _new_station(self) -> Station:
        settings = self._settings
        return Station(settings.own, settings.base, Checksum(settings.checksum), self._on_done)

    def _look_after_the_base(self) -> None:
        """Whether it works; raises OSError when a call failed or polls stay without an answer."""
        base = f"base {self._settings.base}"
        failed, self._failed = self._failed, ""
        if failed:
            raise OSError(f"{base}: call not taken: {failed}; look at the base, and at the pager's number")
        if self._station.misses >= MISSES:
            raise OSError(f"{base}: does not answer; look at its power and cable, own, base, baudrate and form")
        # A base that is never asked counts as working until a call shows otherwise.
        self.up = self._station.heard or not self._settings.poll_s

    def _wanted(self, scene: Scene) -> dict[_Key, Call]:
        """All that has to be called now, the gravest first; what was called already included."""
        if scene.testing:
            number = self._settings.test_call
            return {_TEST: self._call(number, speech.TEST[self._language], Priority.LOW)} if number else {}
        sounding = [alarm for alarm in scene.alarms if alarm["sounding"]]
        sounding.sort(key=lambda alarm: -Priority.of(alarm["priority"]))
        pagers = scene.site.pagers
        return {
            (alarm["id"], person): self._call_for(alarm, scene, pagers[person])
            for alarm in sounding
            for person in alarm.get("people", ())
            if person in pagers
        }

    def _forget(self, scene: Scene) -> None:
        """What belongs to alarms that sound no more: if they sound again, they call again."""
        kept = {alarm["id"] for alarm in scene.alarms if alarm["sounding"]} | ({_TEST[0]} if scene.testing else set())
        self._done = {key for key in self._done if key[0] in kept}
        self._tries = {key: tries for key, tries in self._tries.items() if key[0] in kept}

    def _call_for(self, alarm: Mapping[str, Any], scene: Scene, number: str) -> Call:
        text = speech.written(alarm, scene.site, self._settings.names, self._language)
        return self._call(number, text, Priority.of(alarm["priority"]))

    def _call(self, number: str, text: str, priority: Priority) -> Call:
        settings = self._settings
        beep = {
            Priority.HIGH: settings.beep_high,
            Priority.MEDIUM: settings.beep_medium,
            Priority.LOW: settings.beep_low,
        }
        # A name that the pager has no letters for is left out, rather than shown as question marks.
        told = text[: settings.text_length].encode(settings.encoding, "ignore").strip()
        return Call(number, told, beep[priority], _PRIORITIES[priority], settings.transmissions)

    @property
    def _language(self) -> str:
        return speech.ZH if self._settings.encoding == "gb18030" else speech.EN

    def _begin(self, wanted: Mapping[_Key, Call], now: float) -> None:
        waiting = [key for key in wanted if key not in self._done]
        if waiting:  # one pager that nobody can reach holds no other up
            self._calling = min(waiting, key=lambda key: self._tries.get(key, 0))
            self._send(self._station.call(wanted[self._calling], now))
        elif not self._settings.poll_s:
            self._poll_at = float("inf")
        elif now >= self._poll_at:
            self._poll_at = now + self._settings.poll_s
            self._send(self._station.poll(now))

    def _on_done(self, call: Call, outcome: Outcome) -> None:
        assert self._calling is not None
        key, self._calling, self._failed = self._calling, None, outcome.why
        first = not self._tries.get(key)
        self._tries[key] = self._tries.get(key, 0) + 1
        if outcome.final:
            self._done.add(key)
        if key != _TEST and (first or outcome.final):
            told = {"id": key[0], "person": key[1], "pager": call.number, "final": outcome.final}
            self._say("paged", name=self._settings.name, **told, ok=not outcome.why, detail=outcome.why)

    def _send(self, data: bytes) -> None:
        if data:
            self._line.write(data)
