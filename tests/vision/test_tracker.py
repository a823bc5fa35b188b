import numpy as np
import pytest

from agent.vision.background import Bytes, Foreground
from agent.vision.tracker import Box, Sighting, Track, Tracker
from agent.vision.window import LENGTH_S, SIZE, moving, window


def _seen(*blobs: tuple[Box, bool]) -> Foreground:
    """A frame with a blob in each box; True: it moves."""
    mask, still = np.zeros((120, 160), np.uint8), np.full((120, 160), 100, np.int16)
    came = np.zeros((120, 160), np.uint8)
    for box, moves in blobs:
        mask[box.y : box.bottom, box.x : box.right] = 1
        if moves:
            still[box.y : box.bottom, box.x : box.right] = 0
            came[box.y : box.bottom, box.x : box.right] = 1
    return Foreground(mask, still, came, float(mask.mean()))


def _person(x: int) -> Box:
    return Box(x, 30, 16, 60)


def test_a_walker_is_one_track() -> None:
    tracker = Tracker()
    numbers = {t.number for n in range(40) for t in tracker.feed(n / 10, _seen((_person(5 + 3 * n), True)))}
    assert numbers == {1}


def test_two_who_walk_apart_are_two_tracks() -> None:
    tracker = Tracker()
    for n in range(10):
        tracks = tracker.feed(n / 10, _seen((_person(20 - n), True), (_person(120 + n), True)))
    assert [track.number for track in tracks] == [1, 2]


def test_pieces_of_one_person_are_joined() -> None:
    tracker = Tracker()
    tracker.feed(0.0, _seen((_person(60), True)))
    (track,) = tracker.feed(0.1, _seen((Box(60, 30, 16, 25), True), (Box(60, 60, 16, 30), True)))
    assert (track.last.box.y, track.last.box.bottom) == (30, 90)


def test_a_ghost_is_left_behind() -> None:
    tracker = Tracker()
    for n in range(12):
        tracks = tracker.feed(n / 10, _seen((Box(60, 40, 30, 40), n < 3), (Box(60 + 4 * n, 30, 16, 60), True)))
    walker = max(tracks, key=lambda track: track.last.box.x)
    assert walker.last.box.x >= 100


def test_what_never_moved_is_no_track() -> None:
    tracker = Tracker()
    assert tracker.feed(0.0, _seen((_person(60), False))) == []


def test_a_track_bridges_a_second_and_ends_after_that() -> None:
    tracker = Tracker()
    tracker.feed(0.0, _seen((_person(60), True)))
    assert tracker.feed(1.0, _seen()) == []
    assert [track.number for track in tracker.feed(1.1, _seen((_person(62), True)))] == [1]
    tracker.feed(3.0, _seen())
    assert [track.number for track in tracker.feed(3.1, _seen((_person(62), True)))] == [2]


def test_specks_are_no_people() -> None:
    tracker = Tracker()
    specks = [(Box(x, y, 3, 3), True) for x in range(0, 150, 12) for y in range(0, 110, 12)]
    assert tracker.feed(0.0, _seen(*specks)) == []


def test_an_edge_that_only_touches_the_person_is_cut_away() -> None:
    tracker = Tracker()
    for n in range(5):
        seen = _seen((Box(60 + n, 60, 30, 30), True))
        seen.mask[0:75, 88] = 1  # a door's edge, from the ceiling down into the person
        (track,) = tracker.feed(n / 10, seen)
    assert track.last.box.y > 50


def _sighting(at: float, box: Box, share: float = 1.0) -> Sighting:
    mask: Bytes = np.ones((box.height, box.width), np.uint8)
    return Sighting(at, box, mask, box.width * box.height, share)


def test_a_window_keeps_still_what_is_still() -> None:
    pictures = window([_sighting(n / 10, _person(60)) for n in range(40)], 3.9)
    assert pictures.shape == (24, SIZE, SIZE)
    assert pictures.dtype == np.float32
    assert np.ptp(pictures, axis=0).max() == 0.0
    assert 0.99 < pictures.max() <= 1.0


def test_a_window_shows_what_drops() -> None:
    sightings = [_sighting(n / 10, Box(60, 30 + 2 * max(0, n - 15), 16, 60)) for n in range(40)]
    tops = (window(sightings, 3.9) > 0.5).any(axis=2).argmax(axis=1)
    assert tops[-1] > tops[0] + 5
    assert (np.diff(tops) >= 0).all()


@pytest.mark.parametrize("rate", [8.0, 10.0, 15.0, 25.0])
def test_a_window_does_not_depend_on_the_frame_rate(rate: float) -> None:
    def fall(at: float) -> Box:
        return Box(60, 30 + round(40 * min(1.0, max(0.0, at - 1.5))), 16, 50)

    def shown(hz: float) -> np.ndarray:
        return window([_sighting(n / hz, fall(n / hz)) for n in range(int(3 * hz) + 1)], 3.0)

    assert np.abs(shown(rate) - shown(10.0)).mean() < 0.03


def test_a_short_track_is_held_back_to_its_first_sighting() -> None:
    pictures = window([_sighting(5.0, _person(60))], 5.0)
    assert np.ptp(pictures, axis=0).max() == 0.0


def test_small_or_odd_boxes_fit_their_window() -> None:
    for width in range(1, 60, 3):
        for height in range(1, 60, 4):
            assert window([_sighting(0.0, Box(7, 9, width, height))], 0.0).max() > 0


def test_moving_looks_at_the_window_only() -> None:
    track = Track(1)
    track.sightings.extend([_sighting(0.0, _person(60), 0.9), _sighting(LENGTH_S + 1, _person(60), 0.01)])
    assert moving(track.sightings, LENGTH_S + 1) == pytest.approx(0.01)


def test_after_a_cut_numbers_are_not_given_again() -> None:
    tracker = Tracker()
    tracker.feed(0.0, _seen((_person(60), True)))
    tracker.forget()
    assert [track.number for track in tracker.feed(0.1, _seen((_person(60), True)))] == [2]
