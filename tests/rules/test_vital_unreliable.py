"""A band that tells nothing to be trusted is looked after."""

from agent.rules.finding import Finding, Priority
from agent.rules.row import Scope
from agent.rules.vital_unreliable import UNRELIABLE_ROW, VitalUnreliableRule
from drivers.reading import Quality, Reading
from tests.rules.ward import device, ground, live, reading

BAND = device("dev-1")


def doubtful(
    quantity: str, start: int, end: int, step: int = 10, quality: Quality = Quality.UNCERTAIN
) -> list[Reading]:
    return [reading(quantity, 80, float(at), quality) for at in range(start, end + 1, step)]


def told(*events: Reading) -> list[tuple[float, bool]]:
    return [(at, finding.active) for at, finding in found(*events)]


def found(*events: Reading) -> list[tuple[float, Finding]]:
    return live(VitalUnreliableRule(ground(), BAND), events)


def test_ten_minutes_of_doubt_are_told_once_and_a_good_value_ends_it() -> None:
    said = found(*doubtful("spo2", 1, 1201), reading("spo2", 96, 1210.0), reading("spo2", 96, 1211.0))
    assert [(at, one.active, one.priority, one.kind, one.subject, one.device) for at, one in said] == [
        (601.0, True, Priority.LOW, "vital_unreliable", BAND, "dev-1"),
        (1210.0, False, Priority.LOW, "vital_unreliable", BAND, "dev-1"),
    ]
    assert [one.reasons[0].to_json() for _, one in said] == [
        {"code": "only_doubtful", "device": "dev-1", "quantity": "spo2", "for_s": 600.0},
        {"code": "reliable_again", "device": "dev-1", "quantity": "spo2"},
    ]


def test_one_good_value_begins_it_anew_and_the_first_one_is_said() -> None:
    events = [*doubtful("spo2", 1, 591), reading("spo2", 96, 595.0), *doubtful("spo2", 601, 1191)]
    assert told(*events) == [(595.0, False)]
    again = [*events, *doubtful("spo2", 1201, 1201)]
    assert told(*again) == [(595.0, False), (1201.0, True)]
    assert told(*again, *(reading("spo2", 96, at) for at in (1205.0, 1206.0)))[2:] == [(1205.0, False)]
    assert told(reading("spo2", 96, 1.0), reading("spo2", 96, 2.0)) == [(1.0, False)]


def test_each_quantity_by_itself_and_over_when_all_are_good() -> None:
    good = [reading("heart_rate", 70, float(at)) for at in range(5, 700, 10)]
    events = sorted([*doubtful("spo2", 1, 691), *doubtful("respiratory_rate", 2, 692), *good], key=lambda r: r.at)
    assert told(*events) == [(601.0, True)]
    assert told(*events, reading("spo2", 96, 700.0)) == [(601.0, True)]
    both = (reading("spo2", 96, 700.0), reading("respiratory_rate", 14, 701.0))
    assert told(*events, *both) == [(601.0, True), (701.0, False)]


def test_only_what_is_doubtful_counts_and_only_while_it_is_told() -> None:
    assert told(*doubtful("spo2", 1, 1201, quality=Quality.BAD)) == []
    stored = [Reading("dev-1", "spo2", 80, float(at), Quality.UNCERTAIN, stored=True) for at in range(1, 1201, 10)]
    assert told(*stored) == []
    assert told(*doubtful("spo2", 1, 1201, step=150))[0] == (601.0, True)
    assert told(*doubtful("spo2", 1, 3021, step=151)) == []


def test_on_nobody_there_is_nothing_to_tell() -> None:
    off = reading("worn", False, 595.0)
    assert told(*doubtful("spo2", 1, 591), off, *doubtful("spo2", 601, 1191)) == [(595.0, False)]
    up = reading("bed_occupied", False, 605.0)
    said = found(*doubtful("spo2", 1, 601), up)
    assert [(at, one.active, one.reasons[0].code) for at, one in said] == [
        (601.0, True, "only_doubtful"), (605.0, False, "off_now"),
    ]  # fmt: skip
    assert told(*doubtful("spo2", 1, 591), reading("worn", True, 595.0), *doubtful("spo2", 601, 601)) == [(601.0, True)]
    away = [reading("worn", False, 1.0), *doubtful("spo2", 11, 901)]
    assert told(*away) == [(1.0, False)]
    assert told(*away, reading("worn", True, 905.0), *doubtful("spo2", 911, 1601)) == [(1.0, False), (1511.0, True)]
    both = [*away, reading("bed_occupied", False, 903.0), reading("worn", True, 905.0), *doubtful("spo2", 911, 1601)]
    assert told(*both) == [(1.0, False)]
    unsure = reading("worn", False, 595.0, Quality.UNCERTAIN)
    assert told(*doubtful("spo2", 1, 591), unsure, *doubtful("spo2", 601, 601)) == [(601.0, True)]


def test_its_row_is_the_devices() -> None:
    assert (UNRELIABLE_ROW.name, UNRELIABLE_ROW.scope) == ("vital_unreliable", Scope.DEVICE)


def test_it_hears_vital_signs_and_whether_somebody_is_there() -> None:
    assert set(UNRELIABLE_ROW.quantities) == {
        "heart_rate", "pulse_rate", "spo2", "respiratory_rate", "worn", "bed_occupied",
    }  # fmt: skip
