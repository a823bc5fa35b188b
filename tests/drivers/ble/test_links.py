from drivers.base import Link, LinkState
from drivers.ble.links import Links
from drivers.trouble import trouble

OFF, LOST = trouble("ble_off", link="hci0"), trouble("connection_lost")


def _links() -> tuple[Links, list[tuple[str, str, str]]]:
    said: list[tuple[str, str, str]] = []

    def emit(what: object) -> None:
        assert isinstance(what, Link)
        said.append((what.device, what.state.value, str(what.reason or "")))

    links = Links(("button", "strap"), emit, lambda: 1.0)
    links.start()
    assert said == [("button", "searching", ""), ("strap", "searching", "")]
    said.clear()
    return links, said


def test_only_changes_are_told() -> None:
    links, said = _links()
    for _ in range(3):
        links.tell("button", LinkState.CONNECTED)
    assert said == [("button", "connected", "")]


def test_a_fault_of_the_adapter_is_everyones_and_passes_without_a_trace() -> None:
    links, said = _links()
    links.tell("button", LinkState.CONNECTED)
    links.tell("strap", LinkState.CONNECTED)
    said.clear()
    links.tell_adapter(OFF)
    links.tell("strap", LinkState.SILENT, LOST)
    assert said == [("button", "fault", str(OFF)), ("strap", "fault", str(OFF))]
    said.clear()
    links.tell_adapter(None)
    assert said == [("button", "connected", ""), ("strap", "silent", str(LOST))]


def test_a_device_that_is_heard_has_no_fault_whatever_the_adapter_says() -> None:
    links, said = _links()
    links.tell_adapter(OFF, heard_still=frozenset({"strap"}))
    links.tell("button", LinkState.CONNECTED)
    assert said == [("button", "fault", str(OFF)), ("button", "connected", "")]
