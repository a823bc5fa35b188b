"""What is remembered: each form as JSON and back, over each kind of sleep, and what does not fit."""

import contextlib
import json
import math
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.memory import (
    AT,
    AWAKE,
    COUNT,
    FLAG,
    HEARD,
    NUMBER,
    SUBJECT,
    TEXT,
    VALUE,
    Fields,
    Form,
    Keeps,
    Sleep,
    UnfitError,
    made,
    maybe,
    members,
    named,
    part,
    series,
    table,
    together,
)
from agent.residents import Subject, SubjectKind

SLEPT = Sleep(passed_s=100.0, deaf_s=160.0)
NOBODY_KNOWS = Sleep(passed_s=None, deaf_s=160.0)


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Walk:
    who: str
    since: float


class Lamp:
    def __init__(self) -> None:
        self.lit = False
        self.since = 0.0
        self.turns = 0


def over(form: Form, value: Any, sleep: Sleep = AWAKE, now: Any = None) -> Any:  # noqa: ANN401
    """The value after a restart, by way of JSON."""
    return form.read(json.loads(json.dumps(form.write(value), allow_nan=False)), sleep, now)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (FLAG, True), (TEXT, "床"), (COUNT, -3), (NUMBER, 3), (NUMBER, 3.5), (VALUE, "x"), (VALUE, False), (VALUE, 1.5),
        (maybe(TEXT), None), (maybe(members(TEXT)), None), (maybe(TEXT), ""), (named(Colour), Colour.BLUE),
        (members(TEXT), {"b", "a"}),
        (table(TEXT, FLAG), {"b": True, "a": False}), (table(together(TEXT, COUNT), NUMBER), {("a", 1): 2.0}),
        (together(TEXT, maybe(COUNT)), ("a", None)), (made(Walk, who=TEXT, since=AT), Walk("a", 5.0)),
        (SUBJECT, Subject(SubjectKind.PLACE, "wc", "201")),
    ],
)  # fmt: skip
def test_what_is_written_is_read(form: Form, value: Any) -> None:  # noqa: ANN401
    again = over(form, value)
    assert again == value
    assert type(again) is type(value)


def test_a_table_keeps_its_order_and_a_set_is_written_sorted() -> None:
    assert list(over(table(TEXT, FLAG), {"b": True, "a": False})) == ["b", "a"]
    assert members(TEXT).write({"c", "a", "b"}) == ["a", "b", "c"]
    subject = over(SUBJECT, Subject(SubjectKind.PLACE, "wc", "201"))
    assert (subject.kind, subject.room) == (SubjectKind.PLACE, "201")


def test_a_moment_goes_on_over_the_sleep_and_what_is_heard_stands_still() -> None:
    assert over(AT, 7.0, SLEPT) == 107.0
    assert over(HEARD, 7.0, SLEPT) == 167.0
    assert (over(AT, 7.0), over(HEARD, 7.0)) == (7.0, 7.0)
    assert over(made(Walk, who=TEXT, since=HEARD), Walk("a", 5.0), SLEPT) == Walk("a", 165.0)
    assert over(together(AT, HEARD), (1.0, 2.0), SLEPT) == (101.0, 162.0)
    assert over(table(AT, HEARD), {1.0: 2.0}, SLEPT) == {101.0: 162.0}
    assert over(members(AT), {1.0}, SLEPT) == {101.0}
    assert over(series(AT), [1.0], SLEPT, []) == [101.0]
    assert over(maybe(AT), 1.0, SLEPT) == 101.0


def test_when_nobody_knows_how_long_it_was_only_what_is_heard_is_known() -> None:
    assert over(HEARD, 7.0, NOBODY_KNOWS) == 167.0
    with pytest.raises(UnfitError, match="nobody knows how long ago it was"):
        over(AT, 7.0, NOBODY_KNOWS)


@pytest.mark.parametrize("form", [AT, HEARD])
@pytest.mark.parametrize("endless", [math.inf, -math.inf])
def test_never_and_ever_stay_so(form: Form, endless: float) -> None:
    assert over(form, endless, NOBODY_KNOWS) == endless


