import numpy as np
import pytest

from models.training.anatomy import CLOTHS, Capsules
from models.training.camera import Camera, look_at
from models.training.figure import Actor, Cover, Wardrobe, outlines, shapes, silhouettes, visible
from models.training.furniture import Box3
from models.training.light import Change, Conditions
from models.training.plate import Interior, Plate, facing, grain, take
from models.training.room import Room, Stir

CORNERS = np.array([[-2.0, -3.0], [2.0, 3.0]])
EYE = look_at(np.array([0.0, -2.5, 1.0]), np.array([0.0, 0.0, 1.0]), 0.0, 70.0, (160, 120))
CHEST = Box3((0.0, 0.5, 0.6), (0.8, 0.25, 0.6), 0.0, "wood")
BED = Box3((0.0, 0.5, 0.3), (0.8, 0.5, 0.3), 0.0, "linen")
CALM = Conditions(noise=0.0, soft=1, exposure=110.0)
PAINT = dict.fromkeys((*CLOTHS, "metal"), (20.0, 30.0, 240.0))


def _plate(*furniture: Box3, eye: Camera = EYE) -> tuple[Interior, Plate]:
    random = np.random.default_rng(3)
    room = Interior.draw(random, CORNERS, 2.6, furniture, margin_m=0.0)
    return room, take(room, eye, grain(random))


def _post(y: float) -> Capsules:
    """Somebody as thick as a post, 1.7 m tall, `y` metres into the room."""
    return Capsules(np.array([[0.0, y, 0.1]]), np.array([[0.0, y, 1.6]]), np.array([0.12]))


def _actor(*frames: Capsules | None, covers: tuple[Cover, ...] = ()) -> Actor:
    return Actor(frames, Wardrobe(PAINT, 0.0, 1, covers), ("top",) * 3)


def test_walls_floor_and_furniture_lie_where_they_are() -> None:
    _, plate = _plate(CHEST)
    assert plate.depth[30, 80] == pytest.approx(5.5, abs=0.01), "the far wall, over the chest"
    assert plate.depth[62, 80] == pytest.approx(2.75, abs=0.01), "the chest's front"
    assert plate.floor[115, 80]
    assert not plate.floor[62, 80]


def test_a_turned_box_is_nearer_with_its_corner() -> None:
    _, plate = _plate(Box3((0.0, 0.5, 0.6), (0.4, 0.4, 0.6), 45.0, "wood"))
    assert plate.depth[62, 80] == pytest.approx(3.0 - 0.4 * np.sqrt(2), abs=0.03)


def test_a_person_behind_furniture_is_hidden_to_its_top_and_one_before_it_is_not() -> None:
    _, plate = _plate(CHEST)
    behind, before = silhouettes([_post(1.2), _post(-0.2)], EYE, plate.depth)
    top_of_chest = int(np.flatnonzero(plate.depth[:, 80] < 2.8)[0])
    assert behind.any()
    assert not behind[top_of_chest + 1 :].any()
    assert before[top_of_chest + 10, 80]


def test_a_capsule_is_as_large_as_its_distance_makes_it() -> None:
    ball = Capsules(np.array([[0.0, 0.5, 1.0]]), np.array([[0.0, 0.5, 1.001]]), np.array([0.3]))
    _, plate = _plate()
    (mask,) = silhouettes([ball], EYE, plate.depth)
    assert mask.sum() == pytest.approx(np.pi * (EYE.focal * 0.3 / 3.0) ** 2, rel=0.06)


def test_how_much_of_somebody_can_be_seen() -> None:
    _, plate = _plate(CHEST)
    limbs = Capsules(
        np.array([[0.0, 1.2, z] for z in (0.1, 0.4, 0.7, 1.6)]),
        np.array([[0.0, 1.2, z + 0.1] for z in (0.1, 0.4, 0.7, 1.6)]),
        np.full(4, 0.05),
    )
    assert visible(limbs, EYE, plate.depth) == 0.25, "his head looks over the chest"
    assert visible(limbs, EYE, np.full_like(plate.depth, 9.0)) == 1.0
    aside = limbs.moved(2.2, 0.0)
    assert visible(aside, EYE, np.full_like(plate.depth, 9.0)) == 1.0
    assert visible(limbs.moved(3.2, 0.0), EYE, np.full_like(plate.depth, 9.0)) == 0.0, "beyond the picture's edge"


