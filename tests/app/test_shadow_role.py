"""A camera in shadow is counted and raises nothing; a person alone makes it live, and what people say is kept."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Alarm, AlarmEvent, Happened, State
from agent.app.core_socket import CoreSocket
from agent.app.parts import Parts
from agent.app.shadow_role import FLUSH_S, SOON_S
from agent.app.vision_role import VisionRole
from agent.camera_facts import CameraFacts, CameraMode
from agent.clock import Clock
from agent.detection.event import DeviceEvent
from agent.detection.observations import OBSERVATIONS, Observation
from agent.panel.site_port import SiteNotKeptError, SiteRefusedError
from agent.residents import Subject, SubjectKind
from agent.rules.finding import AlarmClass, Priority
from agent.shadow.book import ShadowError
from agent.shadow.candidate import Kind, Label
from agent.shadow.status import Counts
from agent.store.candidates import Shadowed
from agent.wire import Message, encode
from tests.shadow.board import Shadows
from tests.waiting import until

WALL = 1_800_000_000.0
CAMERAS = ("hall", "ward")
FALLS = ("fall", "low_on_floor", "recovered", "fall_candidate")


class Home:
    """The role with a clock and a store of the test's own, behind a real judge of what the vision process says."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.clock = Clock(lambda: self.now, lambda: WALL - 1000.0 + self.now, "boot", lambda: True)
        self.rules: list[DeviceEvent] = []
        self.news = 0
        self.shadows = Shadows(CAMERAS, {"hall": "1F", "ward": "201"}, self.clock, self._changed)
        self.board, self.kept, self.audits = self.shadows.board, self.shadows.kept, self.shadows.audits
        self.shadow = self.shadows.role
        parts = Parts(lambda _: None, lambda: None)
        self.killed: list[str] = []
        self.vision = VisionRole(
            CAMERAS, self.rules.append, parts, self.killed.append, self.clock.monotonic, self.shadow
        )
        self.vision.take({"v": 1, "t": "hello", "role": "vision", "pid": 7, "cameras": list(CAMERAS)})

    def _changed(self) -> None:
        self.news += 1

    def tell(self, name: str = "fall_candidate", score: float = 0.9, value: bool = True, **more: object) -> None:
        told = {"device": "hall", "name": name, "at": self.now, "value": value, "score": score, "reasons": []}
        self.vision.take({"v": 1, "t": "observation", **told, "track": 1, **more})

    def beat(self, **hall: object) -> None:
        self.now += 1.0
        well = {"state": "playing", "fps": 10.0, "frame_age_s": 0.1, "threshold": 0.88}
        self.vision.take({"v": 1, "t": "beat", "at": self.now, "cameras": {"hall": well | hall, "ward": well}})

    def told_to_rules(self) -> list[tuple[str, bool, float]]:
        return [(one.name, one.value, one.score) for one in self.rules if isinstance(one, Observation)]


@pytest.fixture
def home() -> Home:
    return Home()


def shadowed(home: Home, threshold: float | None = None) -> None:
    home.board.set("hall", CameraMode.SHADOW, threshold)


def test_a_live_camera_raises_and_is_counted(home: Home) -> None:
    home.tell("fall_candidate", 0.9)
    home.tell("fall", 0.9)
    assert home.told_to_rules() == [("fall", True, 0.9)]
    assert [(one.score, one.mode, one.place) for one in home.shadow.candidates("hall")] == [
        (0.9, CameraMode.LIVE, "1F")
    ]


def test_a_candidate_is_never_a_fall(home: Home) -> None:
    home.tell("fall_candidate", 1.0)
    assert home.told_to_rules() == []
    assert not OBSERVATIONS["fall_candidate"].life_safety


def test_in_shadow_nothing_of_a_fall_reaches_the_rules(home: Home) -> None:
    shadowed(home)
    for name in FALLS:
        home.tell(name, 0.95)
    home.tell("nobody_in_view")
    assert home.told_to_rules() == [("nobody_in_view", True, 0.9)]
    (found,) = home.shadow.candidates("hall")
    assert (found.score, found.mode) == (0.95, CameraMode.SHADOW)


