"""What the panel is told of devices."""

from agent.app.devices import UNKNOWN_KEPT, DeviceBook
from agent.detection.observations import Observation
from agent.rules.reason import because
from drivers.base import Link, LinkState
from drivers.trouble import trouble
from tests.rules.ward import SITE, reading


def test_a_bound_device_is_listed_before_it_was_ever_heard() -> None:
    statuses = {one.id: one for one in DeviceBook(SITE).statuses(100.0)}
    assert set(statuses) == set(SITE.bindings)
    assert statuses["contact"].age_s is None
    assert (statuses["contact"].room, statuses["contact"].role) == ("201", "life_safety")


def test_the_latest_word_counts() -> None:
    book = DeviceBook(SITE)
    book.note(Link("dev-1", LinkState.SILENT, 5.0, trouble("no_frame", for_s=2)))
    silent = next(one for one in book.statuses(9.0) if one.id == "dev-1")
    assert (silent.link, silent.reason) == (LinkState.SILENT, because("no_frame", for_s=2))
    book.note(reading("heart_rate", 60.0, 10.0))
    book.note(reading("heart_rate", 70.0, 12.0))
    book.note(reading("bed_occupied", True, 12.0))
    status = next(one for one in book.statuses(15.0) if one.id == "dev-1")
    assert (status.link, status.reason, status.age_s) == (LinkState.CONNECTED, None, 3.0)
    assert [(r.quantity, r.value, r.age_s) for r in status.readings] == [
        ("heart_rate", 70.0, 3.0), ("bed_occupied", True, 3.0),
    ]  # fmt: skip


def test_a_camera_is_heard_by_what_it_sees() -> None:
    book = DeviceBook(SITE)
    book.note(Observation("dev-2", "fall", 7.0))
    assert next(one for one in book.statuses(8.0) if one.id == "dev-2").age_s == 1.0


def test_foreign_devices_are_listed_and_bounded() -> None:
    book = DeviceBook(SITE)
    for number in range(3 * UNKNOWN_KEPT):
        book.note_unknown(f"AA:{number}", "BAND")
    assert len(book.unknown) == UNKNOWN_KEPT
    assert book.unknown[-1] == f"AA:{3 * UNKNOWN_KEPT - 1} BAND"
