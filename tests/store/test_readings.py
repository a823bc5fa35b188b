"""Which readings are kept."""

import itertools
from collections.abc import Callable

from agent.clock import Stamp, TimeQuality
from agent.store.entry import Entry
from agent.store.readings import ReadingLog
from drivers.reading import Quality, Reading

DEVICE = "band-1"


def stamp(at: float) -> Stamp:
    return Stamp("boot", at, 1_800_000_000 + at, TimeQuality.SYNCHRONISED)


class Desk:
    """A log that is fed by value and time."""

    def __init__(self) -> None:
        numbers = itertools.count()
        self.log = ReadingLog(lambda: f"id-{next(numbers)}")

    def take(
        self,
        quantity: str,
        value: float | bool | str,
        at: float,
        quality: Quality = Quality.GOOD,
        stored: bool = False,
    ) -> Entry | None:
        reading = Reading(DEVICE, quantity, value, at, quality, stored, 1_799_999_000.0 if stored else None)
        return self.log.take(reading, stamp(at), "resident-1")

    def kept(self, quantity: str, values: list[float | bool | str], every_s: float = 1.0) -> list[object]:
        """The values that become entries, when they come one each `every_s`."""
        entries = [self.take(quantity, value, n * every_s) for n, value in enumerate(values)]
        return [entry.data["value"] for entry in entries if entry is not None]


def test_a_continuous_value_is_kept_when_it_moved_by_its_step() -> None:
    assert Desk().kept("air_temperature", [21.0, 21.1, 21.1, 21.2, 21.1, 21.0]) == [21.0, 21.2, 21.0]
    assert Desk().kept("body_temperature", [36.5, 36.6, 36.6, 36.5]) == [36.5, 36.6, 36.5]


def test_a_steady_value_is_kept_once_a_minute_with_what_lay_between() -> None:
    desk = Desk()
    first = desk.take("humidity", 50.0, 0)
    assert first is not None
    assert "thinned" not in first.data
    for second in range(1, 60):
        assert desk.take("humidity", 50.0 + (0.9 if second % 2 else -0.9), second) is None
    minute = desk.take("humidity", 50.2, 60)
    assert minute is not None
    assert minute.data["thinned"] == {"count": 59, "min": 49.1, "mean": 50.015, "max": 50.9}
    assert minute.data["value"] == 50.2
    assert minute.at == stamp(60)


def test_states_are_kept_on_change_and_events_always() -> None:
    assert Desk().kept("bed_occupied", [True, True, False, False, True]) == [True, False, True]
    assert Desk().kept("button", ["press", "press", "press"]) == ["press"] * 3


def test_life_safety_is_never_thinned() -> None:
    assert Desk().kept("smoke", [False, False, True, True]) == [False, False, True, True]


def test_a_change_of_quality_is_kept() -> None:
    desk = Desk()
    assert desk.take("spo2", 95, 0)
    assert desk.take("spo2", 95, 1) is None
    doubtful = desk.take("spo2", 95, 2, Quality.UNCERTAIN)
    assert doubtful is not None
    assert doubtful.data["quality"] == "uncertain"


def test_values_out_of_a_memory_are_all_kept_and_move_nothing() -> None:
    desk = Desk()
    assert desk.take("spo2", 95, 0)
    old = desk.take("spo2", 95, 1, stored=True)
    assert old is not None
    assert (old.data["stored"], old.data["measured_at"]) == (True, 1_799_999_000.0)
    assert desk.take("spo2", 95, 2) is None


def test_what_was_thinned_before_a_silence_is_flushed() -> None:
    desk = Desk()
    subject_of: Callable[[str], str] = {DEVICE: "resident-1"}.__getitem__
    desk.take("humidity", 50, 0)
    desk.take("humidity", 50.5, 10)
    assert desk.log.flush(59, stamp, subject_of) == ()
    [last] = desk.log.flush(60, stamp, subject_of)
    assert (last.data["value"], last.at, last.subject) == (50.5, stamp(10), "resident-1")
    assert desk.log.flush(200, stamp, subject_of) == ()


def test_an_unknown_quantity_is_kept() -> None:
    assert Desk().kept("colour", ["red", "red"]) == ["red", "red"]
