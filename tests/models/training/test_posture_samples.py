"""What the posture net is taught: labels by the height of the body, crops of all views, the same for the same seed."""

import numpy as np
import pytest

from models.training.anatomy import Capsules

pytest.importorskip("mujoco", reason="the dependency group `train` is not installed")

from models.training import posture_samples
from models.training.body import Body
from models.training.posture_samples import LOW, MIDDLE, UPRIGHT, label_of
from models.training.postures import posture


def _post(middle_m: float) -> Capsules:
    """A body whose middle is so high."""
    return Capsules(np.array([[0.0, 0.0, middle_m]]), np.array([[0.4, 0.0, middle_m]]), np.array([0.1]))


@pytest.mark.parametrize(
    ("height_m", "label"),
    [
        (0.1, LOW), (0.379, LOW), (0.381, None), (0.479, None), (0.481, MIDDLE), (0.819, MIDDLE), (0.821, None),
        (0.919, None), (0.921, UPRIGHT),
    ],
)  # fmt: skip
def test_the_label_is_the_height_over_what_carries_the_body(height_m: float, label: int | None) -> None:
    assert label_of(_post(height_m), 1.0) == label
    assert label_of(_post(height_m * 0.9), 0.9) == label
    assert label_of(_post(height_m + 0.5), 1.0, support=0.5) == label


@pytest.mark.parametrize(
    ("name", "label"), [("stand", UPRIGHT), ("sit", MIDDLE), ("all_fours", MIDDLE), ("kneel", MIDDLE), ("on_side", LOW)]
)
def test_postures_have_the_labels_that_people_would_give_them(name: str, label: int) -> None:
    found = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        body = Body(random)
        body.put(posture(name, random), 0.0, 0.0, 0.0)
        found.append(label_of(body.capsules(), body.scale))
    assert set(found) <= {label, None}
    assert found.count(label) >= 8


def test_crops_are_the_same_for_the_same_seed_and_of_every_kind() -> None:
    made = [crop for number in range(6) for crop in posture_samples.of_body(7, number)]
    again = posture_samples.of_body(7, 5)
    assert np.array_equal(
        np.stack([crop for crop, _, _ in made[-len(again) :]]), np.stack([crop for crop, _, _ in again])
    )
    assert {label for _, label, _ in made} == {UPRIGHT, MIDDLE, LOW}
    assert {above for _, _, above in made} == {True, False}
    crops = np.stack([crop for crop, _, _ in made])
    assert crops.shape[1:] == (3, 32, 32)
    assert 0.4 < crops[:, 2].any(axis=(1, 2)).mean() < 0.8  # stature known
