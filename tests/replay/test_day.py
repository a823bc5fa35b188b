"""Each line of a day file is understood, or refused with what would be right."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.acts import ACTS
from agent.detection.observations import OBSERVATIONS
from agent.replay.day import parse
from agent.replay.line import CommandLine, DayError, EventLine, SiteLine
from agent.replay.orders import ORDERS
from drivers.base import Link, LinkState
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Quality, Reading
from tests.replay.days import START

SECONDS = 1_799_928_000.0
VALUES = {Shape.STATE: True, Shape.CONTINUOUS: 50.0}


def line(kind: str, quantity: str, **more: Any) -> str:  # noqa: ANN401
    return json.dumps({"t": START, "kind": kind, "quantity": quantity, **more})


@pytest.mark.parametrize("quantity", sorted(QUANTITIES))
def test_every_quantity_can_be_told(quantity: str) -> None:
    row = QUANTITIES[quantity]
    value = row.choices[0] if row.choices else VALUES.get(row.shape, "x")
    parsed = parse(line("reading", quantity, device="d", value=value, unit=row.unit))
    assert isinstance(parsed, EventLine)
    assert isinstance(parsed.event, Reading)
    assert (parsed.t, parsed.event.quantity, parsed.event.value) == (SECONDS, quantity, value)


@pytest.mark.parametrize("name", sorted(OBSERVATIONS))
def test_every_observation_can_be_told(name: str) -> None:
    parsed = parse(line("observation", name, device="cam", value=0.4))
    assert isinstance(parsed, EventLine)
    assert (parsed.event.name, parsed.event.value, parsed.event.score) == (name, True, 0.4)  # type: ignore[union-attr]
    over = parse(line("observation", name, device="cam", value=False))
    assert over.event.value is False  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [*ORDERS, *ACTS])
def test_every_command_can_be_told(name: str) -> None:
    more = {"value": "A"} if name == "consciousness" else {}
    parsed = parse(line("command", name, resident="r1", by="li", **more))
    assert isinstance(parsed, CommandLine)
    assert (parsed.name, parsed.resident, parsed.by) == (name, "r1", "li")


def test_a_command_names_its_alarm_by_kind_or_id() -> None:
    plain = parse(line("command", "closed", value="fall"))
    full = parse(line("command", "closed", value={"kind": "fall", "cause": "fall", "by": "li"}))
    assert (plain.alarm, plain.kind) == ("fall", "fall")  # type: ignore[union-attr]
    assert (full.kind, full.more["cause"], full.by) == ("fall", "fall", "li")  # type: ignore[union-attr]


def test_times_are_text_with_a_zone_or_seconds() -> None:
    assert parse(json.dumps({"t": SECONDS, "kind": "site", "quantity": "meals", "value": []})).t == SECONDS
    assert parse(line("site", "meals", value=["07:00"]).replace(START, "2027-01-14T20:00:00+08:00")).t == SECONDS
    for wrong in (1.8e12, -1e14, 1e300, "1799928000000", "noon", None, True, float("nan")):
        with pytest.raises(DayError, match="write UTC"):
            parse(json.dumps({"t": wrong, "kind": "site", "quantity": "meals"}))
    bare = parse(line("site", "meals", value=[]).replace(START, "2027-01-14T12:00:00"))
    assert (bare.t, "taken as UTC" in bare.odd) == (SECONDS, True)


def test_quality_stored_values_and_links() -> None:
    poor = parse(line("reading", "spo2", device="d", value=80, quality="uncertain", stored=True))
    assert (poor.event.quality, poor.event.stored) == (Quality.UNCERTAIN, True)  # type: ignore[union-attr]
    link = parse(line("reading", "link", device="d", value="silent"))
    assert link.event == Link("d", LinkState.SILENT, SECONDS)  # type: ignore[union-attr]


def test_site_lines_in_three_forms_are_one() -> None:
    row = {"id": "r1", "room": "201"}
    forms = [
        line("site", "resident", value=row),
        line("site", "residents", value=[row]),
        json.dumps({"t": START, "kind": "site", "residents": [row]}),
        line("site", "resident", resident="r1", value={"room": "201"}),
    ]
    assert all(parse(form) == SiteLine(SECONDS, "resident", (row,)) for form in forms)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "no JSON: the line is cut"),
        ("{,}", "no JSON: Expecting"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "JSON object"),
        (line("reading", "sp02", device="d", value=1), "sp02"),
        (line("reading", "spo2", value=1), "device is missing"),
        (line("reading", "spo2", device="d", value=None), "value is None"),
        (line("reading", "spo2", device="d", value=1, unit="mmHg"), "unit is 'mmHg'"),
        (line("reading", "spo2", device="d", value=1, quality="great"), "quality is 'great'"),
        (line("reading", "link", device="d", value="gone"), "value is 'gone'"),
        (line("observation", "tumble", device="d"), "tumble"),
        (line("observation", "in_bed", device="d", score=3), "score is 3"),
        (line("command", "explode"), "explode"),
        (line("site", "planets", value={}), "planets"),
        (line("site", "resident", value=None), "value must be an object"),
        (line("site", "facility", value=[]), "value must be an object"),
        (json.dumps({"t": START, "kind": "site"}), "name one table"),
        (line("thing", "x"), "kind is 'thing'"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, named: str) -> None:
    with pytest.raises(DayError, match=named):
        parse(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["t", "kind", "quantity", "value", "device", "resident", "unit", "quality", "score", "by"])
WORDS = st.sampled_from(
    [START, "site", "reading", "observation", "command", "resident", "spo2", "fall", "seen", "link"]
)


@given(data=st.dictionaries(KEYS, JSON | WORDS, max_size=8))
def test_no_line_at_all_brings_it_down(data: dict[str, Any]) -> None:
    with contextlib.suppress(DayError):
        assert parse(json.dumps(data)).t is not None


@given(noise=st.binary(max_size=60))
def test_nor_does_noise(noise: bytes) -> None:
    with pytest.raises(DayError):
        parse(noise)
