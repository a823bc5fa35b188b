"""The chart, band by band, and that nobody who gets worse scores less."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rules.news2_chart import PARAMETERS, Score, Vitals, score

WELL = Vitals(16, 98, 120, 70, 37.0, "A")
FROM_CHART: dict[str, dict[int, tuple[float, ...]]] = {  # points of each value at both edges of each band
    "respiratory_rate": {3: (0, 8, 25, 60), 1: (9, 11), 0: (12, 20), 2: (21, 24)},
    "spo2": {3: (40, 91), 2: (92, 93), 1: (94, 95), 0: (96, 100)},
    "systolic": {3: (40, 90, 220, 300), 2: (91, 100), 1: (101, 110), 0: (111, 219)},
    "heart_rate": {3: (20, 40, 131, 300), 1: (41, 50, 91, 110), 0: (51, 90), 2: (111, 130)},
    "body_temperature": {3: (25.0, 35.0), 1: (35.1, 36.0, 38.1, 39.0), 0: (36.1, 38.0), 2: (39.1, 45.0)},
}
SCALE_2: dict[bool, dict[int, tuple[float, ...]]] = {
    False: {3: (40, 83), 2: (84, 85), 1: (86, 87), 0: (88, 92, 93, 94, 95, 96, 97, 100)},
    True: {3: (40, 83, 97, 100), 2: (84, 85, 95, 96), 1: (86, 87, 93, 94), 0: (88, 92)},
}


def but(**values: Any) -> Vitals:  # noqa: ANN401 - any of its fields
    return replace(WELL, **values)


def but_one(vitals: Vitals, name: str, value: Any) -> Vitals:  # noqa: ANN401 - the value of any field
    return replace(vitals, **{name: value})


def of(vitals: Vitals, name: str) -> int:
    return dict(score(vitals).parts)[name]


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [(name, value, points) for name, rows in FROM_CHART.items() for points, row in rows.items() for value in row],
)
def test_each_edge_of_each_band(name: str, value: float, points: int) -> None:
    parts = tuple((one, points if one == name else 0) for one in PARAMETERS)
    assert score(but(**{name: value})) == Score(points, parts, ())


@pytest.mark.parametrize(
    ("oxygen", "value", "points"),
    [(oxygen, value, points) for oxygen, rows in SCALE_2.items() for points, row in rows.items() for value in row],
)
def test_scale_2_for_whom_a_clinician_chose_it(oxygen: bool, value: float, points: int) -> None:
    vitals = but(spo2=value, oxygen=oxygen, scale_2=True)
    assert of(vitals, "spo2") == points
    assert score(vitals).total == points + (2 if oxygen else 0)


def test_oxygen_and_consciousness() -> None:
    assert score(but(oxygen=True)).total == 2
    assert [score(but(consciousness=level)).total for level in "ACVPU"] == [0, 3, 3, 3, 3]
    with pytest.raises(ValueError, match=r"^consciousness 'X' is none of A, C, V, P, U$"):
        score(but(consciousness="X"))


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("spo2", 91.4, 3), ("spo2", 91.5, 2), ("heart_rate", 130.4, 2), ("heart_rate", 130.5, 3),
        ("respiratory_rate", 20.5, 2), ("body_temperature", 38.04, 0), ("body_temperature", 38.06, 1),
        ("body_temperature", 35.049, 3), ("body_temperature", 35.05, 1),
    ],
)  # fmt: skip
def test_a_value_is_judged_as_the_chart_writes_it(name: str, value: float, points: int) -> None:
    assert of(but(**{name: value}), name) == points


def test_the_range_is_0_to_20() -> None:
    assert score(WELL).total == 0
    assert score(Vitals(25, 91, 90, 131, 35.0, "U", oxygen=True)).total == 20


def test_a_part_of_it_names_what_is_missing() -> None:
    partial = score(Vitals(heart_rate=131, spo2=94))
    assert partial == Score(
        4,
        (("spo2", 1), ("oxygen", 0), ("heart_rate", 3)),
        ("respiratory_rate", "systolic", "consciousness", "body_temperature"),
    )
    assert (partial.worst, partial.known) == (3, "3/7")
    assert score(Vitals()).missing == tuple(name for name in PARAMETERS if name != "oxygen")


BEST = {  # parameter -> the band without points, and as far as it goes
    "respiratory_rate": (12.0, 20.0, 0.0, 60.0),
    "systolic": (111.0, 219.0, 40.0, 300.0),
    "heart_rate": (51.0, 90.0, 20.0, 300.0),
    "body_temperature": (36.1, 38.0, 25.0, 45.0),
}
ANYBODY = st.builds(
    Vitals,
    st.floats(0, 60), st.floats(40, 100), st.floats(40, 300), st.floats(20, 300), st.floats(25, 45),
    st.sampled_from("ACVPU"), st.booleans(), st.booleans(),
)  # fmt: skip


@given(one=ANYBODY, name=st.sampled_from(sorted(BEST)), data=st.data())
def test_the_score_never_falls_when_a_value_goes_away_from_its_best(
    one: Vitals, name: str, data: st.DataObject
) -> None:
    low, high, least, most = BEST[name]
    value = getattr(one, name)
    worse = data.draw(st.floats(value, most) if value > (low + high) / 2 else st.floats(least, value))
    assert score(but_one(one, name, worse)).total >= score(one).total


@given(one=ANYBODY, data=st.data())
def test_the_score_never_falls_when_spo2_does(one: Vitals, data: st.DataObject) -> None:
    best = min(one.spo2 or 0.0, 92.0 if one.scale_2 and one.oxygen else 100.0)
    worse = data.draw(st.floats(40, best))
    assert score(replace(one, spo2=worse)).total >= score(replace(one, spo2=best)).total


@given(one=ANYBODY, level=st.sampled_from("CVPU"))
def test_the_score_never_falls_with_consciousness_or_on_oxygen(one: Vitals, level: str) -> None:
    assert score(replace(one, consciousness=level)).total >= score(one).total
    assert score(replace(one, oxygen=True)).total >= score(replace(one, oxygen=False)).total


@given(value=st.floats(92, 100), data=st.data())
def test_more_oxygen_than_wanted_is_worse_under_scale_2(value: float, data: st.DataObject) -> None:
    more = data.draw(st.floats(value, 100))
    scale_2 = but(oxygen=True, scale_2=True)
    assert of(replace(scale_2, spo2=more), "spo2") >= of(replace(scale_2, spo2=value), "spo2")
