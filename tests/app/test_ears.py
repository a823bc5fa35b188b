"""Whether anybody hears: told after five seconds, taken back at once."""

from agent.app.ears import DEBOUNCE_S, Ears


class Bench:
    def __init__(self, can_sound: bool = True) -> None:
        self.open = 0
        self.told: list[str] = []
        self.ears = Ears(can_sound, lambda: self.open, self.told.append, 100.0)

    @property
    def last(self) -> str:
        return self.told[-1] if self.told else "nothing"


def test_a_sounder_that_does_not_come_is_told_after_its_time() -> None:
    bench = Bench()
    bench.ears.look(100.0 + DEBOUNCE_S - 0.001)
    assert bench.told == []
    bench.ears.look(100.0 + DEBOUNCE_S)
    assert bench.told == ["not heard yet"]


def test_what_stands_from_before_a_restart_is_neither_repeated_nor_ended_until_somebody_knows() -> None:
    bench = Bench()
    bench.ears.look(101.0)
    assert bench.told == []
    bench.ears.sounder("", 102.0)
    assert bench.told == [""]


def test_the_time_counts_from_when_it_was_heard_last() -> None:
    bench = Bench()
    bench.ears.sounder("", 110.0)
    bench.ears.sounder("every buzzer is dead", 110.5)
    bench.ears.look(110.0 + DEBOUNCE_S - 0.001)
    assert bench.last == ""
    bench.ears.sounder("no connection to the sounder", 110.0 + DEBOUNCE_S)
    assert bench.last == "no connection to the sounder"
    bench.ears.sounder("", 116.0)
    assert bench.last == ""


def test_an_open_panel_hears_instead() -> None:
    bench = Bench()
    bench.open = 1
    bench.ears.look(200.0)
    assert bench.told == [""]
    bench.open = 0
    bench.ears.look(200.0 + DEBOUNCE_S - 0.001)
    assert bench.told == [""]
    bench.ears.look(200.0 + DEBOUNCE_S)
    assert bench.last == "not heard yet"
    bench.open = 2
    bench.ears.look(206.0)
    assert bench.last == ""


def test_a_home_without_a_buzzer_has_none_to_lose() -> None:
    bench = Bench(can_sound=False)
    bench.ears.sounder("no connection to the sounder", 200.0)
    bench.ears.look(300.0)
    assert set(bench.told) == {""}
