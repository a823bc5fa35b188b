"""What holds of beds, exits and the floor whoever moves about, in any zones."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.vision.bed_watch import BedWatch
from agent.vision.exit_watch import ExitWatch
from agent.vision.floor_watch import FloorWatch
from agent.vision.people import People
from agent.vision.scene import Watcher
from agent.vision.tracker import Box
from agent.zones import Zone, ZoneKind
from tests.vision.scenes import SHAPE, Player, ShapePosture, Stage, goes, stays


@st.composite
def _boxes(draw: st.DrawFn) -> Box:
    width, height = draw(st.integers(1, 70)), draw(st.integers(1, 70))
    return Box(draw(st.integers(0, SHAPE[1] - width)), draw(st.integers(0, SHAPE[0] - height)), width, height)


@st.composite
def _parts(draw: st.DrawFn) -> tuple[float, tuple[Player, ...], str]:
    """Some seconds with some people, and what comes before: a cut, another room, or nothing."""
    seconds = draw(st.sampled_from([0.3, 1.2, 3.0, 6.0, 11.0]))
    people = []
    for number in draw(st.lists(st.integers(1, 4), unique=True, max_size=3)):
        first, last = draw(_boxes()), draw(_boxes())
        people.append(
            draw(
                st.sampled_from([stays(number, first), stays(number, first, moves=False), goes(number, first, last, 2)])
            )
        )
    return seconds, tuple(people), draw(st.sampled_from(["", "", "", "cut", "forget", "unclear", "learning"]))


@st.composite
def _zones(draw: st.DrawFn) -> tuple[Zone, ...]:
    zones = []
    for number in range(draw(st.integers(0, 4))):
        x, y, wide, high = (draw(st.floats(0.05, 0.45)) for _ in range(4))
        kind = draw(st.sampled_from(list(ZoneKind)))
        bed = str(number) if kind is ZoneKind.BED else ""
        zones.append(Zone(kind, ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high)), bed=bed))
    return tuple(zones)


def _play(watcher: Watcher, zones: tuple[Zone, ...], story: list[tuple[float, tuple[Player, ...], str]]) -> Stage:
    stage = Stage(watcher, zones)
    for seconds, people, before in story:
        if before == "cut":
            watcher.cut(stage.at)
        elif before == "forget":
            watcher.forget()
        stage.unclear, stage.learning = before == "unclear", before == "learning"
        stage.play(seconds, *people)
    return stage


_STORIES = st.lists(_parts(), max_size=6)


@settings(max_examples=40, deadline=None)
@given(_zones(), _STORIES)
def test_of_each_bed_the_same_is_not_told_twice(
    zones: tuple[Zone, ...], story: list[tuple[float, tuple[Player, ...], str]]
) -> None:
    steady = [(seconds, people, "" if before == "forget" else before) for seconds, people, before in story]
    told = [one for _, one in _play(BedWatch(People(ShapePosture())), zones, steady).told]
    beds = {zone.bed for zone in zones if zone.kind is ZoneKind.BED}
    assert {one.bed for one in told} <= beds
    for key in {(one.name, one.bed) for one in told}:
        values = [one.value for one in told if (one.name, one.bed) == key]
        assert all(first != second for first, second in pairwise(values))


@settings(max_examples=40, deadline=None)
@given(_zones(), _STORIES)
def test_low_on_the_floor_is_told_only_after_ten_seconds_and_of_who_is_there(
    zones: tuple[Zone, ...], story: list[tuple[float, tuple[Player, ...], str]]
) -> None:
    stage = _play(FloorWatch(People(ShapePosture()), lambda *_: True), zones, story)
    assert all(at >= 10.0 and one.track in {1, 2, 3, 4} for at, one in stage.told)
    assert all(one.value and 0.0 <= one.score <= 1.0 for _, one in stage.told)


@settings(max_examples=40, deadline=None)
@given(_zones(), _STORIES)
def test_nobody_enters_where_no_exit_is(
    zones: tuple[Zone, ...], story: list[tuple[float, tuple[Player, ...], str]]
) -> None:
    inside = tuple(zone for zone in zones if zone.kind is not ZoneKind.EXIT)
    assert _play(ExitWatch(), inside, story).told == []
    exits = len(zones) - len(inside)
    places = {one.reasons[0] for _, one in _play(ExitWatch(), zones, story).told}
    assert places <= {f"feet_in_exit {number}" for number in range(1, exits + 1)}
