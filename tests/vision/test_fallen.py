"""What is told after a fall, with tracks made by hand."""

import numpy as np
import pytest

from agent.vision.background import Bytes
from agent.vision.fallen import FallenPeople
from agent.vision.tracker import Box, Sighting, Track

_STANDS, _LIES = Box(60, 30, 16, 60), Box(50, 78, 60, 14)
_AWAY = Box(120, 30, 16, 60)


def _track(number: int, *boxes: Box, at: float = 0.0) -> Track:
    track = Track(number)
    for index, box in enumerate(boxes):
        mask: Bytes = np.ones((box.height, box.width), np.uint8)
        track.sightings.append(Sighting(at + index / 10, box, mask, box.width * box.height, 1.0))
    return track


def _foreground(*boxes: Box) -> Bytes:
    mask = np.zeros((120, 160), np.uint8)
    for box in boxes:
        mask[box.y : box.bottom, box.x : box.right] = 1
    return mask


def _pass(
    people: FallenPeople, first: float, last: float, tracks: list[Track], *seen: Box
) -> list[tuple[str, bool, int]]:
    """What is told while the same picture stands from `first` to `last`."""
    times = np.arange(first, last, 0.1)
    return [told for at in times for told in people.feed(tracks, _foreground(*seen), float(at))]


@pytest.fixture
def fallen() -> FallenPeople:
    """Track 1 fell at 0 s and lies."""
    people = FallenPeople()
    assert people.begin(_track(1, _STANDS, _STANDS, _LIES), 0.0)
    assert _pass(people, 0.1, 6, [_track(1, _LIES)], _LIES) == []
    return people


def test_who_lies_for_ten_seconds_is_low_on_the_floor_once(fallen: FallenPeople) -> None:
    assert _pass(fallen, 6, 60, [_track(1, _LIES)], _LIES) == [("low_on_floor", True, 1)]


def test_who_stands_elsewhere_has_recovered(fallen: FallenPeople) -> None:
    assert _pass(fallen, 6, 9, [_track(1, _AWAY)], _AWAY) == [("recovered", True, 1)]
    assert _pass(fallen, 9, 60, [_track(1, _AWAY)], _AWAY) == []


def test_recovery_ends_low_on_floor(fallen: FallenPeople) -> None:
    _pass(fallen, 6, 12, [_track(1, _LIES)], _LIES)
    assert _pass(fallen, 12, 14, [_track(1, _AWAY)], _AWAY) == [("low_on_floor", False, 1), ("recovered", True, 1)]


def test_a_carer_who_stands_over_him_is_no_recovery(fallen: FallenPeople) -> None:
    both = Box(50, 30, 60, 62)
    assert _pass(fallen, 6, 30, [_track(1, both)], _STANDS, _LIES) == [("low_on_floor", True, 1)]
    assert _pass(fallen, 30, 60, [_track(2, _AWAY)], _AWAY, _LIES) == []


def test_a_person_upright_in_one_blob_with_him_is_no_recovery(fallen: FallenPeople) -> None:
    tall = Box(60, 30, 40, 62)
    told = _pass(fallen, 6, 30, [_track(1, tall)], tall, _LIES)
    assert ("recovered", True, 1) not in told


def test_a_lost_track_is_taken_up_where_he_lies(fallen: FallenPeople) -> None:
    assert _pass(fallen, 6, 9, []) == []
    people = FallenPeople()
    people.begin(_track(1, _STANDS, _LIES), 0.0)
    _pass(people, 0.1, 6, [_track(1, _LIES)], _LIES)
    _pass(people, 6, 8, [], _LIES)
    _pass(people, 8, 9, [_track(7, _LIES)], _LIES)
    assert _pass(people, 9, 12, [_track(7, _AWAY)], _AWAY) == [("recovered", True, 7)]


def test_the_same_person_falls_once_and_another_at_his_place_later_again(fallen: FallenPeople) -> None:
    assert not fallen.begin(_track(1, _STANDS, _LIES), 6.0)
    assert not fallen.begin(_track(2, _STANDS, _LIES), 6.0)
    _pass(fallen, 6, 8, [])
    assert fallen.begin(_track(3, _STANDS, _LIES), 8.0)


def test_another_person_elsewhere_falls_at_the_same_time(fallen: FallenPeople) -> None:
    assert fallen.begin(_track(2, _AWAY, Box(110, 20, 40, 14)), 6.0)


def test_a_place_long_empty_is_forgotten(fallen: FallenPeople) -> None:
    _pass(fallen, 6, 12, [_track(1, _LIES)], _LIES)
    assert _pass(fallen, 12, 40, []) == [("low_on_floor", False, 1)]
    assert fallen.protect(np.zeros((120, 160), np.uint8)).sum() == 0


def test_who_lies_is_protected(fallen: FallenPeople) -> None:
    mask = fallen.protect(np.zeros((120, 160), np.uint8))
    assert mask[_LIES.y : _LIES.bottom, _LIES.x : _LIES.right].all()


def test_who_lies_there_without_a_fall_is_followed_until_he_is_up() -> None:
    people = FallenPeople()
    assert people.lie(_track(4, _LIES), 0.0, upright=60.0)
    assert not people.lie(_track(4, _LIES), 0.1, upright=60.0)
    assert not people.begin(_track(5, _STANDS, _LIES), 0.1)
    assert _pass(people, 0.1, 60, [_track(4, _LIES)], _LIES) == []
    low = Box(120, 45, 16, 44)  # less than three quarters of the height that he has upright
    assert _pass(people, 60, 65, [_track(4, low)], low) == []
    assert _pass(people, 65, 67, [_track(4, _AWAY)], _AWAY) == [("low_on_floor", False, 4), ("recovered", True, 4)]


def test_who_fell_on_a_bed_is_not_low_on_the_floor() -> None:
    people = FallenPeople()
    people.begin(_track(1, _STANDS, _LIES), 0.0)
    asked: list[tuple[Box, int]] = []

    def on_floor(mask: Bytes, box: Box) -> bool:
        asked.append((box, int(mask.sum())))
        return False

    for at in np.arange(0.1, 30, 0.1):
        assert people.feed([_track(1, _LIES)], _foreground(_LIES), float(at), on_floor) == []
    assert set(asked) == {(_LIES, _LIES.width * _LIES.height)}


def test_while_one_still_lies_there_nobody_says_that_the_floor_is_free(fallen: FallenPeople) -> None:
    other, gone = Box(5, 78, 40, 14), Box(130, 30, 16, 60)
    assert _pass(fallen, 6, 12, [_track(1, _LIES)], _LIES) == [("low_on_floor", True, 1)]
    assert fallen.lie(_track(2, other), 12.0, upright=60.0)
    both = [_track(1, _AWAY), _track(2, other)]
    assert _pass(fallen, 12, 14, both, _AWAY, other) == [("recovered", True, 1)]
    last = [_track(1, _AWAY), _track(2, gone)]
    assert _pass(fallen, 14, 16, last, _AWAY, gone) == [("low_on_floor", False, 2), ("recovered", True, 2)]
