"""How often a device tells, and what its values vouch for."""

import pytest

from agent.rules.cadence import Cadence


@pytest.mark.parametrize(
    ("times", "soon", "vouches"),
    [
        ([], 2.5, 30.0),
        ([5.0], 2.5, 30.0),
        ([0.0, 0.5], 2.5, 30.0),
        ([0.0, 4.0], 10.0, 30.0),
        ([0.0, 12.0], 25.0, 30.0),
        ([0.0, 14.0], 25.0, 35.0),
        ([0.0, 60.0], 75.0, 150.0),
        ([0.0, 600.0], 750.0, 150.0),
        ([0.0, 1.0, 2.0, 3.0, 100.0, 101.0], 2.5, 30.0),
        ([0.0, 10.0, 50.0], 50.0, 100.0),  # of two the longer
        ([0.0, 40.0, 50.0, 60.0, 70.0, 110.0, 150.0], 25.0, 30.0),  # the last five alone
        ([0.0, 100.0, 200.0, 220.0, 240.0, 260.0, 280.0, 300.0], 25.0, 50.0),
    ],
)
def test_how_often_a_device_tells(times: list[float], soon: float, vouches: float) -> None:
    cadence = Cadence()
    for when in times:
        cadence.note(when)
    assert (cadence.soon_s, cadence.vouches_s) == (soon, vouches)