words = st.tuples(
    st.sampled_from([*FALLS, "nobody_in_view", "exit_zone_entered"]),
    st.booleans(),
    st.floats(0.0, 1.0),
    st.integers(0, 3),
    st.floats(0.1, 30.0),
)


@given(st.lists(words, max_size=40), st.none() | st.floats(0.05, 0.99))
def test_a_fall_in_shadow_raises_nothing(told: list[tuple[str, bool, float, int, float]], at: float | None) -> None:
    home = Home()
    shadowed(home, at)
    most = 0
    for name, value, score, track, after_s in told:
        home.now += after_s
        state = OBSERVATIONS[name].state
        home.tell(name, score, value or not state, track=track)
        most += (value or not state) and name in ("fall", "low_on_floor", "fall_candidate")
    assert {name for name, _, _ in home.told_to_rules()} <= {"nobody_in_view", "exit_zone_entered"}
    assert home.killed == []
    assert len(home.shadow.candidates("hall")) <= most
    assert bool(home.shadow.candidates("hall")) == bool(most)


def test_a_state_told_before_still_ends_in_shadow(home: Home) -> None:
    home.tell("low_on_floor", 0.9)
    shadowed(home)
    home.tell("low_on_floor", value=False)
    home.tell("low_on_floor", value=False)
    assert home.told_to_rules() == [("low_on_floor", True, 0.9), ("low_on_floor", False, 0.9)]


def test_the_threshold_of_a_camera_is_where_the_rules_believe_it(home: Home) -> None:
    home.board.rows["hall"] = CameraFacts("hall", threshold=0.6)
    home.tell("fall", 0.6, bed="2", reasons=["silhouette_fell 0.60"])
    home.tell("low_on_floor", 0.6)
    assert home.told_to_rules() == [("fall", True, pytest.approx(0.85)), ("low_on_floor", True, 0.6)]
    heard = home.rules[0]
    assert isinstance(heard, Observation)
    assert (heard.bed, heard.reasons, heard.track) == ("2", ("silhouette_fell 0.60",), 1), "all else as it was told"
    assert home.shadow.candidates("hall")[0].score == 0.6  # as the net gave it: thresholds are of its scores


def test_hours_are_those_in_which_it_could_see(home: Home) -> None:
    for _ in range(11):
        home.beat()
    assert home.shadow.statuses()[0].proposal.hours == pytest.approx(10 / 3600)
    home.tell("learning")
    for _ in range(5):
        home.beat()
    home.tell("learning", value=False)
    for state in ("lost", "fault", "opening"):
        home.beat(state=state)
    home.beat(frame_age_s=5.0)
    home.beat(frame_age_s=None)
    home.now += 61.0
    assert home.shadow.statuses()[0].proposal.hours == pytest.approx(10 / 3600)
    assert home.shadow.statuses()[1].proposal.hours > 15 / 3600


def test_until_the_clock_is_set_nothing_is_counted() -> None:
    home = Home()
    home.clock = Clock(lambda: home.now, lambda: 1000.0, "boot", lambda: False)
    home.shadow._clock = home.clock
    home.tell()
    for _ in range(3):
        home.beat()
    assert home.shadow.candidates("hall") == ()
    home.tell("fall", 0.9)
    assert home.told_to_rules() == [("fall", True, 0.9)]


def test_the_threshold_in_force_is_told_and_what_it_would_have_raised(home: Home) -> None:
    shadowed(home)
    for score in (0.5, 0.88, 0.95):
        home.tell(score=score)
        home.now += 20
    assert home.shadow.statuses()[0].day == Counts(told=3, raised=None, unlabelled=3)
    home.beat()
    status = home.shadow.statuses()[0]
    assert (status.threshold, status.own, status.day.raised) == (0.88, False, 2)
    shadowed(home, 0.4)
    home.beat(threshold=0.4)
    status = home.shadow.statuses()[0]
    assert (status.threshold, status.own, status.day.raised) == (0.4, True, 3)
    assert (status.shadow, status.place, status.waiting) == (True, "1F", 3)


