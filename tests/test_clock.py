"""Two clocks and how they meet."""

import pytest

from agent.clock import BUILD_EPOCH_S, Clock, TimeQuality


def clock(wall: float, synchronised: bool = True) -> Clock:
    return Clock(lambda: 500.0, lambda: wall, "boot-1", lambda: synchronised)


def test_a_past_moment_is_moved_by_the_monotonic_distance() -> None:
    stamp = clock(2e9).stamp(440.0)
    assert (stamp.boot, stamp.monotonic, stamp.wall) == ("boot-1", 440.0, 2e9 - 60)


@pytest.mark.parametrize(
    ("wall", "synchronised", "quality"),
    [
        (BUILD_EPOCH_S - 1, True, TimeQuality.UNSET),
        (0.0, False, TimeQuality.UNSET),
        (BUILD_EPOCH_S, True, TimeQuality.SYNCHRONISED),
        (BUILD_EPOCH_S, False, TimeQuality.UNSYNCHRONISED),
    ],
)
def test_quality(wall: float, synchronised: bool, quality: TimeQuality) -> None:
    assert clock(wall, synchronised).stamp().quality is quality


def test_the_kernel_is_asked() -> None:
    stamp = Clock().stamp()
    assert stamp.boot.count("-") == 4
    assert stamp.quality in TimeQuality
