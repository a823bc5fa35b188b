"""Whether somebody is in bed: by the word of any device that can tell, and who came back for a moment."""

import math

import pytest

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.rules.bed_sense import BedSense, occupancy
from drivers.reading import Quality, Reading
from tests.rules.ward import act, reading


def seen(value: bool, at: float) -> Observation:
    return Observation("cam", "in_bed", at, value)


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (seen(True, 1.0), True),
        (seen(False, 1.0), False),
        (Observation("cam", "low_on_floor", 1.0), None),
        (reading("bed_occupied", True, 1.0), True),
        (reading("bed_occupied", False, 1.0), False),
        (reading("bed_occupied", True, 1.0, Quality.UNCERTAIN), None),
        (Reading("dev-1", "bed_occupied", True, 1.0, stored=True), None),
        (reading("worn", True, 1.0), None),
        (act("out", 1.0), None),
    ],
)
def test_what_is_a_word_of_the_bed(event: Event, word: bool | None) -> None:
    assert occupancy(event) is word
    assert BedSense(10.0).take(event) is (word is not None)


def test_a_camera_and_a_mat_speak_of_one_bed() -> None:
    sense = BedSense(10.0)
    assert sense.take(reading("bed_occupied", True, 1.0))
    assert not sense.take(seen(True, 2.0))
    assert (sense.occupied, sense.since, sense.due, sense.left) == (True, 1.0, math.inf, False)
    assert sense.take(seen(False, 3.0))
    assert (sense.occupied, sense.since, sense.due, sense.left) == (False, 3.0, math.inf, True)


def test_who_is_back_stays_so_long_before_it_counts() -> None:
    sense = BedSense(10.0)
    for event in (reading("bed_occupied", True, 1.0), reading("bed_occupied", False, 2.0)):
        assert sense.take(event)
    assert not sense.take(reading("bed_occupied", True, 5.0))
    assert (sense.occupied, sense.due) == (False, 15.0)
    assert not sense.take(seen(True, 7.0))  # it began when the first of them said so
    assert sense.due == 15.0
    assert not sense.settle(14.9)
    assert sense.settle(15.0)
    assert (sense.occupied, sense.since, sense.due) == (True, 5.0, math.inf)
