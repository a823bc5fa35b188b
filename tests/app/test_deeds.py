"""Acts about what no site facts know: the buzzers and lamps themselves."""

import math

import pytest

from agent.alarms.alarm import CommandError
from agent.app.deeds import act_of
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind

SITE = Site.of([Resident("r-1", "甲", "201")], [Binding("bench", DeviceRole.BUTTON, resident="r-1")])


@pytest.mark.parametrize(("name", "value"), [("heard", True), ("task_done", "confirm_sound")])
def test_a_test_that_was_heard_is_about_an_annunciator(name: str, value: str | bool) -> None:
    """Also where a device has the same name."""
    act = act_of(SITE, name, {"device": "bench", "value": value}, 5.0, "panel:wang", ("bench", "tower"))
    assert (act.subject, act.value) == (Subject(SubjectKind.DEVICE, "bench"), value)


@pytest.mark.parametrize("asked", [{"device": "none"}, {"device": None}, {}, {"resident": "r-1"}])
def test_of_no_other_thing_can_it_be_said(asked: dict[str, str | None]) -> None:
    with pytest.raises(CommandError, match=r"there are: tower, bell") as caught:
        act_of(SITE, "heard", asked, 5.0, "panel:wang", ("tower", "bell"))
    assert caught.value.code == "unknown_subject"
    with pytest.raises(CommandError, match=r"there are: none"):
        act_of(SITE, "heard", asked, 5.0, "panel:wang")


def test_other_acts_know_no_annunciators() -> None:
    with pytest.raises(CommandError, match=r"no device 'tower'"):
        act_of(SITE, "maintenance", {"device": "tower"}, 5.0, "panel:wang", ("tower",))
    done = act_of(SITE, "task_done", {"device": "bench", "value": "charge_device"}, 5.0, "panel:wang", ("bench",))
    assert done.subject == Subject(SubjectKind.DEVICE, "bench", "201")


@pytest.mark.parametrize("name", ["out", "activity"])
@pytest.mark.parametrize("value", [1e8, 1e11, 1_800_000_000, True])
def test_what_lasts_ends_at_a_time(name: str, value: float) -> None:
    assert act_of(SITE, name, {"resident": "r-1", "value": value}, 5.0, "panel:wang").value == value


@pytest.mark.parametrize("value", ["tomorrow", 60, 1e8 - 1, 1e11 + 1, -1e9, math.inf, math.nan])
def test_what_is_no_such_time_is_refused_rather_than_begun_without_an_end(value: str | float) -> None:
    """Sixty was meant as minutes: taken as 1970 it would say "out" and hold nothing back."""
    with pytest.raises(CommandError, match=r"out lasts until .*; give UTC seconds since 1970, or nothing") as caught:
        act_of(SITE, "out", {"resident": "r-1", "value": value}, 5.0, "panel:wang")
    assert caught.value.code == "bad_value"


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_the_value_of_no_act(value: float) -> None:
    with pytest.raises(CommandError, match=r"no number") as caught:
        act_of(SITE, "turned", {"resident": "r-1", "value": value}, 5.0, "panel:wang")
    assert caught.value.code == "bad_value"
