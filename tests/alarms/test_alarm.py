"""An alarm out of a file or off a wire is one that the engine can live with, or none."""

from typing import Any

import pytest

from agent.alarms.alarm import Alarm
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.engines import engine, raised

FINDING = Finding(
    "sos", Subject(SubjectKind.RESIDENT, "r-1", "201"), Priority.HIGH, 1.0, (because("pressed", device="b", press="x"),)
)


def whole() -> dict[str, Any]:
    """The JSON object of a sound alarm."""
    return raised(FINDING).to_json()


def test_a_sound_one_is_the_same_again() -> None:
    assert Alarm.from_json(whole()).to_json() == whole()


@pytest.mark.parametrize(
    "change",
    [
        {"id": 42},
        {"id": ""},
        {"kind": "of_a_later_version"},
        {"alarm_class": "magic"},
        {"priority": "urgent"},
        {"subject": None},
        {"state": "lost"},
        {"raised_at": float("nan")},
        {"changed_at": float("inf")},
        {"raised_wall": "yesterday"},
        {"reasons": ["pressed"]},
        {"reasons": [{"code": "pressed", "device": ["b"]}]},
        {"devices": [[1]]},
        {"holding": 7},
        {"told": [{}]},
        {"latching": "no"},
        {"sounding": 1},
        {"step": -99},
        {"step": True},
        {"step": "two"},
        {"seen_by": 7},
        {"later": "version"},
    ],
    ids=str,
)
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Alarm.from_json({**whole(), **change})


@pytest.mark.parametrize("name", list(whole()))
def test_a_field_that_is_missing_or_empty_is_refused_or_harmless(name: str) -> None:
    without = {key: value for key, value in whole().items() if key != name}
    for document in (without, {**without, name: None}, {**without, name: {}}):
        try:
            alarm = Alarm.from_json(document)
        except (KeyError, TypeError, ValueError):
            continue
        under_test = engine()
        under_test.restore(alarm, 0.0, Moment(1.0, 2.0), "the store")
        under_test.tick(Moment(1000.0, 1001.0))
        assert [one.to_json() for one in under_test.open]