def test_what_is_behind_the_camera_is_not_drawn() -> None:
    now = _post(-2.9)
    assert not outlines(EYE, now.start, now.end, now.radius)[2].any()
    (mask,) = silhouettes([now], EYE, _plate()[1].depth)
    assert not mask.any()


def test_the_nearer_of_two_is_painted_last() -> None:
    (painted,) = shapes([_actor(_post(0.0)), _actor(_post(1.0))], EYE, 1)
    depths = [paint[3] for paint in painted.paints]
    assert depths == sorted(depths, reverse=True)
    assert min(depths) < 2.6 < max(depths)


def test_a_cover_lies_over_what_it_covers_from_its_frame_on() -> None:
    limbs = Capsules(
        np.array([[-0.2, 0.0, 0.5], [0.0, 0.0, 0.5], [0.2, 0.0, 0.5]]),
        np.array([[-0.2, 0.0, 0.9], [0.0, 0.0, 0.9], [0.2, 0.0, 0.9]]),
        np.full(3, 0.05),
    )
    cover = Cover((0, 2), (9.0, 9.0, 9.0), 1.2, since=1)
    without, covered = shapes([_actor(limbs, limbs, covers=(cover,))], EYE, 2)
    assert len(covered.corners) == len(without.corners) + 1
    assert covered.paints[-1][:3] == (9.0, 9.0, 9.0), "nearest of all"


def test_frames_show_the_person_where_he_truly_is() -> None:
    room, plate = _plate(CHEST)
    stage = Room(np.random.default_rng(1), EYE, plate, room.lamp, CALM)
    empty, there, _ = stage.frames([_actor(None, _post(1.2), None)], 3)
    changed = np.abs(there.astype(int) - empty).max(axis=2) > 25
    (mask,) = silhouettes([_post(1.2)], EYE, plate.depth)
    assert (changed & (mask > 0)).sum() > 0.9 * mask.sum()
    assert not changed[:20].any()


def test_the_light_is_switched_for_room_and_person() -> None:
    room, plate = _plate()
    now = Conditions(lamp=0.8, day=0.2, noise=0.0, soft=1, changes=(Change("lamp", 1, 0.1),))
    stage = Room(np.random.default_rng(1), EYE, plate, room.lamp, now)
    before, after = stage.frames([_actor(_post(0.0), _post(0.0))], 2)
    assert after.mean() < 0.55 * before.mean()


def test_linen_is_changed_on_the_bed_alone() -> None:
    room, plate = _plate(BED)
    stage = Room(np.random.default_rng(1), EYE, plate, room.lamp, CALM, Stir(linen_from=1))
    before, after = stage.frames([], 2)
    changed = np.abs(after.astype(int) - before).max(axis=2) > 12
    assert changed[plate.linen].mean() > 0.8
    assert not changed[~plate.linen].any()


def test_a_television_changes_its_own_place_on_the_wall_ahead() -> None:
    random = np.random.default_rng(7)
    room, _ = _plate()
    room = facing(room, EYE, random, "screen")
    plate = take(room, EYE, grain(random))
    screen = plate.panes == 0
    assert screen.sum() > 100
    stage = Room(random, EYE, plate, room.lamp, CALM, Stir(television=0, cuts=1.0))
    before, after = stage.frames([], 2)
    changed = np.abs(after.astype(int) - before).max(axis=2) > 12
    assert changed[screen].mean() > 0.5
    assert not changed[~screen].any()


def test_the_empty_room_has_nobody_in_it_and_some_light_of_its_own() -> None:
    room, plate = _plate(CHEST)
    stage = Room(np.random.default_rng(1), EYE, plate, room.lamp, CALM)
    bright, dark = stage.empty(1.0), stage.empty(0.4)
    assert bright.shape == (120, 160, 3)
    assert dark.mean() == pytest.approx(bright.mean(), rel=0.1), "the exposure is set for each"
