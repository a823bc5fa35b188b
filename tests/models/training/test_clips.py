from itertools import islice

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="the dependency group `train` is not installed")

from models.training.anatomy import CLOTHS
from models.training.clips import Clip, Shot, clip, shoot
from models.training.home import Home, moves
from models.training.hours import Hour, hour
from models.training.hours import table as hours_table
from models.training.lookalikes import ITEMS, Taken, look_alike, table
from models.training.stories import FRAMES, falling, living


def _same(first: Clip, second: Clip) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first.frames, second.frames, strict=True))


@pytest.mark.parametrize("view", ["wall", "ceiling"])
def test_a_clip_is_the_same_each_time_and_of_the_view_asked_for(view: str) -> None:
    first, again, other = clip(1, 5, view), clip(1, 5, view), clip(1, 6, view)
    assert first.truth.view == view
    assert first.truth == again.truth
    assert _same(first, again)
    assert first.truth != other.truth
    assert len(first.frames) == len(first.truth.boxes) == len(first.truth.low) == FRAMES
    assert {frame.shape for frame in first.frames} == {first.frames[0].shape}


def test_the_truth_tells_where_and_when() -> None:
    random = np.random.default_rng(3)
    story = falling(random, "faint")
    assert story is not None
    taken = None
    while taken is None:
        taken = shoot(random, story, Shot(view="wall", learned=True, nudged=False))
    truth = taken.truth
    assert truth.kind == "fall faint"
    assert truth.begun_s is not None
    assert truth.down_s is not None
    assert truth.begun_s < truth.down_s < 6.5
    assert not truth.low[int(truth.begun_s * 10) - 1]
    assert truth.low[-1]
    before, after = truth.boxes[int(truth.begun_s * 10)], truth.boxes[-1]
    assert before is not None
    assert len(taken.empty) == 5
    assert after is None or after.y + after.height >= before.y


def test_lying_in_bed_is_not_low_on_the_floor() -> None:
    random = np.random.default_rng(5)
    taken = None
    while taken is None:
        taken = shoot(random, living(random, "in_bed"), Shot())
    assert not any(taken.truth.low)


def test_a_person_changes_the_picture_where_the_truth_says_he_is() -> None:
    random = np.random.default_rng(9)
    taken = None
    while taken is None or taken.truth.boxes[30] is None:
        taken = shoot(random, living(random, "fidget"), Shot(view="wall", learned=True, nudged=False, rearranged=False))
    box = taken.truth.boxes[30]
    assert box is not None
    changed = np.abs(taken.frames[30].astype(int) - taken.empty[0]).max(axis=2) > 20
    inside = changed[box.y : box.bottom, box.x : box.right].mean()
    assert inside > 2 * changed.mean()


@pytest.mark.slow
@pytest.mark.parametrize("name", ITEMS)
def test_every_look_alike_can_be_had_with_a_fall_and_without(name: str) -> None:
    daily, fallen = look_alike(name, False, 1, 0), look_alike(name, True, 1, 0)
    assert daily.truth.begun_s is None
    assert fallen.truth.begun_s is not None
    assert bool(daily.empty) == (name != "cold start")


def test_a_look_alike_is_the_same_each_time() -> None:
    first, again, other = (look_alike("television", False, 1, number) for number in (0, 0, 1))
    assert _same(first, again)
    assert first.truth != other.truth


def test_the_table_counts_false_ones_and_falls_found_apart() -> None:
    taken = [Taken("television", False, n < 1, n, "walk") for n in range(4)]
    taken += [Taken("television", True, n < 3, n, "fall trip") for n in range(4)]
    lines = table(taken).splitlines()
    assert lines[1].split()[:3] == ["television", "1/4", "0.05..0.70"]
    assert lines[1].split()[3] == "3/4"
    assert lines[2].split()[0] == "all"
    assert len(lines) == 3, "items that were not tried have no line"


def test_an_hour_goes_on_frame_by_frame_and_is_the_same_each_time() -> None:
    (_, first), (_, again) = hour(1, 2, 210), hour(1, 2, 210)
    count = 0
    for (a, _), (b, _) in zip(first, again, strict=True):
        assert np.array_equal(a, b)
        count += 1
    assert count == 210


def test_people_come_in_by_the_door_and_stay_within_the_walls() -> None:
    random = np.random.default_rng(4)
    home = Home.draw(random)
    there = 0
    for now in islice(moves(random, home)[0], 3000):
        if now is None:
            continue
        there += 1
        assert len(now.radius) == len(CLOTHS)
        hips = (now.start[0] + now.end[0]) / 2
        assert -0.3 < hips[0] < home.wide + 0.3
        assert -0.3 < hips[1] < home.deep + 1.2
    assert there > 500


def test_hours_are_counted_with_what_may_be_behind_them() -> None:
    hours = [Hour(0, "wall", (("fall", 12.0),), 20.0, 1800.0), Hour(1, "ceiling", (), 20.0, 1800.0)]
    lines = hours_table(hours).splitlines()
    assert lines[0] == "2.0 h in 2 rooms, somebody there for 1.0 h, learning 40 s"
    assert "fall             1 false: 0.50 an hour, at most 398 a week" in lines[1]
    assert "low_on_floor     0 false: 0.00 an hour, at most 252 a week" in lines[2]
