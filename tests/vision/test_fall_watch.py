"""Falls by scores: when one is told, once, and in which mode."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from agent.camera_facts import CameraFacts
from agent.vision.background import Floats, Foreground
from agent.vision.fall_watch import FallWatch
from agent.vision.scene import Scene
from agent.vision.tracker import Box, Sighting, Track

_SHAPE = (120, 160)
_LIVE = CameraFacts("hall")


class _Said:
    """Says the scores that it was given, one a window."""

    threshold = 0.5

    def __init__(self, scores: list[float]) -> None:
        self._scores: Iterator[float] = iter(scores)

    def score(self, window: Floats) -> float:
        assert window.shape == (24, 24, 24)
        return next(self._scores)


def _told(scores: list[float], facts: CameraFacts = _LIVE, learning: bool = False) -> list[tuple[float, str, float]]:
    watch, track = FallWatch(_Said(scores)), Track(1)
    told = []
    for number in range(len(scores)):
        at = number / 10
        told += [(at, one.name, one.score) for one in watch.feed(_scene(at, track, facts, learning))]
    return told


def _scene(at: float, track: Track, facts: CameraFacts = _LIVE, learning: bool = False) -> Scene:
    mask = np.zeros(_SHAPE, np.uint8)
    box = Box(60, 80, 50, 20)
    mask[box.y : box.bottom, box.x : box.right] = 1
    own = np.ones((box.height, box.width), np.uint8)
    track.sightings.append(Sighting(at, box, own, own.size, 1.0))
    foreground = Foreground(mask, np.zeros(_SHAPE, np.int16), mask, 0.1)
    picture = np.zeros((*_SHAPE, 3), np.uint8)
    return Scene(at, picture, foreground, (track,), (track,), learning=learning, unclear=False, facts=facts)


def _falls(told: list[tuple[float, str, float]]) -> list[tuple[float, float]]:
    return [(at, score) for at, name, score in told if name == "fall"]


def test_two_windows_in_a_row_make_a_fall_and_one_does_not() -> None:
    assert _falls(_told([0.1, 0.9, 0.1, 0.9, 0.4, 0.9])) == []
    assert _falls(_told([0.1, 0.5, 0.7, 0.8, 0.9])) == [(0.2, 0.7)]


def test_who_lies_there_falls_once() -> None:
    assert len(_falls(_told([0.9, 0.9, 0.1, 0.1, 0.9, 0.9]))) == 1


@pytest.mark.parametrize(("threshold", "falls"), [(0.7, 1), (0.71, 0)])
def test_the_threshold_that_staff_have_set_goes_before_the_net_s_own(threshold: float, falls: int) -> None:
    assert len(_falls(_told([0.7, 0.7, 0.7], replace(_LIVE, threshold=threshold)))) == falls


def test_a_fall_in_a_room_not_learned_says_so() -> None:
    for learning in (True, False):
        watch, track = FallWatch(_Said([0.9, 0.9])), Track(1)
        told = [one for step in range(2) for one in watch.feed(_scene(step / 10, track, learning=learning))]
        assert ("background_not_learned" in told[0].reasons) is learning


def test_in_another_room_nothing_agrees_with_what_was() -> None:
    watch, track = FallWatch(_Said([0.9, 0.9, 0.9])), Track(1)
    list(watch.feed(_scene(0.0, track)))
    watch.forget()
    assert [one.name for one in watch.feed(_scene(0.1, track))] == []
    assert [one.name for one in watch.feed(_scene(0.2, track))] == ["fall"]


def test_who_is_unseen_for_a_moment_falls_on() -> None:
    watch, track = FallWatch(_Said([0.9, 0.9])), Track(1)
    list(watch.feed(_scene(0.0, track)))
    unseen = replace(_scene(0.1, track), tracks=())
    assert not list(watch.feed(unseen))
    assert [one.name for one in watch.feed(_scene(0.2, track))] == ["fall"]
