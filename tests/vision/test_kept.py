"""What of a room is handed on: all that was learned, and nothing of who came into it."""

import copy
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.vision.background import Bytes
from agent.vision.kept import Kept, hidden
from agent.vision.room import LEARNING_S, Room
from tests.vision.held_rooms import shows
from tests.vision.leak_search import LeakSearch
from tests.vision.marker import SEEDS, marker

Picture = NDArray[np.float32]
_DICE = np.random.default_rng(8)
_HERE = (slice(36, 116), slice(60, 94))  # where he sits down


def a_room(seed: int = 1) -> Picture:
    """Furniture at random, so that two of them are two views."""
    dice = np.random.default_rng(seed)
    room = np.full((120, 160, 3), (150, 160, 165), np.float32)
    room[84:] = (70, 90, 120)
    for _ in range(14):
        x, y, wide, high = (int(value) for value in dice.integers((0, 0, 10, 10), (140, 100, 50, 45)))
        cv2.rectangle(room, (x, y), (x + wide, y + high), [float(one) for one in dice.uniform(30, 220, 3)], -1)
    return room


def with_somebody(room: Picture, left: int) -> Picture:
    """He wears the marker."""
    picture = room.copy()
    cv2.rectangle(picture, (left, 36), (left + 33, 115), (40, 60, 150), -1)
    picture[50:82, left + 1 : left + 33] = marker(32, SEEDS[1])[..., None]
    return picture


