"""Values of a day file: what is understood, what is refused, and what is taken although it is odd."""

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.detection.observations import Observation
from agent.replay.day import parse
from agent.replay.line import DayError, EventLine
from agent.replay.measured import observation
from agent.replay.orders import command
from agent.replay.units import CONVERSIONS, SPELLINGS, accepted, converted
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading
from tests.replay.days import START


def told(quantity: str, value: Any, kind: str = "reading", **more: Any) -> EventLine:  # noqa: ANN401
    line = {"t": START, "kind": kind, "device": "d", "resident": None, "quantity": quantity, "value": value}
    parsed = parse(json.dumps({**line, "unit": None, "quality": None, **more}))
    assert isinstance(parsed, EventLine)
    return parsed


def value(quantity: str, told_value: Any, **more: Any) -> Any:  # noqa: ANN401
    line = told(quantity, told_value, **more)
    assert isinstance(line.event, Reading)
    assert (line.odd, line.event.quality, line.resident) == ("", Quality.GOOD, "")
    return line.event.value


@pytest.mark.parametrize(
    ("quantity", "number", "unit", "own"),
    [
        ("body_temperature", 100.58, "°F", 38.1),
        ("body_temperature", 39.1, "°C", 39.1),
        ("systolic", 20.0, "kPa", 150.0124),
        ("systolic", 160, "mmHg", 160),
        ("glucose", 70, "mg/dL", 3.885435),
        ("weight", 58200, "g", 58.2),
        ("weight", 120, "斤", 60.0),
        ("water_volume", 10, "L", 0.01),
        ("electric_energy", 1500, "Wh", 1.5),
        ("heart_rate", 61, "bpm", 61),
        ("sound_level", 76, "dB(A)", 76),
    ],
)
def test_a_number_is_told_in_any_usual_unit(quantity: str, number: float, unit: str, own: float) -> None:
    assert value(quantity, number, unit=unit) == own


def test_every_unit_of_the_table_belongs_to_a_quantity() -> None:
    units = {row.unit for row in QUANTITIES.values()}
    assert {*SPELLINGS, *(own for _, own in CONVERSIONS)} <= units


def test_another_unit_is_refused_with_all_that_may_be() -> None:
    with pytest.raises(DayError, match=r"unit is 'Hz'; heart_rate is told in /min, bpm, "):
        told("heart_rate", 70, unit="Hz")
    assert value("bed_occupied", True, unit="bool") is True  # a state has none, whatever is written


@pytest.mark.parametrize("wrong", ["70", True, None, [], float("nan"), float("inf"), 10**400])
def test_a_number_is_a_number(wrong: Any) -> None:  # noqa: ANN401
    with pytest.raises(DayError, match=r"value is .*; heart_rate has a number, without quotes"):
        told("heart_rate", wrong)


@pytest.mark.parametrize(
    ("words", "holds"), [((True, 1, 1.0, "on", "TRUE", "yes"), True), ((False, 0, 0.0, "off", "no", "false"), False)]
)
def test_a_state_is_true_or_false_in_any_usual_word(words: tuple[Any, ...], holds: bool) -> None:
    for word in words:
        assert value("bed_occupied", word) is holds
        assert value("smoke", word) is holds
        assert told("in_bed", word, "observation").event.value is holds  # type: ignore[union-attr]


@pytest.mark.parametrize("wrong", ["maybe", 2, 0.5, None])
def test_anything_else_is_no_state(wrong: Any) -> None:  # noqa: ANN401
    with pytest.raises(DayError, match="bed_occupied is true or false"):
        told("bed_occupied", wrong)


def test_plain_true_and_false_of_an_event() -> None:
    assert [value("button", one) for one in (True, 1, False)] == ["press", "press", "release"]
    assert [value("service", True), value("turned", 1), value("body_fall", True)] == ["other", "turned", "fall"]
    assert value("card", 4711) == "4711"
    for quantity, wrong in (("service", "beer"), ("service", False), ("card", True), ("seen_at", "")):
        with pytest.raises(DayError, match=f"{quantity} "):
            told(quantity, wrong)


@pytest.mark.parametrize(
    ("quantity", "odd_value", "more", "taken_as"),
    [
        ("button", "click", {}, "press"),
        ("button", None, {}, "press"),
        ("body_fall", "tumble", {}, "fall"),
        ("smoke", "alarm", {}, True),
        ("smoke", False, {"quality": "fine"}, False),
        ("gas", 5, {}, True),
        ("button", "long", {"quality": "fine"}, "long"),
    ],
)
def test_a_call_for_help_is_never_left_out_over_its_form(
    quantity: str,
    odd_value: Any,  # noqa: ANN401
    more: dict[str, Any],
    taken_as: Any,  # noqa: ANN401
) -> None:
    line = told(quantity, odd_value, **more)
    assert isinstance(line.event, Reading)
    assert (line.event.value, line.event.quality) == (taken_as, Quality.UNVERIFIED)
    assert line.odd.endswith("(taken as an alarm all the same)")


def test_a_contact_without_a_word_is_none() -> None:
    with pytest.raises(DayError, match="smoke is true or false"):
        told("smoke", None)


def test_an_observation_has_true_false_or_a_score() -> None:
    for given, holds, score in ((None, True, 1.0), (0, False, 1.0), (0.95, True, 0.95), (1, True, 1.0)):
        event = told("edge_of_bed", given, "observation").event
        assert (event.value, event.score) == (holds, score)  # type: ignore[union-attr]
    for wrong, why in (("perhaps", "true, false, or a score"), (85, "between 0 and 1"), (-0.1, "between 0 and 1")):
        with pytest.raises(DayError, match=why):
            told("edge_of_bed", wrong, "observation")
    fall = told("fall", 85, "observation")
    assert (fall.event.value, fall.event.score) == (True, 1.0)  # type: ignore[union-attr]
    assert "lies between 0 and 1 (taken" in fall.odd


def test_what_is_called_wrong_is_called_by_its_name() -> None:
    for quantity, kind, hint in (
        ("spo_2", "reading", "is 'spo2' meant"),
        ("low_on_floor", "reading", "is an observation: write kind observation"),
        ("bed_occupied", "observation", "is a reading: write kind reading"),
    ):
        with pytest.raises(DayError, match=hint):
            told(quantity, True, kind)


def test_an_observation_is_whole_also_when_its_value_is_odd() -> None:
    line = {"device": "cam", "quantity": "fall", "resident": "r-1"}
    assert observation(9.0, {**line, "value": 0.7}) == EventLine(9.0, Observation("cam", "fall", 9.0, True, 0.7), "r-1")
    odd = observation(9.0, {**line, "value": []})
    assert replace(odd, odd="") == EventLine(9.0, Observation("cam", "fall", 9.0), "r-1")
    assert odd.odd == (
        "value is []; an observation has true, false, or a score from 0 to 1 (taken as an alarm all the same)"
    )


@pytest.mark.parametrize("word", ["a", "C", "V", " p ", "U", "Alert", "confusion", "confused", "voice", "pain"])
def test_consciousness_is_told_by_letter_or_word(word: str) -> None:
    found = command(9.0, {"quantity": "consciousness", "resident": "r-1", "value": word})
    assert found.value == word.strip()[0].upper()


def test_what_may_stand_for_a_unit() -> None:
    assert accepted("kg") == ("kg", "KG", "g", "lb", "[lb_av]", "斤")
    assert accepted("unheard") == ("unheard",)
    assert converted(5.0, "W", "unheard") is None
