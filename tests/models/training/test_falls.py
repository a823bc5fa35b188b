import numpy as np
import pytest

pytest.importorskip("mujoco", reason="the dependency group `train` is not installed")

from models.training.body import Body
from models.training.daily import ACTS, daily_act
from models.training.falls import FALLS, FallKind, fall, stand
from models.training.postures import posture
from models.training.script import Playing, Script, Step, play
from models.training.stories import COMPANY, FRAMES, falling, joined, living
from models.training.things import pelvis

HEAD, CHEST = 15, 7


@pytest.mark.parametrize("kind", FALLS, ids=lambda kind: kind.name)
def test_a_fall_takes_the_time_and_speed_that_falls_take(kind: FallKind) -> None:
    done = fall(np.random.default_rng(1), 6.5, 10.0, kind.name)
    assert done is not None
    assert done.kind == kind.name
    assert len(done.frames) == 65
    assert 0.25 <= done.down_s - done.begun_s <= 3.0
    heads = np.array([now.start[HEAD, 2] for now in done.frames])
    fastest = -np.diff(heads).min() * 10
    assert 1.0 < fastest < 7.0, "metres a second"
    assert heads[-1] < (1.25 if kind.lands == "kneel" else 1.0)
    assert heads[int(done.begun_s * 10)] - heads[-1] > 0.2
    lowest = min(float(now.start[:, 2].min()) for now in done.frames)
    assert lowest > -0.05, "nothing sinks into the floor"


def test_falls_differ_from_draw_to_draw_and_the_same_seed_gives_the_same() -> None:
    first, again, other = (fall(np.random.default_rng(seed), 6.5, 10.0, "slip") for seed in (1, 1, 2))
    assert first is not None
    assert again is not None
    assert other is not None
    assert np.array_equal(first.frames[-1].start, again.frames[-1].start)
    assert not np.allclose(first.frames[-1].start, other.frames[-1].start)


def test_who_lands_on_his_knees_or_sitting_stays_so() -> None:
    for name, hips_m in (("kneels", (0.3, 0.75)), ("seated", (0.0, 0.3))):
        done = fall(np.random.default_rng(3), 6.5, 10.0, name)
        assert done is not None
        down = round(done.down_s * 10) + 5
        assert all(hips_m[0] < pelvis(now)[0][2] < hips_m[1] for now in done.frames[down:])


def test_one_who_sits_has_something_under_him() -> None:
    done = fall(np.random.default_rng(4), 6.5, 10.0, "chair")
    assert done is not None
    hips, _ = pelvis(done.frames[0])
    seats = [box for box in done.furniture if box.near(float(hips[0]), float(hips[1])) == 0.0]
    assert any(0 < hips[2] - (box.middle[2] + box.half[2]) < 0.25 for box in seats)


@pytest.mark.parametrize("seed", range(4))
def test_feet_stay_where_they_are_when_one_sits_down(seed: int) -> None:
    random = np.random.default_rng(seed)
    steps = [Step(posture("stand", random), 0.0, 0.5), Step(posture("sit", random), 1.0, 1.0, seat="chair")]
    played = play(Playing(Body(random), Script(tuple(steps), 30.0, 0.0, 0.0)), 25, 10.0)
    feet = np.array([now.start[[3, 6], :2].mean(axis=0) for now in played.frames])
    hips = np.array([pelvis(now)[0] for now in played.frames])
    assert np.ptp(feet, axis=0).max() < 0.02
    assert np.hypot(*(hips[-1] - hips[0])[:2]) > 0.2
    (seat,) = played.seats
    assert seat.kind == "chair"
    assert seat.frame == 15
    boxes, solid = stand(seat, random)
    assert len(solid) == 2 < len(boxes)


def test_walking_goes_where_one_faces_at_the_pace_asked_for() -> None:
    random = np.random.default_rng(2)
    steps = (Step(posture("stand", random), 0.0, 2.0, 0.8), Step(posture("stand", random), 1.0, 2.0, 0.8, turn=90.0))
    played = play(Playing(Body(random), Script(steps, 0.0, 0.0, 0.0)), 50, 10.0)
    places = np.array([pelvis(now)[0] for now in played.frames])
    assert places[19, 0] - places[0, 0] == pytest.approx(1.52, abs=0.1)
    assert places[-1, 1] - places[30, 1] == pytest.approx(1.5, abs=0.15)
    assert pelvis(played.frames[-1])[1] == pytest.approx(np.pi / 2, abs=0.02)


@pytest.mark.parametrize("name", ACTS)
def test_every_act_can_be_played(name: str) -> None:
    story = living(np.random.default_rng(6), name)
    assert story.kind == name
    assert len(story.main) == FRAMES
    assert story.begun_s is None
    assert all(np.isfinite(now.start).all() for now in story.main)
    assert max(float(now.start[:, 2].max()) for now in story.main) < 2.2


def test_what_is_drawn_is_in_the_table() -> None:
    random = np.random.default_rng(8)
    assert {daily_act(random)[0] for _ in range(400)} == set(ACTS)


@pytest.mark.parametrize("name", COMPANY)
def test_company_comes_besides(name: str) -> None:
    random = np.random.default_rng(3)
    alone = living(random, "sitting")
    story = joined(random, alone, name)
    assert story.main is alone.main
    assert len(story.roles) > len(alone.roles)


def test_a_carer_comes_to_within_reach() -> None:
    random = np.random.default_rng(5)
    story = joined(random, living(random, "in_bed"), "carer")
    who = [now for now in story.roles[-1].frames if now is not None]
    bed = pelvis(story.main[-1])[0][:2]
    distances = [float(np.hypot(*(pelvis(now)[0][:2] - bed))) for now in who]
    assert distances[0] > 1.0
    assert min(distances) < 0.9


def test_a_walker_goes_along_and_is_left_behind() -> None:
    story = falling(np.random.default_rng(2), "walker")
    assert story is not None
    assert story.begun_s is not None
    things = story.roles[1].frames
    begun = int(story.begun_s * 10)
    hips = pelvis(story.main[begun - 1])[0][:2]
    before = things[begun - 1]
    assert before is not None
    assert np.hypot(*(before.start[:, :2].mean(axis=0) - hips)) < 0.9
    toes, heels = (getattr(story.main[begun - 1], end)[[3, 6], :2].mean(axis=0) for end in ("start", "end"))
    assert (before.start[:, :2].mean(axis=0) - hips) @ (toes - heels) > 0, "before him"
    assert set(story.roles[1].cloths) == {"metal"}