def shot(picture: Picture, gain: float = 1.0) -> Bytes:
    return np.clip(picture * gain + _DICE.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


class Looking:
    """A room that is looked at ten times a second."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.room = Room(10.0)
        self.at = 0.0
        self.room.cut(0.0)
        if kept is not None:
            self.room.take_up(kept)

    def see(self, *pictures: Picture, gain: float = 1.0) -> float:
        """The share of foreground in the last of `pictures`."""
        nobody = np.zeros((120, 160), np.uint8)
        for picture in pictures:
            share = self.room.feed(shot(picture, gain), nobody.copy(), nobody, self.at).share
            self.at += 0.1
        return share

    def learns(self) -> bool:
        return self.room.learning

    def keep(self) -> Kept:
        kept = self.room.keep("hall")
        assert kept is not None
        return kept


def learned(room: Picture) -> Looking:
    """Somebody who knows `room`; learned once for all tests."""
    return copy.deepcopy(_learned(room.tobytes()))


@cache
def _learned(room: bytes) -> Looking:
    looking = Looking()
    looking.see(*[np.frombuffer(room, np.float32).reshape(120, 160, 3)] * round(LEARNING_S * 10 + 2))
    assert not looking.learns()
    return looking


def comes(room: Picture) -> list[Picture]:
    """He walks in and sits down."""
    return [with_somebody(room, left) for left in range(2, 61, 2)]


def test_a_room_without_anybody_is_kept_whole_and_known_at_once() -> None:
    kept = learned(a_room()).keep()
    assert kept.unknown.mean() == 0
    later = Looking(kept)
    assert later.see(a_room()) < 0.01
    assert not later.learns()
    assert later.see(with_somebody(a_room(), 60)) > 0.1


def test_nothing_is_kept_while_the_room_is_learned() -> None:
    looking = Looking()
    assert looking.room.keep("hall") is None
    looking.see(*[a_room()] * 150)
    assert looking.room.keep("hall") is None


def test_who_is_in_view_is_not_kept() -> None:
    looking = learned(a_room())
    looking.see(*comes(a_room()))
    kept = looking.keep()
    assert kept.unknown[_HERE].all()
    assert not kept.room[_HERE].any()
    assert kept.unknown.mean() < 0.4


def test_who_has_melted_into_the_room_is_not_kept() -> None:
    looking = learned(a_room())
    looking.see(*comes(a_room()))
    for _ in range(3):
        share = looking.see(*[with_somebody(a_room(), 60)] * 100)
        kept = looking.keep()
    assert share < 0.01, "he has melted into the room"
    assert kept.unknown[_HERE].all()
    search = LeakSearch()
    assert not shows(search, kept)
    room, _ = looking.room._background.bare() or (None, None)
    assert room is not None
    assert shows(search, Kept.of("hall", room, np.zeros((120, 160), np.uint8))), "the search would find him"


def test_where_he_was_is_room_again_once_he_has_left() -> None:
    looking = learned(a_room())
    looking.see(*comes(a_room()), *[with_somebody(a_room(), 60)] * 150)
    assert looking.keep().unknown.mean() > 0.1
    looking.see(*reversed(comes(a_room())), *[a_room()] * 150)
    looking.keep()
    looking.see(*[a_room()] * 30)
    assert looking.keep().unknown.mean() < 0.1


@pytest.mark.parametrize(("gain", "back"), [(0.6, False), (0.9, True), (1.1, True), (1.4, False)])
def test_the_light_that_changes_meanwhile_neither_shows_him_nor_hides_the_room(gain: float, back: bool) -> None:
    room = a_room() * 0.7
    looking = learned(room)
    looking.see(*comes(room), *[with_somebody(room, 60)] * 150)
    looking.keep()
    for step in np.linspace(1.0, gain, 8):
        looking.see(*[with_somebody(room, 60)] * 20, gain=float(step))
        kept = looking.keep()
    assert kept.unknown[_HERE].all()
    assert kept.unknown.mean() < 0.4
    looking.see(*reversed(comes(room)), *[room] * 150, gain=gain)
    looking.keep()
    looking.see(*[room] * 30, gain=gain)
    assert looking.keep().unknown.mean() < (0.1 if back else 0.4), "unless the light is quite another one by then"


def test_what_was_unknown_stays_so_in_the_process_that_follows() -> None:
    looking = learned(a_room())
    looking.see(*comes(a_room()), *[with_somebody(a_room(), 60)] * 150)
    later = Looking(looking.keep())
    assert later.see(*[with_somebody(a_room(), 60)] * 100) < 0.01, "his place was taken from the first picture"
    kept = later.keep()
    assert kept.unknown[_HERE].all()
    assert not shows(LeakSearch(), kept)


@pytest.mark.parametrize("gain", [0.7, 1.3])
def test_another_light_is_the_same_room(gain: float) -> None:
    kept = learned(a_room() * 0.8).keep()
    later = Looking(kept)
    assert later.see(a_room() * 0.8, gain=gain) < 0.05
    assert not later.learns()


def test_a_nudged_camera_knows_its_room() -> None:
    kept = learned(a_room()).keep()
    later = Looking(kept)
    assert later.see(np.roll(a_room(), (2, 4), axis=(0, 1))) < 0.05
    assert not later.learns()


def test_another_view_is_learned_anew(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    later = Looking(learned(a_room()).keep())
    later.see(*[a_room(2)] * 31)
    assert later.learns()
    assert "hall: the room known before differs in" in caplog.text
    later.see(a_room())
    assert later.learns(), "after three seconds it is given up"


def test_a_camera_may_begin_black() -> None:
    later = Looking(learned(a_room()).keep())
    later.see(*[a_room() * 0.01] * 20)
    assert later.learns()
    assert later.see(a_room()) < 0.01
    assert not later.learns()
    assert later.room.anew


def test_another_size_is_learned_anew() -> None:
    kept = learned(a_room()).keep()
    room = Room(10.0)
    room.cut(0.0)
    room.take_up(kept)
    small, nobody = shot(a_room())[:90], np.zeros((90, 160), np.uint8)
    room.feed(small, nobody, nobody, 0.0)
    assert room.learning


def test_what_is_hidden_shows_no_outline() -> None:
    strange = np.zeros((40, 60), np.uint8)
    cv2.circle(strange, (20, 20), 8, 1, -1)
    strange[2, 50] = 1
    boxes = hidden(strange)
    assert boxes[9:32, 9:32].all(), "a box, three pixels wider each way"
    assert boxes[0:6, 47:54].all()
    assert boxes.sum() == 23 * 23 + 6 * 7
    assert hidden(np.zeros((40, 60), np.uint8)).sum() == 0
