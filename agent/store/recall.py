"""Every reading of the last ten minutes in memory, written down around an alarm. Pure.

The log keeps a value when it moves; what a doctor or an inquiry asks is what the wristband said in those minutes, each
value of it. So each device has a ring, and an alarm has the rings of its devices written: what they hold, then for ten
minutes what they get. A reading is written once, however many alarms ask for it: the first entry of an alarm names its
devices, and which readings are its own follows from device and time.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from agent.clock import Stamp
from agent.residents import Site, Subject, SubjectKind
from agent.store.entry import RECALL, Entry
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

BEFORE_S = AFTER_S = 600.0
READINGS_AT_MOST = 100_000  # about 15 MB; a home of 60 speaks 7,200 times in ten minutes
KEPT_WHEN_FULL = 90_000
DEVICES_AT_MOST = 4096
WRITTEN_AT_ONCE = 500  # a call: two milliseconds of the loop that alarms go through
EACH_S = 10.0  # how often what came since is written
SAMPLES_AT_MOST = 200  # an entry


class _Ring:
    """One device: its readings, how many there ever were, and how many of those are written or out of question."""

    __slots__ = ("alarm", "next_at", "readings", "taken", "until", "written")

    def __init__(self) -> None:
        self.readings: deque[Reading] = deque()
        self.taken = 0
        self.written = 0
        self.alarm = ""
        self.until = 0.0
        self.next_at = 0.0

    @property
    def gone(self) -> int:
        """How many it holds no more."""
        return self.taken - len(self.readings)


class Recall:
    """Takes every reading, and gives entries for the telemetry lane. `dropped`: readings lost for want of room.

    It holds at most `READINGS_AT_MOST`. Beyond, the devices that speak most lose their oldest ones, so that a flood
    from one cannot wash out what another said.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        """`new_id` gives an id that is unique for ever."""
        self.dropped = 0
        self._new_id = new_id
        self._rings: dict[str, _Ring] = {}
        self._followed: dict[str, _Ring] = {}
        self._held = 0
        self._swept_at = 0.0

    @property
    def held(self) -> int:
        """Readings in memory."""
        return self._held

    def take(self, reading: Reading) -> None:
        """One more; values out of a device's memory are kept by the log anyway."""
        if reading.stored:
            return
        ring = self._rings.get(reading.device)
        if ring is None:
            ring = self._ring(reading.device)
        ring.readings.append(reading)
        ring.taken += 1
        self._held += 1
        if self._held > READINGS_AT_MOST:
            self._make_room(reading.at)

    def alarm(self, alarm: str, subject: str, devices: Iterable[str], at: Stamp) -> Entry:
        """An alarm was raised: from now on `due` gives what its devices said and say. The entry names them."""
        named = sorted(set(devices) - {""})
        for device in named:
            ring = self._rings.get(device) or self._ring(device)
            self._forget(ring, at.monotonic - BEFORE_S)
            if device not in self._followed:
                ring.written = max(ring.written, ring.gone)
                ring.next_at = at.monotonic
                self._followed[device] = ring
            ring.alarm, ring.until = alarm, at.monotonic + AFTER_S
        data = {"alarm": alarm, "devices": named, "before_s": BEFORE_S, "after_s": AFTER_S}
        return Entry(self._new_id(), RECALL, at, subject, data)

    def due(
        self,
        now: float,
        stamp_of: Callable[[float], Stamp],
        subject_of: Callable[[str], str],
        at_once: bool = False,
    ) -> list[Entry]:
        """What is to be written at monotonic time `now`; ask each second. `at_once`: all of it, at the end.

        Each entry's ``data["samples"]`` is a list of [seconds after the entry's time, value], and the quality as a
        third where it is not good.
        """
        if now - self._swept_at >= EACH_S:
            self._forget_before(now - BEFORE_S)
            self._swept_at = now
        entries: list[Entry] = []
        room = READINGS_AT_MOST if at_once else WRITTEN_AT_ONCE
        for device, ring in list(self._followed.items()):
            if room > 0 and (at_once or now >= ring.next_at):
                fresh = self._fresh(ring, room)
                room -= len(fresh)
                entries += self._entries(device, ring.alarm, fresh, stamp_of, subject_of)
                self._went_on(device, ring, now)
        return entries

    def _fresh(self, ring: _Ring, room: int) -> list[Reading]:
        start = ring.written - ring.gone
        if start < 0:  # dropped before they could be written
            start, ring.written = 0, ring.gone
        fresh = list(islice(ring.readings, start, start + room))
        ring.written += len(fresh)
        return fresh

    def _went_on(self, device: str, ring: _Ring, now: float) -> None:
        if ring.written < ring.taken:
            self._followed[device] = self._followed.pop(device)  # the others first
        elif now >= ring.until:
            del self._followed[device]
        else:
            ring.next_at = now + EACH_S

    def _entries(
        self,
        device: str,
        alarm: str,
        readings: Sequence[Reading],
        stamp_of: Callable[[float], Stamp],
        subject_of: Callable[[str], str],
    ) -> Iterator[Entry]:
        by_quantity = sorted(readings, key=lambda reading: reading.quantity)  # stable: in order of time within
        for quantity, group in groupby(by_quantity, key=lambda reading: reading.quantity):
            row = QUANTITIES.get(quantity)
            while part := list(islice(group, SAMPLES_AT_MOST)):
                first = part[0].at
                data = {
                    "alarm": alarm,
                    "device": device,
                    "quantity": quantity,
                    "unit": row.unit if row else "",
                    "samples": [_sample(reading, first) for reading in part],
                }
                yield Entry(self._new_id(), RECALL, stamp_of(first), subject_of(device), data, f"device:{device}")

    def _ring(self, device: str) -> _Ring:
        if len(self._rings) >= DEVICES_AT_MOST:
            oldest = next(iter(self._rings))
            self._followed.pop(oldest, None)
            lost = len(self._rings.pop(oldest).readings)
            self._held -= lost
            self.dropped += lost
        ring = self._rings[device] = _Ring()
        return ring

    def _forget_before(self, at: float) -> None:
        for ring in self._rings.values():
            self._forget(ring, at)

    def _forget(self, ring: _Ring, at: float) -> None:
        readings = ring.readings
        while readings and readings[0].at < at:
            readings.popleft()
            self._held -= 1

    def _make_room(self, now: float) -> None:
        """Down to `KEPT_WHEN_FULL`: no device keeps more than such a number that all together fit."""
        self._forget_before(now - BEFORE_S)
        most = _share(sorted(len(ring.readings) for ring in self._rings.values()), KEPT_WHEN_FULL)
        for ring in self._rings.values():
            for _ in range(len(ring.readings) - most):
                ring.readings.popleft()
                self._held -= 1
                self.dropped += 1


def devices_about(site: Site, subject: Subject) -> list[str]:
    """The devices that tell of `subject`: a resident's own and the room's, a place's, or the device itself."""
    if subject.kind is SubjectKind.DEVICE:
        return [subject.id]
    places = {subject.id, subject.room} - {""}
    return [
        device
        for device, binding in site.bindings.items()
        if binding.resident == subject.id or (not binding.resident and binding.room in places)
    ]


def _sample(reading: Reading, first: float) -> list[Any]:
    sample: list[Any] = [round(reading.at - first, 3), reading.value]
    if reading.quality is not Quality.GOOD:
        sample.append(reading.quality.value)
    return sample


def _share(lengths: Sequence[int], room: int) -> int:
    """The greatest number to which each of `lengths` (ascending) can be cut so that their sum fits into `room`."""
    for index, length in enumerate(lengths):
        left = len(lengths) - index
        if length * left > room:
            return room // left
        room -= length
    return lengths[-1] if lengths else 0
