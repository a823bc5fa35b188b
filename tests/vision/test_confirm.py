"""What a detector's words make of a fall: with a detector that says what the test wants, look by look."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from agent.camera_facts import CameraFacts, CameraView
from agent.rules.fall_evidence import Piece, Weight, weigh
from agent.rules.settings.fall import FallSettings
from agent.vision.background import Bytes, Foreground
from agent.vision.confirm import WITHIN_S, Confirmation, Outcome, Verdict
from agent.vision.mosaic import SIDE
from agent.vision.recent_frames import RecentFrames
from agent.vision.scene import Scene
from agent.vision.tracker import Box, Sighting, Track
from models.person_detector import Person

BEFORE, LYING = Box(60, 20, 20, 80), Box(40, 70, 80, 30)  # of a picture of 160 x 160
FELL_AT = 3.0
# In the mosaic: the middle of each view, and the scale of the lying one's (80 * 1.4 = 112 pixels in 200).
NOW, LEFT, RIGHT, THEN = (104.0, 104.0), (312.0, 104.0), (104.0, 312.0), (312.0, 312.0)


def person(middle: tuple[float, float], width: float, height: float, score: float = 0.8) -> Person:
    x, y = middle
    return Person(x - width / 2, y - height / 2, x + width / 2, y + height / 2, score)


# Seen before, 80 pixels high: his view is 112 pixels wide too.
SEEN_BEFORE = person(THEN, 36, 80 * 200 / 112)
LIES = person(NOW, 140, 36, 0.6)
LIES_TURNED = person(LEFT, 36, 140, 0.7)
STANDS = Person(70, 20, 90, 100, 0.9)  # in the whole frame


class Words:
    """A detector that finds what it was told to, and notes what it was shown."""

    def __init__(self, *looks: Sequence[Person]) -> None:
        self.looks = list(looks)
        self.shown: list[Bytes] = []
        self.least: set[float] = set()

    def find(self, picture_bgr: Bytes, least: float) -> Sequence[Person]:
        self.shown.append(picture_bgr)
        self.least.add(least)
        return self.looks[len(self.shown) - 1] if len(self.shown) <= len(self.looks) else ()


def sighting(at: float, box: Box) -> Sighting:
    return Sighting(at, box, np.ones((box.height, box.width), np.uint8), box.width * box.height, 0.5)


def fallen(number: int = 1, since: float = 0.0) -> Track:
    """Stood from `since` on, lies since a tenth of a second."""
    track = Track(number)
    for tenth in range(round(since * 10), round(FELL_AT * 10)):
        track.sightings.append(sighting(tenth / 10, BEFORE))
    track.sightings.append(sighting(FELL_AT, LYING))
    return track


def scene(at: float, *tracks: Track, unclear: bool = False) -> Scene:
    picture = np.zeros((160, 160, 3), np.uint8)
    empty = np.zeros((160, 160), np.uint8)
    foreground = Foreground(empty, np.zeros((160, 160), np.int16), empty, 0.0)
    return Scene(at, picture, foreground, tracks, tracks, learning=False, unclear=unclear)


class Asked:
    """A confirmation with three seconds of frames behind it."""

    def __init__(
        self,
        detector: Words,
        rate: float = 10.0,
        track: Track | None = None,
        size: int = 1,
        history_s: float = FELL_AT,
        shade: bool = False,
    ) -> None:
        self.detector = detector
        self.frames = RecentFrames()
        self.frame = np.zeros((160 * size, 160 * size, 3), np.uint8)
        for tenth in range(round((FELL_AT - history_s) * 10), round(FELL_AT * 10) + 1):
            self.frames.keep(np.full_like(self.frame, tenth) if shade else self.frame, tenth / 10)
        self.confirmation = Confirmation(detector, self.frames)
        self.track = track or fallen()
        self.rate = rate
        self.began = self.confirmation.begin(self.track, scene(FELL_AT, self.track))

    def answer(self, gone: bool = False) -> tuple[Verdict, float, list[int]]:
        """The verdict, how long it took, and how often the detector was asked in each frame."""
        runs: list[int] = []
        for number in range(100):
            at = FELL_AT + number / self.rate
            self.frames.keep(self.frame, at + 1e-6)
            before = len(self.detector.shown)
            verdict = self.confirmation.step(scene(at) if gone else scene(at, self.track))
            runs.append(len(self.detector.shown) - before)
            if verdict is not None:
                return verdict, at - FELL_AT, runs
        raise AssertionError("no verdict")


def test_who_was_there_and_lies_there_confirms_it_at_once() -> None:
    verdict, waited, runs = Asked(Words([SEEN_BEFORE, LIES])).answer()
    assert verdict == Verdict(1, Outcome.CONFIRMED, ("detector_lies 0.60",))
    assert (waited, runs) == (0.0, [1])


@pytest.mark.parametrize("turned", [LIES_TURNED, person(RIGHT, 36, 140, 0.7)])
def test_who_lies_is_found_in_either_turned_view(turned: Person) -> None:
    verdict, _, _ = Asked(Words([SEEN_BEFORE, turned])).answer()
    assert verdict.reasons == ("detector_lies 0.70",)


def test_who_lies_a_little_later_is_asked_about_again() -> None:
    asked = Asked(Words([SEEN_BEFORE], [LIES]))
    verdict, waited, runs = asked.answer()
    assert verdict.outcome is Outcome.CONFIRMED
    assert waited == pytest.approx(0.2)
    assert runs == [1, 0, 1]


def test_who_still_stands_in_the_whole_frame_doubts_it() -> None:
    asked = Asked(Words([SEEN_BEFORE], [], [STANDS]))
    verdict, waited, runs = asked.answer()
    assert verdict == Verdict(1, Outcome.STANDS, ("detector_stands 0.90",))
    assert waited == pytest.approx(0.4)
    assert runs == [1, 0, 1, 0, 1]
    assert [shown.shape for shown in asked.detector.shown] == [(SIDE, SIDE, 3)] * 2 + [(160, 160, 3)]
    assert asked.detector.least == {0.3}


def test_who_stands_in_the_first_moment_may_still_be_falling() -> None:
    upright = person(NOW, 60, 140, 0.8)
    sitting = person(NOW, 60, 110, 0.8)  # neither high nor low
    for lies, waits_s in ((0.81, 0.0), (0.79, 0.2)):
        lying = person(LEFT, 36, 140, lies)
        for other in (upright, sitting):
            asked = Asked(Words([SEEN_BEFORE, lying, other], [LIES]))
            verdict, waited, _ = asked.answer()
            assert verdict.outcome is Outcome.CONFIRMED  # then once he lies, and nobody stands there any more
            assert waited == pytest.approx(waits_s)
    assert Asked(Words([SEEN_BEFORE, upright])).answer()[0].outcome is Outcome.UNCONFIRMED
    assert Asked(Words([SEEN_BEFORE], [upright])).answer()[0].outcome is Outcome.STANDS


@pytest.mark.parametrize(
    ("height", "outcome"),
    [
        (61, Outcome.STANDS),
        (60.1, Outcome.STANDS),
        (59.9, Outcome.UNCONFIRMED),  # neither as high as before nor low
        (48.1, Outcome.UNCONFIRMED),
        (47.9, Outcome.CONFIRMED),
        (47, Outcome.CONFIRMED),
    ],
)
def test_high_and_low_go_by_the_height_before(height: float, outcome: Outcome) -> None:
    seen = Person(70, 100 - height, 90, 100, 0.9)
    assert Asked(Words([SEEN_BEFORE], [], [seen])).answer()[0].outcome is outcome


@pytest.mark.parametrize(
    ("width", "outcome"),
    [(61, Outcome.STANDS), (62, Outcome.UNCONFIRMED), (68, Outcome.UNCONFIRMED), (69, Outcome.CONFIRMED)],
)
def test_who_is_wide_does_not_stand_and_who_is_wider_lies(width: float, outcome: Outcome) -> None:
    seen = Person(40, 38, 40 + width, 100, 0.9)
    assert Asked(Words([SEEN_BEFORE], [], [seen])).answer()[0].outcome is outcome


@pytest.mark.parametrize(
    ("lies", "outcome"), [(0.91, Outcome.CONFIRMED), (0.9, Outcome.UNCONFIRMED), (0.3, Outcome.UNCONFIRMED)]
)
def test_who_stands_beside_one_who_lies_takes_nothing_back(lies: float, outcome: Outcome) -> None:
    words = Words([SEEN_BEFORE], [], [STANDS, Person(40, 80, 120, 100, lies)])
    assert Asked(words).answer()[0].outcome is outcome


def test_a_person_who_was_never_seen_is_doubted_and_no_more() -> None:
    verdict, waited, _ = Asked(Words()).answer()
    assert verdict == Verdict(1, Outcome.UNCONFIRMED, ("detector_nobody",))
    assert waited == pytest.approx(0.4)


@pytest.mark.parametrize("look", range(3))
def test_anybody_seen_there_is_not_nobody(look: int) -> None:
    words: list[list[Person]] = [[], [], []]
    words[look] = [LIES if look < 2 else Person(40, 80, 120, 100, 0.4)]
    verdict, _, _ = Asked(Words(*words)).answer()
    assert verdict == Verdict(1, Outcome.UNCONFIRMED, ("detector_unsure",))


def test_who_was_seen_before_only_leaves_it_open() -> None:
    verdict, _, _ = Asked(Words([SEEN_BEFORE])).answer()
    assert verdict == Verdict(1, Outcome.UNCONFIRMED, ("detector_unsure",))


def test_somebody_elsewhere_in_the_frame_says_nothing() -> None:
    passer_by = Person(0, 0, 20, 60, 0.9)
    assert Asked(Words([SEEN_BEFORE], [], [passer_by])).answer()[0].reasons == ("detector_unsure",)
    assert Asked(Words([], [], [passer_by])).answer()[0].reasons == ("detector_nobody",)


@pytest.mark.parametrize(("left", "outcome"), [(96.0, Outcome.CONFIRMED), (97.0, Outcome.UNCONFIRMED)])
def test_three_tenths_of_a_person_must_lie_where_the_track_is(left: float, outcome: Outcome) -> None:
    seen = Person(left, 80, left + 80, 100, 0.9)  # the track lies from 40 to 120
    assert Asked(Words([SEEN_BEFORE], [], [seen])).answer()[0].outcome is outcome


def test_who_was_seen_elsewhere_before_has_no_height_here() -> None:
    beside = person((THEN[0] + 85, THEN[1]), 20, 150)
    assert Asked(Words([beside], [], [STANDS])).answer()[0].outcome is Outcome.UNCONFIRMED


def test_the_surest_of_those_before_is_taken() -> None:
    smaller = person(THEN, 36, 40 * 200 / 112, 0.5)
    assert Asked(Words([smaller, SEEN_BEFORE], [], [STANDS])).answer()[0].outcome is Outcome.STANDS


def test_a_later_picture_is_asked_for_the_one_before_too() -> None:
    assert Asked(Words([], [SEEN_BEFORE], [STANDS])).answer()[0].outcome is Outcome.STANDS
    assert Asked(Words([LIES], [SEEN_BEFORE])).answer()[0].outcome is Outcome.CONFIRMED
    low = person(THEN, 36, 20 * 200 / 112)  # already falling then: the first that was seen counts
    assert Asked(Words([SEEN_BEFORE], [low], [Person(70, 60, 90, 100, 0.9)])).answer()[0].outcome is Outcome.CONFIRMED


def test_each_look_has_a_picture_of_before_of_its_own_and_not_of_just_now() -> None:
    asked = Asked(Words(), shade=True)
    asked.answer()
    middle = (slice(SIDE * 3 // 4 - 8, SIDE * 3 // 4 + 8),) * 2
    shades = [int(shown[middle].mean()) for shown in asked.detector.shown[:2]]
    assert shades == [8, 16]  # of 0.8 s and 1.6 s; 0.0 s is too long ago, 2.4 s is the fall itself


def test_who_was_not_tracked_then_is_looked_for_where_he_was_seen_first() -> None:
    asked = Asked(Words([SEEN_BEFORE, LIES]), track=fallen(since=2.5))
    assert asked.answer()[0].outcome is Outcome.CONFIRMED


def test_without_a_picture_of_before_nothing_can_be_confirmed_nor_doubted() -> None:
    asked = Asked(Words([LIES], [LIES], [Person(40, 80, 120, 100, 0.9)]), history_s=0.5)
    verdict, _, _ = asked.answer()
    assert verdict == Verdict(1, Outcome.UNKNOWN, ("detector_unsure",))


def test_boxes_of_the_picture_are_looked_at_in_the_larger_frame() -> None:
    large = Asked(Words([SEEN_BEFORE], [], [Person(140, 40, 180, 200, 0.9)]), size=2)
    assert large.answer()[0].outcome is Outcome.STANDS
    assert large.detector.shown[2].shape == (320, 320, 3)


@pytest.mark.parametrize(("rate", "runs"), [(5.0, 3), (9.0, 3), (12.0, 3), (4.0, 3), (2.5, 2), (1.9, 1)])
def test_no_fall_waits_longer_than_half_a_second_at_any_rate(rate: float, runs: int) -> None:
    asked = Asked(Words([SEEN_BEFORE]), rate=rate)
    verdict, waited, asked_for = asked.answer()
    assert waited <= WITHIN_S or verdict.reasons == ("detector_late",)
    assert sum(asked_for) == runs
    assert max(asked_for) == 1


def test_a_track_that_is_gone_leaves_the_fall_as_it_is() -> None:
    asked = Asked(Words([SEEN_BEFORE, LIES]))
    verdict, _, runs = asked.answer(gone=True)
    assert verdict.outcome is Outcome.UNKNOWN
    assert sum(runs) == 0


def test_time_that_goes_back_gives_up() -> None:
    asked = Asked(Words())
    verdict = asked.confirmation.step(scene(FELL_AT - 0.1, asked.track))
    assert verdict == Verdict(1, Outcome.UNKNOWN, ("detector_late",))
    assert asked.confirmation.step(scene(FELL_AT, asked.track)) is None


def test_a_detector_that_fails_costs_no_fall_and_is_not_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Words):
        def find(self, picture_bgr: Bytes, least: float) -> Sequence[Person]:
            super().find(picture_bgr, least)
            raise RuntimeError("no memory")

    asked = Asked(Broken())
    verdict, waited, _ = asked.answer()
    assert verdict == Verdict(1, Outcome.UNKNOWN, ("detector_failed",))
    assert waited == 0.0
    assert "nightlamp models verify --run" in caplog.text
    assert not asked.confirmation.begin(fallen(2), scene(FELL_AT + 1, fallen(2)))


def test_one_fall_at_a_time_is_asked_about() -> None:
    asked = Asked(Words([SEEN_BEFORE, LIES]))
    second = fallen(2)
    assert asked.began
    assert not asked.confirmation.begin(second, scene(FELL_AT, asked.track, second))
    asked.answer()
    assert asked.confirmation.begin(second, scene(FELL_AT, second))


def test_where_it_cannot_look_it_takes_nothing_up() -> None:
    track = fallen()
    asked = Asked(Words())
    asked.confirmation.give_up("because")
    assert not asked.confirmation.begin(track, scene(FELL_AT, track, unclear=True))
    above = replace(scene(FELL_AT, track), facts=CameraFacts("hall", view=CameraView.CEILING))
    assert not asked.confirmation.begin(track, above)
    assert not Confirmation(Words(), RecentFrames()).begin(track, scene(FELL_AT, track))
    assert asked.confirmation.give_up("because") is None
    assert asked.confirmation.begin(track, scene(FELL_AT, track))


@pytest.mark.parametrize(
    ("outcome", "of"),
    [
        (Outcome.CONFIRMED, lambda score: 1 - (1 - score) / 2),
        (Outcome.UNCONFIRMED, lambda score: 0.9 * min(score, 0.88)),
        (Outcome.STANDS, lambda score: 0.7 * min(score, 0.88)),
        (Outcome.UNKNOWN, lambda score: score),
    ],
)
def test_what_a_verdict_makes_of_a_score(outcome: Outcome, of: Callable[[float], float]) -> None:
    for score in (0.0, 0.5, 0.87, 0.88, 0.89, 1.0):
        weighed = Verdict(1, outcome).weighed(score, 0.88)
        assert weighed == pytest.approx(of(score))
        assert 0 <= weighed <= 1
        assert weighed > 0 or score == 0


@pytest.mark.parametrize("score", [0.88, 0.95, 1.0])
def test_doubt_leaves_the_rule_to_ask_or_to_wait_for_a_second_source(score: float) -> None:
    """0.88 is the least that our eyes tell, 0.75 what the rule of falls asks about."""
    settings = FallSettings()
    camera = Piece("camera", "hall", 0.0)
    unconfirmed = replace(camera, score=Verdict(1, Outcome.UNCONFIRMED).weighed(score, 0.88))
    assert weigh([unconfirmed], settings).weight is Weight.ASK
    stands = replace(camera, score=Verdict(1, Outcome.STANDS).weighed(score, 0.88))
    assert weigh([stands], settings).weight is Weight.NOTHING
    for second in (Piece("belt", "belt-1", 0.0), Piece("radar", "radar-1", 0.0)):
        assert weigh([stands, second], settings).weight is Weight.HIGH
