"""Which polygons can be zones, and that a camera's facts survive the line to the vision process."""

import itertools
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.camera_facts import (
    THRESHOLD_LEAST,
    THRESHOLD_MOST,
    ZONES_MOST,
    CameraFacts,
    CameraMode,
    CameraView,
    facts_from,
)
from agent.wire import encode
from agent.zones import BED_LENGTH, CORNERS_MOST, NAME_LENGTH, Corner, Zone, ZoneKind, wrong_with, zone_from

SQUARE: tuple[Corner, ...] = ((0.1, 0.2), (0.5, 0.2), (0.5, 0.6), (0.1, 0.6))
BOW_TIE = ((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9))
LINE_BYTES = 4096


def round_polygon(corners: int) -> tuple[Corner, ...]:
    turns = [2 * math.pi * n / corners for n in range(corners)]
    return tuple((0.5 + 0.123456 * math.cos(turn), 0.5 + 0.123456 * math.sin(turn)) for turn in turns)


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (SQUARE, ""),
        (tuple(reversed(SQUARE)), ""),
        (((0, 0), (1, 0), (1, 1), (0, 1)), ""),
        (round_polygon(3), ""),
        (round_polygon(12), ""),
        (((0.1, 0.1), (0.5, 0.5), (0.9, 0.1), (0.5, 0.9)), ""),  # an arrow: hollow, but simple
        (SQUARE[:2], "3 to 12 corners, not 2"),
        (round_polygon(13), "3 to 12 corners, not 13"),
        (((-0.001, 0), (1, 0), (1, 1)), "outside the picture"),
        (((0, 0), (1.001, 0), (1, 1)), "outside the picture"),
        (((0, 0), (math.nan, 0), (1, 1)), "outside the picture"),
        (BOW_TIE, "cross or touch"),
        ((*SQUARE, SQUARE[0]), "cross or touch"),  # closed by hand
        (((0, 0), (0.8, 0), (0.8, 0.8), (0.4, 0)), "cross or touch"),  # a corner on another edge
        (((0, 0), (0.5, 0), (1, 0), (0.2, 0), (0.2, 0.9)), "cross or touch"),  # back along its own edge
        (((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)), "too small"),  # a line
        (((0, 0), (0.0316, 0), (0.0316, 0.0316)), "too small"),
        (((0, 0), (0.0317, 0), (0.0317, 0.0317)), ""),
    ],
)
def test_a_zone_is_a_simple_polygon_inside_the_picture(polygon: tuple[Corner, ...], words: str) -> None:
    why = wrong_with(polygon)
    assert words in why
    assert bool(words) == bool(why)
    if words:
        with pytest.raises(ValueError, match=words):
            Zone(ZoneKind.FLOOR, polygon)


@given(start=st.integers(0, 3), flipped=st.booleans())
def test_where_a_polygon_begins_and_which_way_it_goes_is_all_the_same(start: int, flipped: bool) -> None:
    for polygon in (SQUARE, BOW_TIE):
        turned = polygon[start:] + polygon[:start]
        assert wrong_with(tuple(reversed(turned)) if flipped else turned) == wrong_with(polygon)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=6))
def test_no_polygon_of_which_two_edges_cross_is_taken(corners: list[Corner]) -> None:
    """By an oracle of another make: two edges that do not follow each other share an inner point."""
    edges = list(itertools.pairwise([*corners, corners[0]]))

    def crossing(p: Corner, q: Corner, r: Corner, s: Corner) -> bool:
        den = (q[0] - p[0]) * (s[1] - r[1]) - (q[1] - p[1]) * (s[0] - r[0])
        if abs(den) < 1e-9:
            return False
        t = ((r[0] - p[0]) * (s[1] - r[1]) - (r[1] - p[1]) * (s[0] - r[0])) / den
        u = ((r[0] - p[0]) * (q[1] - p[1]) - (r[1] - p[1]) * (q[0] - p[0])) / den
        return 1e-6 < t < 1 - 1e-6 and 1e-6 < u < 1 - 1e-6

    if any(crossing(*a, *b) for a, b in itertools.combinations(edges, 2)):
        assert wrong_with(corners)


@pytest.mark.parametrize("text", ["two\nlines", "bell\a", "\x1b[31m"])
def test_words_of_a_zone_are_one_plain_line(text: str) -> None:
    for words in ({"name": text}, {"bed": text}):
        with pytest.raises(ValueError, match="plain text"):
            Zone(ZoneKind.BED, SQUARE, **words)


def test_a_bed_belongs_to_a_zone_of_kind_bed_alone() -> None:
    assert Zone(ZoneKind.BED, SQUARE, bed="1").bed == "1"
    with pytest.raises(ValueError, match="belongs to no bed"):
        Zone(ZoneKind.SOFA, SQUARE, bed="1")


