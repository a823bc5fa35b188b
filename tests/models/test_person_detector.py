"""A detector written by hand, whose answers are known to the pixel; and YOLOX-nano, where it is at hand."""

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import ModelAlteredError, ModelMissingError, ModelUnusableError
from models.person_detector import DetectorFile, PersonDetector, decode, letterbox, suppress
from models.session import form_of
from tests.models.light_net import CELLS, SIDE, light_net

YOLOX_SHA256 = "695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14"


def weights(folder: Path, content: bytes) -> DetectorFile:
    file = folder / "light.onnx"
    file.write_bytes(content)
    return DetectorFile(
        "light", file, hashlib.sha256(content).hexdigest(), "images", "output", (3, SIDE, SIDE), padding=0
    )


@pytest.fixture
def light(tmp_path: Path) -> DetectorFile:
    return weights(tmp_path, light_net())


def room(height: int = SIDE, width: int = SIDE) -> NDArray[np.uint8]:
    return np.zeros((height, width, 3), np.uint8)


def test_a_lit_cell_is_found_where_it_is(light: DetectorFile) -> None:
    picture = room()
    picture[16:24, 40:48] = 255
    (person,) = PersonDetector(light).find(picture)
    assert (person.left, person.top, person.right, person.bottom) == (40, 16, 48, 24)
    assert person.score == pytest.approx(1.0, abs=1e-5)
    assert (person.width, person.height) == (8, 8)


def test_an_empty_room_has_nobody(light: DetectorFile) -> None:
    assert PersonDetector(light).find(room()) == ()


def test_the_surest_comes_first_and_the_unsure_not_at_all(light: DetectorFile) -> None:
    picture = room()
    picture[0:8, 0:8], picture[32:40, 32:40], picture[48:56, 0:8] = 100, 200, 60
    found = PersonDetector(light).find(picture, least=0.25)
    assert [round(person.score * 255) for person in found] == [200, 100]
    assert len(PersonDetector(light).find(picture, least=0.2)) == 3


@pytest.mark.parametrize(("height", "width"), [(32, 64), (128, 96), (240, 320), (64, 64), (17, 400)])
def test_boxes_are_in_pixels_of_the_picture_that_was_asked_about(light: DetectorFile, height: int, width: int) -> None:
    picture = room(height, width)
    scale = SIDE / max(height, width)
    side = 8 / scale
    left, top = 2 * side, min(side, 0.0 if height * scale < 16 else side)
    cv2.rectangle(picture, (round(left), round(top)), (round(left + side) - 1, round(top + side) - 1), (255,) * 3, -1)
    person = PersonDetector(light).find(picture, least=0.2)[0]
    assert (person.left, person.top) == pytest.approx((left, top), abs=1.5 / scale)
    assert person.right <= width
    assert person.bottom <= height


def test_pixels_go_in_as_their_distance_from_the_mean_over_the_scale(tmp_path: Path) -> None:
    file = weights(tmp_path, light_net(largest=1.0))
    picture = room()
    picture[0:8, 0:8] = 255
    (person,) = PersonDetector(replace(file, scale=255.0)).find(picture)
    assert person.score == pytest.approx(1.0, abs=1e-5)
    assert PersonDetector(replace(file, scale=255.0, mean=255.0)).find(picture) == ()


@pytest.mark.parametrize(("colours", "seen"), [("bgr", [True, False]), ("rgb", [False, True])])
def test_the_planes_go_in_by_the_stated_order(tmp_path: Path, colours: str, seen: list[bool]) -> None:
    file = replace(weights(tmp_path, light_net(plane=0)), colours=colours)
    found = []
    for plane in (0, 2):  # blue, red
        picture = room()
        picture[0:8, 0:8, plane] = 255
        found.append(bool(PersonDetector(file).find(picture)))
    assert found == seen


