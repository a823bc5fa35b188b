"""What a camera says of its own picture, on made rooms and on the clips of real ones."""

import csv
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.camera_facts import CameraFacts
from agent.detection.observations import OBSERVATIONS
from agent.vision.background import Background, Bytes, Floats
from agent.vision.geometry import GeometricScore
from agent.vision.picture import FAULTS, PictureChecks
from agent.vision.pipeline import Pipeline
from agent.zones import Zone, ZoneKind
from tests.vision import made_rooms as made
from tests.vision.clips import small_frames

Told = list[tuple[float, str, bool]]


class Watch:
    """Checks of one camera, ten frames a second."""

    def __init__(self, room: Floats | None = None) -> None:
        self.checks = PictureChecks()
        self.room = room
        self.at = 0.0
        self.told: Told = []

    def show(self, frames: Iterable[Bytes], seconds: float) -> Told:
        """What is told while `frames` are shown; times count from now."""
        began, told = self.at, Told()
        for frame in islice(frames, round(seconds * 10)):
            self.at = round(self.at + 0.1, 1)
            told += [(round(self.at - began, 1), name, on) for name, on in self.checks.feed(frame, self.at, self.room)]
        self.told += told
        return told


@pytest.fixture(params=[0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def picture(request: pytest.FixtureRequest) -> Floats:
    return made.room(request.param)


@pytest.fixture
def watch(picture: Floats) -> Watch:
    """Of a room that is known."""
    watch = Watch(made.known(picture))
    assert watch.show(made.seen(picture), 5) == []
    return watch


def test_every_fault_is_an_observation() -> None:
    assert all(OBSERVATIONS[name].technical and OBSERVATIONS[name].state for name in FAULTS)


CHANGES: list[tuple[str, Callable[[Floats], Floats], tuple[float, float]]] = [
    ("picture_dark", lambda p: made.dimmed(p, 0.03), (5.0, 5.2)),
    ("picture_overexposed", lambda p: made.dimmed(p, 4.0), (10.0, 10.2)),
    ("picture_covered", lambda p: made.covered(p, 1.1), (10.0, 13.0)),
    ("picture_covered", lambda p: made.covered(p, 0.5), (30.0, 34.0)),
    ("picture_covered", lambda p: made.covered(p, 0.5, 25), (30.0, 34.0)),
    ("picture_blurred", lambda p: made.blurred(p, 2.5), (20.0, 23.0)),
    ("camera_moved", lambda p: made.shifted(p, 6), (10.0, 13.0)),
    ("camera_moved", lambda p: made.shifted(p, 0, 6), (10.0, 13.0)),
    ("camera_moved", lambda p: made.shifted(p, 45, 20), (10.0, 13.0)),
    ("camera_moved", lambda p: made.shifted(p, turned=14), (10.0, 13.0)),
    ("camera_moved", lambda p: made.room(9), (10.0, 13.0)),
]


@pytest.mark.parametrize(("name", "change", "within"), CHANGES)
def test_a_fault_is_told_once_in_its_time_and_its_end_too(
    watch: Watch, picture: Floats, name: str, change: Callable[[Floats], Floats], within: tuple[float, float]
) -> None:
    told = watch.show(made.seen(change(picture)), 60)
    assert [(what, on) for _, what, on in told] == [(name, True)]
    assert within[0] <= told[0][0] <= within[1]
    assert watch.checks.wrong
    ended = watch.show(made.seen(picture), 10)
    assert [(what, on) for _, what, on in ended] == [(name, False)]
    assert not watch.checks.wrong


@pytest.mark.parametrize(
    "change",
    [
        lambda p: made.dimmed(p, 0.4),
        lambda p: made.dimmed(p, 1.5),
        made.lamplit,
        made.infrared,
        lambda p: made.blurred(p, 0.5),
        lambda p: made.shifted(p, 1),
        lambda p: made.covered(p, 0.1),
        lambda p: made.somebody(p, 60),
        lambda p: made.somebody(p, 20, 44),
    ],
)
def test_what_is_no_fault(watch: Watch, picture: Floats, change: Callable[[Floats], Floats]) -> None:
    assert watch.show(made.seen(change(picture), 2.0), 70) == []
    assert watch.show(made.seen(picture), 40) == []


def test_day_and_night_by_infrared_for_hours(picture: Floats) -> None:
    """The filter clicks: black, then white, then grey; noise is stronger at night."""
    watch = Watch(made.known(picture))
    for day, night in ((picture, made.infrared(picture)),) * 3:
        watch.show(made.seen(day), 60)
        watch.show(made.seen(made.dimmed(day, 0.02)), 2)
        watch.show(made.seen(made.dimmed(night, 5)), 2)
        watch.show(made.seen(night, 4.0), 60)
    assert watch.told == []


def test_a_lamp_that_leaves_half_the_room_black_covers_nothing(picture: Floats) -> None:
    watch = Watch(made.known(picture))
    night = picture * np.where(np.arange(made.WIDTH) < 80, 0.02, 0.45).astype(np.float32)[None, :, None]
    assert watch.show(made.seen(picture), 5) + watch.show(made.seen(night), 60) == []


def test_a_person_who_walks_by_the_lens_for_a_minute(watch: Watch, picture: Floats) -> None:
    for step in range(60):
        watch.show(made.seen(made.somebody(picture, (step * 9) % 150 - 10, 46), seed=step), 1)
    assert watch.told == []


def test_before_a_room_is_known_only_the_plainest_faults_are_told(picture: Floats) -> None:
    watch = Watch()
    assert watch.show(made.seen(made.shifted(picture, 20)), 20) == []
    assert watch.show(made.seen(made.blurred(picture, 3)), 40) == []
    told = watch.show(made.seen(made.covered(picture, 1.1)), 20)
    assert [(what, on) for _, what, on in told] == [("picture_covered", True)]


def test_a_hand_that_wipes_the_lens_is_no_fault(watch: Watch, picture: Floats) -> None:
    for _ in range(5):
        assert watch.show(made.seen(made.covered(picture, 1.1)), 6) == []
        assert watch.show(made.seen(picture), 6) == []


def test_what_was_moved_ends_when_the_new_room_is_learned(watch: Watch, picture: Floats) -> None:
    there = made.room(9)
    watch.show(made.seen(there), 14)
    watch.room = None
    assert watch.show(made.seen(there), 20) == []
    watch.room = made.known(there)
    assert [(what, on) for _, what, on in watch.show(made.seen(there), 10)] == [("camera_moved", False)]
    assert watch.show(made.seen(there), 20) == []
    told = watch.show(made.seen(picture), 15)
    assert [(what, on) for _, what, on in told] == [("camera_moved", True)], "the old view is a move by now"


def test_with_zones_a_move_stands_until_somebody_has_looked_at_them(watch: Watch, picture: Floats) -> None:
    watch.checks.zoned = True
    there = made.room(9)
    watch.show(made.seen(there), 14)
    watch.room = None
    watch.show(made.seen(there), 20)
    watch.room = made.known(there)
    assert watch.show(made.seen(there), 60) == []
    assert watch.checks.wrong
    watch.checks.accept()
    assert [(what, on) for _, what, on in watch.show(made.seen(there), 10)] == [("camera_moved", False)]
    assert watch.show(made.seen(there), 20) == []


def test_a_room_learned_behind_a_cover_is_not_what_the_camera_is_held_to(watch: Watch, picture: Floats) -> None:
    """The background learns what it sees, a cloth too; the checks do not."""
    hidden = made.covered(picture, 1.1)
    watch.show(made.seen(hidden), 12)
    watch.room = None
    watch.show(made.seen(hidden), 20)
    watch.room = made.known(hidden)
    assert watch.show(made.seen(hidden), 20) == []
    assert watch.checks.wrong
    assert [(what, on) for _, what, on in watch.show(made.seen(picture), 5)] == [("picture_covered", False)]


def test_another_size_is_another_view(watch: Watch, picture: Floats) -> None:
    small = np.ascontiguousarray(made.shifted(picture, 30)[:90])
    assert watch.show(made.seen(small), 30) == []


def test_a_clock_that_goes_back_costs_a_finding_nothing_but_time(watch: Watch, picture: Floats) -> None:
    watch.show(made.seen(made.shifted(picture, 20)), 6)
    watch.at -= 1000
    told = watch.show(made.seen(made.shifted(picture, 20)), 14)
    assert [(what, on) for _, what, on in told] == [("camera_moved", True)]


def _labels(folder: Path) -> dict[str, str]:
    """Clip -> camera."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        return {row["clip"]: row["camera"] for row in csv.DictReader(lines)}


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_no_finding_stands_on_a_real_clip_while_it_plays(shared: Path, every: int) -> None:
    """Rooms from the other clips of the same camera; held on its last picture for long, it is frozen and no more."""
    folder = shared / "data" / "falls"
    labels = _labels(folder)
    told: dict[str, list[tuple[str, bool]]] = {}
    frozen: set[tuple[tuple[str, bool], ...]] = set()
    for clip, camera in list(labels.items())[::every]:
        frames = small_frames(folder / clip)
        size = frames[0][1].shape
        others = [one for one, where in labels.items() if where == camera and one != clip] or [clip]
        room = Background()
        for other in others[:2]:
            for _, frame in small_frames(folder / other)[::4]:
                if frame.shape == size:
                    room.sample(frame)
        room.settle()
        checks = PictureChecks()
        told[clip] = [one for at, frame in frames for one in checks.feed(frame, at, room.luminance)]
        end, last = frames[-1]
        held = [checks.feed(last, end + number / 10, None) for number in range(1, 140)]
        frozen.add(tuple(name for names in held for name in names if name[0] != "camera_moved"))
    assert len(told) >= len(labels) // every
    assert {clip: one for clip, one in told.items() if one} == {}
    assert frozen == {(("picture_frozen", True),)}


def test_real_rooms_moved_blurred_and_covered(shared: Path) -> None:
    folder = shared / "data" / "falls"
    found: dict[str, int] = dict.fromkeys(FAULTS, 0)
    clips = [clip for clip in _labels(folder) if "public" not in clip][::9]
    for clip in clips:
        _, frame = small_frames(folder / clip)[0]
        view = frame.astype(np.float32)
        width = view.shape[1]
        hand = view.copy()
        hand[:, : width // 2] = cv2.GaussianBlur(hand, (0, 0), 40)[:, : width // 2]
        changed = {
            "camera_moved": np.roll(view, 8, axis=1),
            "picture_blurred": made.blurred(view, 2.5),
            "picture_covered": hand,
        }
        for name, now in changed.items():
            watch = Watch(made.known(view))
            watch.show(made.seen(view), 3)
            found[name] += [(what, on) for _, what, on in watch.show(made.seen(now), 40)] == [(name, True)]
    assert len(clips) == 7
    assert (found["camera_moved"], found["picture_blurred"], found["picture_covered"]) == (7, 7, 7)


def test_a_pipeline_learns_anew_what_it_sees_after_a_move() -> None:
    eyes = Pipeline("hall", GeometricScore())
    at, told = 0.0, list[tuple[str, bool]]()
    for picture, seconds in ((made.room(0), 40), (made.room(9), 60)):
        for frame in islice(made.seen(picture), seconds * 10):
            at += 0.1
            told += [(one.name, one.value) for one in eyes.feed(frame, at)]
    states = [one for one in told if one[0] in ("camera_moved", "learning")]
    assert states[:2] == [("learning", True), ("learning", False)]
    assert states[-2:] == [("learning", False), ("camera_moved", False)]
    assert states.count(("camera_moved", True)) == 1
    assert eyes.state == "ready"


def test_a_move_stands_until_zones_are_drawn_anew() -> None:
    eyes = Pipeline("hall", GeometricScore())
    square = ((0.1, 0.1), (0.6, 0.1), (0.6, 0.6))
    eyes.use(CameraFacts("hall", (Zone(ZoneKind.FLOOR, square),)))
    at, told = 0.0, list[tuple[str, bool]]()

    def show(picture: Floats, seconds: int) -> None:
        nonlocal at
        for frame in islice(made.seen(picture), seconds * 10):
            at += 0.1
            told.extend((one.name, one.value) for one in eyes.feed(frame, at) if one.name == "camera_moved")

    show(made.room(0), 40)
    show(made.room(9), 60)
    assert told == [("camera_moved", True)]
    eyes.use(CameraFacts("hall", (Zone(ZoneKind.FLOOR, square[::-1]),)))
    show(made.room(9), 10)
    assert told == [("camera_moved", True), ("camera_moved", False)]