@pytest.mark.parametrize(
    ("form", "written", "why"),
    [
        (FLAG, 1, "1 is no bool"), (COUNT, True, "True is no int"), (COUNT, 1.0, "1.0 is no int"),
        (NUMBER, True, "True is no int or float"), (NUMBER, "1", "'1' is no int or float"), (TEXT, None, "is no str"),
        (VALUE, None, "None is no bool or int or float or str"), (VALUE, [], "is no bool"),
        (AT, "soon", "'soon' is no time"), (AT, None, "None is no time"), (HEARD, True, "True is no time"),
        (maybe(TEXT), 1, "1 is no str"), (named(Colour), "GREEN", "'GREEN' is no Colour"),
        (named(Colour), 1, "1 is no Colour"), (named(Colour), ["RED"], "is no Colour"),
        (members(TEXT), "ab", "'ab' is no list$"),
        (members(TEXT), [1], "1 is no str"), (members(TEXT), {}, "is no list"),
        (table(TEXT, FLAG), [["a"]], "is no list of 2"), (table(TEXT, FLAG), ["ab"], "is no list of 2"),
        (table(TEXT, FLAG), {"a": True}, "is no list"), (table(TEXT, FLAG), [["a", 1]], "1 is no bool"),
        (together(TEXT, FLAG), ["a"], "is no list of 2"), (together(TEXT, FLAG), ["a", True, 1], "is no list of 2"),
        (made(Walk, who=TEXT, since=AT), {"who": "a"}, "other fields than who, since"),
        (made(Walk, who=TEXT, since=AT), {"who": "a", "since": 1, "to": 2}, "other fields than who, since"),
        (made(Walk, who=TEXT, since=AT), ["a", 1], "other fields"), (SUBJECT, {"kind": "ROBOT", "id": "", "room": ""},
         "'ROBOT' is no SubjectKind"), (part(Lamp, lit=FLAG), {}, "other fields than lit"),
    ],
)  # fmt: skip
def test_what_has_another_form_is_refused(form: Form, written: object, why: str) -> None:
    with pytest.raises(UnfitError, match=why):
        form.read(written, AWAKE, None)


def test_words_for_the_log_are_short() -> None:
    with pytest.raises(UnfitError) as refused:
        TEXT.read(["x"] * 1000, AWAKE, None)
    assert len(str(refused.value)) < 120


def test_a_series_becomes_what_stands_there_now() -> None:
    assert over(series(COUNT), (1, 2), now=()) == (1, 2)
    assert over(series(COUNT), [1, 2], now=[]) == [1, 2]
    again = over(series(COUNT), deque([1, 2, 3]), now=deque(maxlen=2))
    assert (again, again.maxlen) == (deque([2, 3]), 2), "as long as it is made today"


def test_a_part_is_the_one_that_stands_there_or_a_new_one() -> None:
    lamp, standing = Lamp(), Lamp()
    lamp.lit, lamp.since = True, 5.0
    standing.turns = 3
    again = over(part(lit=FLAG, since=AT), lamp, SLEPT, standing)
    assert again is standing
    assert (again.lit, again.since, again.turns) == (True, 105.0, 3)
    made_anew = over(part(Lamp, lit=FLAG, since=AT), lamp, SLEPT, standing)
    assert made_anew is not standing
    assert (made_anew.lit, made_anew.since, made_anew.turns) == (True, 105.0, 0)


def test_the_fields_of_an_object_are_set_all_or_none() -> None:
    fields, lamp = Fields({"lit": FLAG, "since": AT}), Lamp()
    with pytest.raises(UnfitError):
        fields.into(lamp, {"lit": True, "since": "soon"}, AWAKE)
    assert (lamp.lit, lamp.since) == (False, 0.0)
    fields.into(lamp, {"lit": True, "since": 1.0}, AWAKE)
    assert fields.of(lamp) == {"lit": True, "since": 1.0}


def test_keeps_say_their_version_and_what_is_written_beside() -> None:
    keeps = Keeps(3, beside=("since",), lit=FLAG, since=AT)
    assert (keeps.version, keeps.beside, keeps.fields.of(Lamp())) == (3, ("since",), {"lit": False, "since": 0.0})
    assert Keeps(1, lit=FLAG).beside == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["who", "since", "kind"]), inner),
    max_leaves=6,
)
DEEP = table(TEXT, together(made(Walk, who=TEXT, since=AT), maybe(series(HEARD)), members(COUNT), named(Colour)))


@given(written=JSON | st.lists(st.tuples(st.text(max_size=1), JSON).map(list), max_size=2))
def test_whatever_is_written_is_read_or_refused(written: object) -> None:
    with contextlib.suppress(UnfitError):
        DEEP.read(written, SLEPT, None)