def test_what_people_say_is_kept_with_who_and_when(home: Home) -> None:
    shadowed(home)
    home.tell(score=0.7)
    (found,) = home.shadow.candidates("hall")
    home.now += 60
    said = home.shadow.label(found.id, Label.FELL, "panel:wang")
    assert (said.by, said.labelled_at) == ("panel:wang", WALL + 60)
    assert (home.kept[-1][0].written, home.kept[-1][1]) == ((said,), True)
    told = {"candidate": found.id, "label": "fell", "wall": WALL, "score": 0.7, "place": "1F"}
    assert home.audits == [("fall_candidate_labelled", "hall", told, "panel:wang")]
    with pytest.raises(ShadowError, match="no candidate"):
        home.shadow.label("c99", Label.NOT, "panel:wang")


def test_a_fall_that_was_not_seen_is_noted(home: Home) -> None:
    found = home.shadow.note("ward", WALL - 600, "panel:wang")
    assert (found.kind, found.place, found.camera) == (Kind.NOTED, "201", "ward")
    assert home.audits[0][:2] == ("fall_noted", "ward")
    assert home.shadow.statuses()[1].day == Counts(raised=None, noted=1)
    with pytest.raises(ShadowError) as refused:
        home.shadow.note("toilet", WALL, "panel:wang")
    assert refused.value.code == "unknown_camera"


@pytest.mark.parametrize(
    ("kind", "cause", "devices", "label"),
    [
        ("fall", "fall", ("belt", "hall"), Label.FELL),
        ("long_lie", "false_alarm", ("hall",), Label.NOT),
        ("fall", "assisted", ("hall",), None),
        ("fall", "fall", ("belt", "ward"), None),
        ("sos", "fall", ("hall",), None),
    ],
)
def test_whoever_closes_the_alarm_has_said_what_it_was(
    home: Home, kind: str, cause: str, devices: tuple[str, ...], label: Label | None
) -> None:
    home.tell(score=0.9)
    raised = alarm(kind, devices, WALL + 1)
    home.shadow.decided([AlarmEvent("e1", Happened.ATTENDED, replace(raised, cause=cause), home.now, "panel:wang")])
    assert home.shadow.candidates("hall")[0].label is None
    closed = replace(raised, cause=cause, closed_by="panel:wang", state=State.CLOSED)
    home.shadow.decided([AlarmEvent("e2", Happened.CLOSED, closed, home.now, "panel:wang")])
    (found,) = home.shadow.candidates("hall")
    assert (found.label, found.by) == (label, "panel:wang" if label else "")
    assert len(home.audits) == bool(label)


def alarm(kind: str, devices: tuple[str, ...], raised_wall: float) -> Alarm:
    place = Subject(SubjectKind.PLACE, "1F", "1F")
    physiological, state = AlarmClass.PHYSIOLOGICAL, State.ATTENDED
    return Alarm("a1", kind, physiological, Priority.HIGH, place, state, 1000.0, raised_wall, 1000.0, (), devices)


async def test_a_person_makes_it_live_and_back(home: Home) -> None:
    shadowed(home)
    after = await home.shadow.switch("hall", CameraMode.LIVE, 0.7, "panel:wang")
    assert (after.mode, after.threshold) == (CameraMode.LIVE, 0.7)
    now = {"mode": "live", "threshold": 0.7, "mode_before": "shadow", "threshold_before": None}
    assert home.audits == [("camera_mode", "hall", now, "panel:wang")]
    await home.shadow.switch("hall", CameraMode.LIVE, 0.7, "panel:li")  # it is so already
    assert len(home.audits) == 1
    await home.shadow.switch("hall", CameraMode.SHADOW, None, "panel:li")
    assert home.audits[-1][2]["mode"] == "shadow"
    assert home.board.rows["ward"] == CameraFacts("ward")


