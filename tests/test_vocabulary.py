"""The tables of quantities, observations and kinds, held against each other and against themselves."""

from hypothesis import given
from hypothesis import strategies as st

from agent.detection.observations import OBSERVATIONS
from agent.residents import Binding, DeviceRole, Resident, Site, SubjectKind
from agent.rules.finding import AlarmClass
from agent.rules.kinds import KINDS
from drivers.quantities import PRESSES, QUANTITIES, Shape

LIVING = range(8519681, 8519681 + 64)  # IEEE 11073-10471, partition 130


def test_names_are_words_of_one_form() -> None:
    for table in (QUANTITIES, OBSERVATIONS, KINDS):
        assert all(
            name == row.name and name.replace("_", "").isalnum() and name.islower() for name, row in table.items()
        )


def test_life_safety_is_marked_and_never_suppressed() -> None:
    assert {name for name, row in QUANTITIES.items() if row.life_safety} == {
        "button",
        "smoke",
        "carbon_monoxide",
        "gas",
        "arc_fault",
        "body_fall",
    }
    unsuppressible = {name for name, row in KINDS.items() if row.unsuppressible}
    assert unsuppressible == {"sos", "staff_call", "smoke", "gas", "arc_fault", "fall", "long_lie"}
    assert all(KINDS[name].latching for name in unsuppressible)


def test_each_kind_has_both_languages_and_technical_ones_no_code() -> None:
    assert all(row.zh and row.en for row in KINDS.values())
    assert all(not row.mdc for row in KINDS.values() if row.alarm_class is AlarmClass.TECHNICAL)
    assert KINDS["fall"].mdc == OBSERVATIONS["fall"].mdc == LIVING[0]


@given(value=st.one_of(st.booleans(), st.floats(allow_nan=True), st.text(max_size=8), st.sampled_from(PRESSES)))
def test_only_plausible_values_of_the_right_shape_are_admitted(value: float | bool | str) -> None:
    for row in QUANTITIES.values():
        if row.admits(value):
            fits = {Shape.STATE: bool, Shape.EVENT: str, Shape.CONTINUOUS: float}[row.shape]
            assert isinstance(value, fits)
            assert row.shape is not Shape.CONTINUOUS or row.low <= float(value) <= row.high


def test_whom_an_alarm_is_about() -> None:
    site = Site.of(
        [Resident("r-1", "甲", "201")],
        [
            Binding("band", DeviceRole.WEARABLE, resident="r-1"),
            Binding("smoke", DeviceRole.LIFE_SAFETY, room="202"),
            Binding("gone", DeviceRole.WEARABLE, resident="r-9"),
        ],
    )
    about = {device: site.subject_of(device) for device in ("band", "smoke", "gone", "new")}
    assert [(s.kind, s.id, s.room) for s in about.values()] == [
        (SubjectKind.RESIDENT, "r-1", "201"),
        (SubjectKind.PLACE, "202", "202"),
        (SubjectKind.DEVICE, "gone", ""),
        (SubjectKind.DEVICE, "new", ""),
    ]
    assert site.device_subject("band").room == "201"
    assert site.resident_of("smoke") is None
