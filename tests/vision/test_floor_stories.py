"""Whole stories by the shipped posture net: outlines of simulated people, through tracker and watchers."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.camera_facts import CameraFacts
from agent.detection.observations import Observation
from agent.vision.background import Bytes, Foreground
from agent.vision.bed_watch import BedWatch
from agent.vision.fallen import FallenPeople
from agent.vision.floor_watch import FloorWatch
from agent.vision.people import People
from agent.vision.pipeline import open_pipeline
from agent.vision.scene import Scene
from agent.vision.tracker import Tracker
from agent.vision.zones import Zones
from agent.zones import Zone, ZoneKind
from models.posture_net import PostureNet

_STORIES = Path(__file__).with_name("floor_stories.npz")
_RATE = 10.0
_ALL = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_FLOOR = (Zone(ZoneKind.FLOOR, _ALL),)
# The bed of "goes_to_bed" as that camera sees it: from 0.1 m left of the head to the feet, 0.7 to 1.3 m from the wall.
_BED = Zone(ZoneKind.BED, ((0.42, 0.42), (0.76, 0.42), (0.76, 0.58), (0.42, 0.58)), bed="1")


@cache
def _net() -> PostureNet:
    return PostureNet.open()


@cache
def _frames(name: str) -> tuple[Bytes, ...]:
    with np.load(_STORIES) as kept:
        height, width = (int(side) for side in kept["shape"])
        return tuple(np.unpackbits(bits)[: height * width].reshape(height, width) for bits in kept[name])


def _foregrounds(name: str) -> list[Foreground]:
    """As the background would give them: what changed has just moved."""
    frames, before, still = _frames(name), None, np.full(_frames(name)[0].shape, 100, np.int16)
    seen = []
    for mask in frames:
        still = np.minimum(still + 1, 1000).astype(np.int16)
        if before is not None:
            still[mask != before] = 0
        seen.append(Foreground(mask, still.copy(), (still < 10).astype(np.uint8), float(mask.mean())))
        before = mask
    return seen


def _told(name: str, *zones: Zone) -> list[tuple[float, str, bool]]:
    """When, what, and whether it holds."""
    people, fallen, tracker, told = People(_net()), FallenPeople(), Tracker(), []
    watchers = (FloorWatch(people, fallen.lie), BedWatch(people))
    for number, seen in enumerate(_foregrounds(name)):
        at = number / _RATE
        tracks = tuple(tracker.feed(at, seen))
        picture = np.zeros((*seen.mask.shape, 3), np.uint8)
        scene = Scene(at, picture, seen, tracks, tuple(tracker.tracks), False, False, Zones(zones))
        told += [(at, one.name, one.value) for watcher in watchers for one in watcher.feed(scene)]
        told += [(at, word, value) for word, value, _ in fallen.feed(list(tracks), seen.mask, at)]
    return told


def _seen_by_eyes(name: str, *zones: Zone) -> list[Observation]:
    """What the eyes as shipped tell of the story in a room of some pattern that they have learned before."""
    dice = np.random.default_rng(3)
    shape = _frames(name)[0].shape
    room = 120 + 180 * cv2.GaussianBlur(dice.normal(0, 1, (*shape, 3)).astype(np.float32), (0, 0), 4)
    eyes, told = open_pipeline("room-1"), []
    eyes.use(CameraFacts("room-1", zones=zones))
    grains = [dice.normal(0, 2, room.shape) for _ in range(5)]
    for number, grain in enumerate(grains):
        eyes.learn(np.clip(room + grain, 0, 255).astype(np.uint8), float(number))
    for number, mask in enumerate(_frames(name)):
        picture = np.where(mask[..., None] > 0, np.array([60.0, 50.0, 160.0]), room) + grains[number % 5]
        told += eyes.feed(np.clip(picture, 0, 255).astype(np.uint8), number / _RATE)
    return told


def test_the_eyes_know_the_floor_by_the_feet_of_who_slides_down_later() -> None:
    told = _seen_by_eyes("slides_down")
    (low,) = [one for one in told if one.name == "low_on_floor"]
    assert low.value
    assert 30.0 <= low.at <= 40.0
    assert low.track is not None
    assert [reason.split()[0] for reason in low.reasons] == ["lies_low", "for_s"]
    assert not [one for one in told if one.name == "fall"]


@pytest.mark.slow
def test_the_eyes_tell_of_a_night_in_bed() -> None:
    told = [one for one in _seen_by_eyes("goes_to_bed", _BED) if one.name in {"in_bed", "edge_of_bed", "low_on_floor"}]
    assert [(one.name, one.value) for one in told if one.name == "in_bed"] == [("in_bed", True), ("in_bed", False)]
    assert ("edge_of_bed", True) in [(one.name, one.value) for one in told if 40.0 <= one.at <= 52.0]
    assert {one.bed for one in told} == {"1"}


def test_who_slides_off_a_chair_and_stays_down_is_told() -> None:
    ((at, name, value),) = _told("slides_down", *_FLOOR)
    assert (name, value) == ("low_on_floor", True)
    assert 28.0 <= at <= 40.0  # he is down between 20 and 24 s


@pytest.mark.parametrize("name", ["scrubs", "sits"])
def test_who_scrubs_the_floor_or_sits_is_not(name: str) -> None:
    assert _told(name, *_FLOOR) == []


def test_who_goes_to_bed_and_gets_up_is_told_of_by_the_bed_alone() -> None:
    told = [(name, value) for _, name, value in _told("goes_to_bed", *_FLOOR, _BED)]
    assert ("low_on_floor", True) not in told
    assert told.index(("in_bed", True)) < told.index(("in_bed", False))
