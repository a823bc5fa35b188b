"""Acts about what no site facts know: the buzzers and lamps themselves."""

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