FULL = CameraFacts(
    "跌" * 64,
    tuple(
        Zone(ZoneKind.BED, round_polygon(CORNERS_MOST), "名" * NAME_LENGTH, "🛏" * BED_LENGTH) for _ in range(ZONES_MOST)
    ),
    CameraMode.SHADOW,
    0.7,
    CameraView.CEILING,
)


@pytest.mark.parametrize("facts", [CameraFacts("hall"), FULL])
def test_facts_go_over_the_line_whole_but_for_what_staff_typed(facts: CameraFacts) -> None:
    line = encode("camera", **facts.told())
    assert len(line) <= LINE_BYTES
    assert "名" not in line.decode()
    heard = facts_from(json.loads(line))
    assert heard.told() == facts.told()
    assert heard.mark == facts.mark
    assert all(not zone.name for zone in heard.zones)


def test_a_mark_differs_when_anything_that_counts_does() -> None:
    one = CameraFacts("hall", (Zone(ZoneKind.FLOOR, SQUARE),))
    others = [
        CameraFacts("hall"),
        CameraFacts("hall", (Zone(ZoneKind.SOFA, SQUARE),)),
        CameraFacts("hall", one.zones, CameraMode.SHADOW),
        CameraFacts("hall", one.zones, threshold=0.5),
        CameraFacts("hall", one.zones, view=CameraView.WALL),
        CameraFacts("room", one.zones),
    ]
    marks = {facts.mark for facts in (one, *others)}
    assert len(marks) == 7
    assert all(len(mark) == 8 for mark in marks)
    assert CameraFacts("hall", (Zone(ZoneKind.FLOOR, SQUARE, "by the door"),)).mark == one.mark


GOOD: dict[str, Any] = CameraFacts("hall", (Zone(ZoneKind.BED, SQUARE, bed="1"),), threshold=0.5).told()
ZONE: dict[str, Any] = GOOD["zones"][0]


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {key: value for key, value in GOOD.items() if key != "mode"},
        {**GOOD, "id": ""},
        {**GOOD, "id": "x" * 65},
        {**GOOD, "id": 7},
        {**GOOD, "zones": None},
        {**GOOD, "zones": [ZONE] * (ZONES_MOST + 1)},
        {**GOOD, "mode": "loud"},
        {**GOOD, "mode": None},
        {**GOOD, "mode": []},
        {**GOOD, "view": "floor"},
        {**GOOD, "threshold": "0.5"},
        {**GOOD, "threshold": True},
        {**GOOD, "threshold": THRESHOLD_LEAST - 0.001},
        {**GOOD, "threshold": THRESHOLD_MOST + 0.001},
        {**GOOD, "threshold": math.nan},
        *(
            {**GOOD, "zones": [zone]}
            for zone in (
                7,
                {"kind": "bed"},
                {**ZONE, "kind": "toilet"},
                {**ZONE, "kind": {}},
                {**ZONE, "colour": "red"},
                {**ZONE, "polygon": "square"},
                {**ZONE, "polygon": [[0, 0], [1, 0], 1]},
                {**ZONE, "polygon": [[0, 0], [1, 0], [1, "1"]]},
                {**ZONE, "polygon": [[0, 0], [1, 0], [1, True]]},
                {**ZONE, "polygon": [[0, 0], [1, 0], [1, 10**400]]},
                {**ZONE, "polygon": [[0, 0], [1, 0], [1, 1, 1]]},
                {**ZONE, "polygon": [[0, 0], [1, 0], [1, math.inf]]},
                {**ZONE, "polygon": [[0, 0], [1, 0]]},
                {**ZONE, "bed": "b" * (BED_LENGTH + 1)},
                {**ZONE, "bed": 1},
                {**ZONE, "name": "n" * (NAME_LENGTH + 1)},
            )
        ),
    ],
)
def test_what_cannot_be_a_camera_s_facts_is_a_value_error(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # whatever it says, it is no other error
        facts_from(bad)


@pytest.mark.parametrize("threshold", [None, THRESHOLD_LEAST, THRESHOLD_MOST])
def test_the_bounds_themselves_are_taken(threshold: float | None) -> None:
    heard = facts_from({**GOOD, "threshold": threshold, "zones": [ZONE] * ZONES_MOST, "source": "/dev/video0"})
    assert (heard.threshold, len(heard.zones)) == (threshold, ZONES_MOST)
    assert zone_from({**ZONE, "name": "n" * NAME_LENGTH, "bed": "b" * BED_LENGTH}).kind is ZoneKind.BED
