"""The outline of a room: where its edges are, and that nobody who is in view is in it."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.camera_facts import CameraFacts
from agent.vision.geometry import GeometricScore
from agent.vision.outline import Outline, outline
from agent.vision.pipeline import Pipeline
from agent.zones import Zone, ZoneKind

Bytes = NDArray[np.uint8]
SHAPE = (120, 160)
LEARNED_S = 62.0
RESTED = np.full(SHAPE, 600, np.int16)


def room(shade: int = 110) -> Bytes:
    """A wall, a floor and a cupboard."""
    picture = np.full((*SHAPE, 3), shade, np.uint8)
    picture[80:] = shade // 2
    picture[30:80, 110:150] = (40, 70, 60)
    return picture


def with_person(picture: Bytes, left: int, top: int = 40) -> Bytes:
    """Someone in clothes of strong stripes, whose edges nobody could overlook."""
    seen = picture.copy()
    for row in range(top, top + 60, 6):
        seen[row : row + 3, left : left + 20] = (230, 230, 230)
        seen[row + 3 : row + 6, left : left + 20] = (10, 10, 10)
    return seen


def grain(picture: Bytes, seed: int) -> Bytes:
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def drawn(found: Outline) -> Bytes:
    bits = np.unpackbits(np.frombuffer(found.bits, np.uint8), count=found.width * found.height)
    return np.asarray(bits.reshape(found.height, found.width), np.uint8)


def seen(luminance: NDArray[np.float32]) -> Outline:
    """Of a room in which nothing has moved for a minute."""
    found = outline(luminance, np.full(luminance.shape, 600, np.int16))
    assert found is not None
    return found


def play(
    eyes: Pipeline, since: float, until: float, picture: Bytes, left: float | None = None, step: float = 0
) -> None:
    """Ten frames a second; someone stands at `left`, going `step` pixels each frame."""
    for number in range(round((until - since) * 10)):
        seen = picture if left is None else with_person(picture, int(left + step * number) % 90)
        eyes.feed(grain(seen, number), since + number / 10)


def test_edges_lie_where_the_room_has_them() -> None:
    luminance = np.zeros(SHAPE, np.float32)
    luminance[80:] = -1.0
    found = seen(luminance)
    assert (found.width, found.height, len(found.bits)) == (160, 120, 2400)
    rows = np.flatnonzero(drawn(found).any(axis=1))
    assert set(rows) <= {78, 79, 80, 81}
    assert drawn(found)[rows].any(axis=0).mean() > 0.9


@pytest.mark.parametrize(
    ("shape", "size"),
    [((120, 160), (160, 120)), ((90, 160), (160, 90)), ((160, 90), (68, 120)), ((160, 160), (120, 120))],
)
def test_an_outline_has_the_shape_of_its_picture_and_fits_into_a_line(
    shape: tuple[int, int], size: tuple[int, int]
) -> None:
    found = seen(np.random.default_rng(1).normal(0, 1, shape).astype(np.float32))
    assert (found.width, found.height) == size
    assert len(found.bits) == -(-size[0] * size[1] // 8) <= 2400


@pytest.mark.parametrize("level", [0.0, -3.0, 40.0])
def test_a_plain_or_noisy_wall_has_no_edges(level: float) -> None:
    noise = np.random.default_rng(2).normal(level, 0.01, SHAPE).astype(np.float32)
    assert drawn(seen(noise)).mean() < 0.01


def test_while_the_room_is_learned_there_is_none() -> None:
    eyes = Pipeline("room-1", GeometricScore())
    assert eyes.outline() is None
    for until in (105.0, 125.0, 155.0):
        play(eyes, until - 5.0, until, room())
        assert eyes.outline() is None, "not even when it is learned: what sits there must have had time to stir"
    play(eyes, 155.0, 155.0 + LEARNED_S, room())
    assert eyes.outline() is not None


@pytest.mark.parametrize("walks", [0.0, 1.0])
def test_nobody_in_view_is_in_it(walks: float) -> None:
    """The same room, empty and with someone in it, shows the same edges."""
    empty, lived_in = Pipeline("room-1", GeometricScore()), Pipeline("room-1", GeometricScore())
    for eyes in (empty, lived_in):
        play(eyes, 100.0, 100.0 + LEARNED_S, room())
    play(lived_in, 100.0 + LEARNED_S, 105.0 + LEARNED_S, room(), left=20, step=1.0)  # comes in, and stays or goes on
    play(lived_in, 105.0 + LEARNED_S, 108.0 + LEARNED_S, room(), left=70, step=walks)
    lived, plain = lived_in.outline(), empty.outline()
    assert lived is not None
    assert plain is not None
    person = np.zeros(SHAPE, bool)
    person[38:102, 15:115] = True
    person[:, 105:] = False  # the cupboard
    person[77:84] = False  # where the floor meets the wall
    assert drawn(lived)[person].sum() == 0
    assert drawn(plain).sum() > 150
    near = np.asarray(cv2.dilate(drawn(plain), np.ones((5, 5), np.uint8)), np.uint8)
    assert not (drawn(lived) & (1 - near)).any()
    assert drawn(lived)[:, 110:].sum() > 50, "what nobody has passed is there"


@pytest.mark.parametrize("stirs_s", [5, 50])
def test_who_sat_there_while_the_room_was_learned_is_not_in_it(stirs_s: int) -> None:
    """Part of the room as the eyes know it, to the last stripe; but nobody sits still for a minute."""
    eyes = Pipeline("room-1", GeometricScore())
    for number in range(round(LEARNED_S * 10)):
        sways = 2 * (number // (10 * stirs_s) % 2)
        eyes.feed(grain(with_person(room(), 40 + sways), number), 100.0 + number / 10)
    found = eyes.outline()
    assert found is not None
    assert drawn(found)[40:100, 36:66].sum() == 0
    assert drawn(found)[:, 110:].sum() > 50


def test_an_edge_beside_which_something_has_moved_lately_is_left_out() -> None:
    luminance = np.zeros(SHAPE, np.float32)
    luminance[80:] = -1.0
    still = RESTED.copy()
    still[:, 60:80] = 599
    found = outline(luminance, still)
    assert found is not None
    shown = np.asarray(drawn(found).max(axis=0))
    assert not shown[56:84].any()
    assert shown[2:55].all()
    assert shown[86:158].all()
    assert outline(luminance, np.full(SHAPE, 599, np.int16)) is None


def test_such_a_person_would_be_seen_if_frames_were_shown() -> None:
    """The test above can fail: the same edges taken of the frame show the person."""
    luminance = np.log(with_person(room(), 40).mean(axis=2) + 24.0).astype(np.float32)
    assert drawn(seen(luminance))[40:76, 40:60].sum() > 50


def test_what_lies_in_a_zone_to_be_ignored_is_nobody() -> None:
    left_half = Zone(ZoneKind.IGNORE, ((0, 0), (0.6, 0), (0.6, 1), (0, 1)))
    told: dict[bool, list[bool]] = {}
    for ignored in (False, True):
        eyes = Pipeline("room-1", GeometricScore())
        eyes.use(CameraFacts("room-1", (left_half,) if ignored else ()))
        play(eyes, 100.0, 125.0, room())
        told[ignored] = [
            one.value
            for number in range(30)
            for one in eyes.feed(grain(with_person(room(), 10 + number), number), 125.0 + number / 10)
            if one.name == "nobody_in_view"
        ]
    assert told == {False: [False], True: []}
