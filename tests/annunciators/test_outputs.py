"""An output that fails, of its device or of a mistake of ours: told, closed, tried again, and no other suffers."""

import logging

import pytest

from agent.annunciators.outputs import FAULT, OK, RETRY_S, KeptOutput
from agent.annunciators.scene import Scene

SCENE = Scene({}, 100.0)


class Failing:
    """An output that raises what it is given, at each step of its life."""

    simulated = False
    sounds = True
    testable = True
    up = True

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.closed = 0

    def apply(self, scene: Scene, now: float) -> float:
        self._fail()
        return scene.until

    def watched(self) -> dict[int, int]:
        return {}

    def off(self) -> None:
        self._fail()

    def close(self) -> None:
        self.closed += 1
        self._fail()

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError("it hangs"), "it hangs"),
        (OSError(), "OSError"),
        (ValueError("no such line"), "no such line"),
        (KeyError("kind"), "KeyError: 'kind'"),
    ],
)
def test_it_is_a_fault_until_it_works_again(error: Exception, why: str, caplog: pytest.LogCaptureFixture) -> None:
    output = Failing(error)
    kept = KeptOutput("hall", 1, output)
    with caplog.at_level(logging.CRITICAL):
        retry_at = kept.apply(SCENE, 10.0)
        assert 10.0 < retry_at <= 10.0 + 2 * RETRY_S
        assert kept.apply(SCENE, 10.0) == retry_at
        assert (kept.state, kept.fault, output.closed) == (FAULT, why, 1)
        assert kept.apply(SCENE, retry_at) > retry_at
    assert output.closed == 2
    output.error = None
    assert kept.apply(SCENE, 1000.0) == 100.0
    assert (kept.state, kept.fault) == (OK, "")


def test_a_mistake_of_ours_is_logged_once_and_whole(caplog: pytest.LogCaptureFixture) -> None:
    kept = KeptOutput("hall", 1, Failing(KeyError("kind")))
    with caplog.at_level(logging.ERROR):
        for now in (10.0, 100.0, 200.0):
            kept.apply(SCENE, now)
    assert [bool(record.exc_info) for record in caplog.records] == [True]


@pytest.mark.parametrize("error", [OSError("gone"), KeyError("kind")])
def test_in_the_end_it_is_closed_whatever_it_raises(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    output = Failing(error)
    with caplog.at_level(logging.CRITICAL):
        KeptOutput("hall", 1, output).end()
    assert output.closed == 1
