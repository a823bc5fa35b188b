"""What a camera says of its own picture becomes an alarm about a part of ours, in words, and ends with it."""

import pytest

from agent.app.parts import Parts
from agent.app.vision_role import VisionRole
from agent.detection.observations import Observation
from agent.rules.camera_sight import FAULTS
from agent.rules.finding import Finding
from agent.wire import LineDecoder, encode


class Core:
    """The core's side of the vision process, with nobody behind it."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.parts = Parts(self.found.extend, lambda: None)
        self.role = VisionRole(("hall",), lambda _: None, self.parts, lambda _: None, lambda: 10.0, self)
        self.say("hello", role="vision", pid=1, cameras=["hall"])

    def heard(self, told: Observation) -> Observation | None:
        return told

    def beat(self, camera: str, sees: bool, threshold: float | None) -> None:
        """Nobody counts."""

    def say(self, kind: str, **fields: object) -> None:
        for message in LineDecoder(4096).feed(encode(kind, **fields)):
            self.role.take(message)

    def observe(self, name: str, value: bool) -> None:
        self.say("observation", device="hall", name=name, at=9.9, value=value, score=1.0, reasons=[], track=None)


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"no_frames"}))
def test_a_fault_of_the_picture_is_an_alarm_in_both_languages(name: str) -> None:
    core = Core()
    core.observe(name, True)
    core.observe(name, False)
    assert [(one.kind, one.subject.id, one.active) for one in core.found] == [
        ("camera_blind", "camera:hall", True),
        ("camera_blind", "camera:hall", False),
    ]
    english, chinese = (core.found[0].reasons[0].text(language) for language in ("en", "zh"))
    assert english.startswith("hall: ")
    assert chinese.startswith("hall：")
    assert name not in english + chinese


def test_the_alarm_lasts_as_long_as_any_fault() -> None:
    core = Core()
    for name, value in (("picture_dark", True), ("camera_moved", True), ("picture_dark", False)):
        core.observe(name, value)
    assert [one.active for one in core.found] == [True]
    core.observe("camera_moved", False)
    assert [one.active for one in core.found] == [True, False]


def test_no_frames_and_learning_are_words_beside_the_name() -> None:
    core = Core()
    core.observe("learning", True)
    core.observe("no_frames", True)
    assert core.found == []
    (status,) = core.parts.statuses()
    assert (status.state, status.detail) == ("ok", "learning")
