"""The shipped posture net against outputs kept from the trained one, and against common sense."""

from pathlib import Path

import numpy as np
import pytest

from models.manifest import find
from models.posture_net import PostureNet

_REFERENCE = Path(__file__).with_name("posture_reference.npz")


@pytest.fixture(scope="module")
def net() -> PostureNet:
    return PostureNet.open()


def _given(net: PostureNet, crop: np.ndarray) -> tuple[float, float, float]:
    posture = net.posture(crop.astype(np.float32))
    return posture.upright, posture.middle, posture.low


def test_the_exported_net_gives_what_the_trained_one_gave(net: PostureNet) -> None:
    with np.load(_REFERENCE) as kept:
        crops, postures, labels = kept["crops"], kept["postures"], kept["labels"]
    assert len(crops) >= 48
    given = np.array([_given(net, crop.astype(np.float32) / np.float32(255)) for crop in crops])
    assert np.abs(given - postures).max() < 1e-4
    assert (given.argmax(axis=1) == labels).mean() > 0.6
    assert (given[labels != 2, 2] >= net.threshold).mean() <= 0.05


def test_shares_are_of_one_for_anything(net: PostureNet) -> None:
    dice = np.random.default_rng(0)
    for crop in (np.zeros((3, 32, 32)), np.ones((3, 32, 32)), dice.random((3, 32, 32))):
        shares = _given(net, crop)
        assert sum(shares) == pytest.approx(1.0, abs=1e-5)
        assert min(shares) >= 0.0


def test_who_stands_is_upright_and_who_lies_is_low(net: PostureNet) -> None:
    stands, lies = np.zeros((3, 32, 32)), np.zeros((3, 32, 32))
    stands[0, 2:30, 12:20], stands[1, 12:22, 15:18], stands[2, 2:30, 12:20] = 1.0, 1.0, 1.0
    lies[0, 24:30, 3:29], lies[1, 19:21, 11:20], lies[2, 2:30, 12:20] = 1.0, 1.0, 1.0
    assert net.posture(stands.astype(np.float32)).upright > 0.8
    assert net.posture(lies.astype(np.float32)).low > net.threshold


def test_another_shape_is_refused(net: PostureNet) -> None:
    with pytest.raises(ValueError, match="takes"):
        net.posture(np.zeros((2, 32, 32), np.float32))


def test_the_net_is_as_small_as_it_was_meant_to_be() -> None:
    assert len(find("posture").read()) <= 300_000
