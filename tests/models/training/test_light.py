from dataclasses import replace

import numpy as np
import pytest

from models.training.light import Change, Conditions, Sensor, draw

SHAPE = (60, 80)
PLAIN = Conditions(noise=0.0, soft=1)


def _grey(level: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.full((*SHAPE, 3), level, np.float32)


def _sensor(conditions: Conditions) -> Sensor:
    return Sensor(np.random.default_rng(0), conditions, SHAPE)


@pytest.mark.parametrize(("frame", "factor"), [(9, 1.0), (10, 0.75), (11, 0.5), (12, 0.5), (900, 0.5)])
def test_a_change_takes_its_frames(frame: int, factor: float) -> None:
    assert Change("lamp", 10, 0.5, takes=2).at(frame) == factor


def test_changes_of_one_thing_multiply_and_leave_others() -> None:
    now = Conditions(changes=(Change("lamp", 3, 0.5), Change("lamp", 5, 4.0), Change("white", 0, 9.0)))
    assert [now.factor("lamp", frame) for frame in (2, 3, 5)] == [1.0, 0.5, 2.0]
    assert now.factor("day", 9) == 1.0


def test_infrared_goes_on_and_off_again() -> None:
    now = Conditions(changes=(Change("infrared", 3, 1.0), Change("infrared", 6, 0.0)))
    assert [now.is_infrared(frame) for frame in (2, 3, 5, 6)] == [False, True, True, False]
    assert Conditions(infrared=True).is_infrared(0)


def test_a_fixed_exposure_stays_and_a_quick_one_follows() -> None:
    fixed, quick = _sensor(replace(PLAIN, exposure=100.0)), _sensor(replace(PLAIN, exposure=100.0, reaction=0.5))
    for eye in (fixed, quick):
        assert eye.expose(_grey(50.0), 0, False).mean() == pytest.approx(100, abs=3)
    assert fixed.expose(_grey(80.0), 1, False).mean() == pytest.approx(157, abs=4)
    for frame in range(1, 12):
        after = quick.expose(_grey(80.0), frame, False).mean()
    assert after == pytest.approx(100, abs=3)


def test_an_exposure_jump_and_a_change_of_white_come_in_their_frame() -> None:
    jump = _sensor(replace(PLAIN, exposure=100.0, changes=(Change("exposure", 2, 0.5),)))
    means = [jump.expose(_grey(90.0), frame, False).mean() for frame in range(4)]
    assert means[1] == pytest.approx(2 * means[2], rel=0.05)
    white = _sensor(replace(PLAIN, exposure=100.0, changes=(Change("white", 1, 1.25),)))
    before, after = (white.expose(_grey(90.0), frame, False).mean(axis=(0, 1)) for frame in (0, 1))
    assert after[2] > 1.2 * before[2]
    assert after[0] < before[0] / 1.2


def test_infrared_has_no_colour_and_is_brightest_in_the_middle() -> None:
    coloured = _grey(90.0) * np.array([0.5, 1.0, 1.5], np.float32)
    seen = _sensor(replace(PLAIN, exposure=90.0)).expose(coloured, 0, True).astype(int)
    assert np.ptp(seen, axis=2).max() == 0
    assert seen[30, 40, 0] > 1.5 * seen[0, 0, 0]


def test_a_stream_of_few_bits_keeps_blocks_that_hardly_change() -> None:
    eye = _sensor(replace(PLAIN, exposure=90.0, skip=3.0))
    first = eye.expose(_grey(90.0), 0, False)
    changed = _grey(90.0)
    changed[20:32, 20:32] += 60.0
    changed[:, 60:] += 1.0
    second = eye.expose(changed, 1, False)
    assert (second[24:28, 24:28] > first[24:28, 24:28] + 40).all()
    assert (second[:, 64:] == first[:, 64:]).all()


def test_noise_is_new_in_every_frame_and_of_the_size_asked_for() -> None:
    eye = _sensor(replace(PLAIN, exposure=100.0, noise=4.0))
    frames = [eye.expose(_grey(100.0), frame, False).astype(float) for frame in range(12)]
    assert np.std(frames[0]) == pytest.approx(4.0, rel=0.1)
    assert len({frame.tobytes() for frame in frames}) > 3


def test_all_kinds_of_light_are_drawn() -> None:
    random = np.random.default_rng(5)
    drawn = [draw(random, 65) for _ in range(400)]
    assert any(one.infrared for one in drawn)
    assert any(not one.changes for one in drawn)
    assert {change.what for one in drawn for change in one.changes} == {
        "lamp", "day", "exposure", "white", "infrared",
    }  # fmt: skip
    assert all(0 <= change.frame < 65 for one in drawn for change in one.changes)