def test_another_file_and_a_missing_one_are_refused(light: DetectorFile) -> None:
    content = bytearray(light.file.read_bytes())
    content[-1] ^= 1
    light.file.write_bytes(content)
    with pytest.raises(ModelAlteredError, match=r"light\.onnx: SHA-256 is .*Install it again: nightlamp models add"):
        PersonDetector(light)
    light.file.unlink()
    with pytest.raises(ModelMissingError, match="cannot be read"):
        PersonDetector(light)


def test_what_is_no_network_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusableError, match=r"cannot be run by ONNX Runtime .*exported for this version"):
        PersonDetector(weights(tmp_path, b"not a network"))


def test_a_network_with_other_cells_or_classes_is_refused(tmp_path: Path, light: DetectorFile) -> None:
    with pytest.raises(ModelAlteredError, match=r"gives \(84, 6\), a YOLOX of 64x64 gives \(84, at least 10\)"):
        PersonDetector(replace(light, person=4)).find(room())
    with pytest.raises(ModelAlteredError, match="takes images"):
        PersonDetector(replace(light, shape=(3, 32, 32)))


def test_a_network_tells_what_it_takes_and_gives(light: DetectorFile) -> None:
    form = form_of(light.file, light.read())
    assert form == {"input": "images", "output": "output", "shape": [3, SIDE, SIDE]}


def test_a_tall_picture_is_scaled_by_its_height_and_padded() -> None:
    picture = np.full((100, 20, 3), 7, np.uint8)
    box, scale = letterbox(picture, (64, 32), 114)
    assert scale == 0.64
    assert box.shape == (64, 32, 3)
    assert (box[:, :13] == 7).all()
    assert (box[:, 13:] == 114).all()


def test_cells_are_counted_row_by_row_and_the_finest_first() -> None:
    output = np.zeros((CELLS, 6), np.float32)
    for number in (0, 9, 64, 83):
        output[number, 4:] = 1
    boxes, scores = decode(output, (SIDE, SIDE), 0)
    assert [boxes[n].tolist() for n in (0, 9, 64, 83)] == [
        [-4, -4, 4, 4],
        [4, 4, 12, 12],
        [-8, -8, 8, 8],
        [16, 16, 48, 48],
    ]
    assert scores.sum() == 4


def test_of_boxes_that_overlap_the_surest_is_kept() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10], [5, 0, 15, 10]], np.float32)
    scores = np.array([0.5, 0.9, 0.3, 0.4], np.float32)
    assert suppress(boxes, scores, 0.25) == [1, 3, 2]  # the last shares 6 of 14 with the surest: another person
    assert suppress(boxes, scores, 0.31) == [1, 3]
    assert suppress(boxes[:0], scores[:0], 0.25) == []


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 1e3, 1e30, np.inf, np.nan]))
def test_noise_in_the_output_never_raises_nor_leaves_the_numbers(seed: int, size: float) -> None:
    with np.errstate(invalid="ignore", over="ignore"):
        output = (np.random.default_rng(seed).normal(0, 1, (CELLS, 6)) * size).astype(np.float32)
    boxes, scores = decode(output, (SIDE, SIDE), 0)
    assert np.isfinite(boxes).all()
    assert ((scores >= 0) & (scores <= 1)).all()
    for number in suppress(boxes, scores, 0.5):
        assert scores[number] >= 0.5


def test_yolox_nano_sees_who_stands_and_nobody_in_noise(shared: Path) -> None:
    file = shared / "models" / "yolox_nano.onnx"
    detector = PersonDetector(DetectorFile("yolox_nano", file, YOLOX_SHA256, "images", "output", (3, 416, 416)))
    clip = cv2.VideoCapture(str(shared / "data" / "falls" / "home-s1-fall-13.mp4"))
    picture = np.asarray(clip.read()[1], np.uint8)
    clip.release()
    best = detector.find(picture)[0]
    assert best.score > 0.8
    assert best.height > 1.5 * best.width
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    assert detector.find(noise) == ()
