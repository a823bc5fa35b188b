"""The shipped net against outputs kept from the trained one, and against common sense."""

from pathlib import Path

import numpy as np
import pytest

from models.fall_net import FallNet

_REFERENCE = Path(__file__).with_name("fall_window_reference.npz")


@pytest.fixture(scope="module")
def net() -> FallNet:
    return FallNet.open()


def test_the_exported_net_gives_what_the_trained_one_gave(net: FallNet) -> None:
    with np.load(_REFERENCE) as kept:
        windows, scores = kept["windows"], kept["scores"]
    assert len(windows) >= 32
    given = [net.score(window.astype(np.float32) / np.float32(255)) for window in windows]
    assert np.abs(np.array(given) - scores).max() < 1e-4
    assert scores.max() > 0.9
    assert scores.min() < 0.1


def test_a_score_is_between_0_and_1_for_anything(net: FallNet) -> None:
    dice = np.random.default_rng(0)
    for window in (np.zeros((24, 24, 24)), np.ones((24, 24, 24)), dice.random((24, 24, 24))):
        assert 0.0 <= net.score(window.astype(np.float32)) <= 1.0


def test_who_stands_has_not_fallen(net: FallNet) -> None:
    window = np.zeros((24, 24, 24), np.float32)
    window[:, 2:22, 9:15] = 1.0
    assert net.score(window) < net.threshold / 2