def test_a_mode_that_came_another_way_is_audited_too(home: Home) -> None:
    shadowed(home)  # what the store had, found at the start
    assert home.audits == []
    home.board.rows["hall"] = CameraFacts("hall", mode=CameraMode.LIVE)
    home.shadow.facts_changed("panel:wang")  # an edit of the site facts
    home.shadow.facts_changed("panel:li")  # of something else
    assert [(one[1], one[2]["mode"], one[3]) for one in home.audits] == [("hall", "live", "panel:wang")]


async def test_what_is_refused_is_not_audited_and_what_waits_for_a_disk_is(home: Home) -> None:
    shadowed(home)
    home.board.fails, home.board.in_force = SiteRefusedError(()), False
    with pytest.raises(SiteRefusedError):
        await home.shadow.switch("hall", CameraMode.LIVE, None, "panel:wang")
    assert home.audits == []
    home.board.fails, home.board.in_force = SiteNotKeptError(), True
    with pytest.raises(SiteNotKeptError):
        await home.shadow.switch("hall", CameraMode.LIVE, None, "panel:wang")
    assert len(home.audits) == 1


def test_nothing_switches_by_itself(home: Home) -> None:
    """Not even weeks of right answers."""
    shadowed(home)
    for _ in range(30):
        home.now += 86_400
        home.beat()
        home.tell(score=0.95)
        home.shadow.label(home.shadow.candidates("hall")[0].id, Label.FELL, "panel:wang")
        home.shadow.each_second()
    assert home.shadow.statuses()[0].shadow
    assert home.told_to_rules() == []


def test_it_is_written_by_and_by_and_taken_up_again(home: Home) -> None:
    home.tell(score=0.7)
    home.shadow.each_second()
    assert home.kept == []
    home.now += SOON_S
    home.shadow.each_second()
    home.shadow.each_second()
    ((changes, at_once),) = home.kept
    assert not at_once
    again = Home()
    again.shadow.take_up(Shadowed(changes.written, changes.hours))
    assert again.shadow.candidates("hall") == home.shadow.candidates("hall")
    assert again.shadow.candidates("ward") == ()
    home.beat()
    home.beat()
    home.now += FLUSH_S - SOON_S
    home.shadow.each_second()
    assert len(home.kept) == 1
    home.now += SOON_S
    home.shadow.each_second()
    assert [one.hours[0].camera for one, _ in home.kept[1:]] == ["hall", "ward"]
    home.shadow.flush()
    assert len(home.kept) == 3


@asynccontextmanager
async def listening(home: Home, path: Path) -> AsyncIterator[asyncio.StreamWriter]:
    """The core's own socket, and a process of ours that says it is the eyes."""
    task = asyncio.create_task(CoreSocket(path, {"vision": home.vision}).run())
    await until(path.exists, "listening")
    home.vision.left("")
    _, writer = await asyncio.open_unix_connection(str(path))
    writer.write(encode("hello", role="vision", pid=os.getpid(), cameras=list(CAMERAS)))
    yield writer
    writer.close()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_over_the_socket_a_fall_in_shadow_is_a_candidate(home: Home, run_folder: Path) -> None:
    shadowed(home)
    async with listening(home, run_folder / "core.sock") as vision:
        told: Message = {"device": "hall", "name": "fall", "at": home.now, "value": True, "score": 0.93}
        vision.write(encode("observation", **told, reasons=["window_net"], track=4))
        vision.write(encode("observation", **{**told, "name": "nobody_in_view"}, reasons=[], track=None))
        await until(lambda: bool(home.rules), "heard")
    assert home.told_to_rules() == [("nobody_in_view", True, 0.93)]
    (found,) = home.shadow.candidates("hall")
    assert (found.score, found.reasons, found.wall) == (0.93, ("window_net",), WALL)
    assert home.killed == []
