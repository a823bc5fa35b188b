"""Which readings are kept: on change, and one a minute. Pure; a nursing home speaks a million values a day."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from agent.clock import Stamp
from agent.store.entry import READING, Entry
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Reading

MINUTE_S = 60.0
SOURCES_AT_MOST = 4096  # pairs of device and quantity remembered; beyond, the one silent longest is forgotten


@dataclass(frozen=True, slots=True)
class _Thinned:
    """The values since the last one that was kept."""

    count: int = 0
    low: float = math.inf
    high: float = -math.inf
    total: float = 0.0

    def with_(self, value: float) -> "_Thinned":
        return _Thinned(self.count + 1, min(self.low, value), max(self.high, value), self.total + value)

    def to_json(self) -> dict[str, Any]:
        return {"count": self.count, "min": self.low, "mean": round(self.total / self.count, 3), "max": self.high}


@dataclass(frozen=True, slots=True)
class _Source:
    """One quantity of one device: what was kept last, what was heard last, what was thinned between the two."""

    kept: Reading
    last: Reading
    thinned: _Thinned = _Thinned()


class ReadingLog:
    """Turns readings into entries for the telemetry lane, and most of them into numbers of a minute's summary.

    Kept are: every event and every life-safety value, every change of a state or of the quality, a continuous value
    that moved by its quantity's step, and at least one value a minute while the device speaks. What lies between is in
    `data["thinned"]` of the next one kept: count, min, mean and max. Values out of a device's memory are all kept.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        """`new_id` gives an id that is unique for ever."""
        self._new_id = new_id
        self._sources: dict[tuple[str, str], _Source] = {}

    def take(self, reading: Reading, stamp: Stamp, subject: str) -> Entry | None:
        """The entry that `reading` becomes, None when it is thinned.

        `stamp` is the moment `reading.at`, `subject` the pseudonym or device id to which it belongs.
        """
        if reading.stored:
            return self._entry(reading, stamp, subject, _Thinned())
        key = (reading.device, reading.quantity)
        source = self._sources.pop(key, None)
        if source is not None and not _worth_keeping(source.kept, reading):
            thinned = source.thinned
            if not isinstance(reading.value, bool | str):
                thinned = thinned.with_(float(reading.value))
            self._sources[key] = replace(source, last=reading, thinned=thinned)
            return None
        self._sources[key] = _Source(reading, reading)
        if len(self._sources) > SOURCES_AT_MOST:
            del self._sources[next(iter(self._sources))]
        return self._entry(reading, stamp, subject, source.thinned if source else _Thinned())

    def flush(
        self, now: float, stamp_of: Callable[[float], Stamp], subject_of: Callable[[str], str]
    ) -> tuple[Entry, ...]:
        """The last values of those who fell silent with thinned values outstanding for a minute; call it now and then.

        `now` in monotonic seconds; `stamp_of` gives the stamp of a moment, `subject_of` the subject of a device.
        """
        entries = []
        for key, source in self._sources.items():
            if source.last is not source.kept and now - source.kept.at >= MINUTE_S:
                reading = source.last
                entries.append(self._entry(reading, stamp_of(reading.at), subject_of(reading.device), source.thinned))
                self._sources[key] = _Source(reading, reading)
        return tuple(entries)

    def _entry(self, reading: Reading, stamp: Stamp, subject: str, thinned: _Thinned) -> Entry:
        quantity = QUANTITIES.get(reading.quantity)
        data: dict[str, Any] = {
            "device": reading.device,
            "quantity": reading.quantity,
            "value": reading.value,
            "unit": quantity.unit if quantity else "",
            "quality": reading.quality.value,
        }
        if reading.stored:
            data |= {"stored": True, "measured_at": reading.measured_at}
        if thinned.count:
            data["thinned"] = thinned.to_json()
        return Entry(self._new_id(), READING, stamp, subject, data, f"device:{reading.device}")


def _worth_keeping(kept: Reading, reading: Reading) -> bool:
    quantity = QUANTITIES.get(reading.quantity)
    if quantity is None or quantity.life_safety or quantity.shape is Shape.EVENT:
        return True
    if reading.quality is not kept.quality or reading.at - kept.at >= MINUTE_S:
        return True
    if quantity.shape is Shape.STATE or isinstance(reading.value, bool | str) or isinstance(kept.value, bool | str):
        return reading.value != kept.value
    return not abs(reading.value - kept.value) < quantity.step - 1e-9  # so written, NaN is kept too
