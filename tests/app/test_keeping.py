"""When the store is given what waits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.store import reader
from agent.store.entry import READING, RECALL, Lane
from tests.store.logs import Ward


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    ward = Ward(tmp_path / "state")
    yield ward
    ward.store.close()


def _kept(ward: Ward, kind: str) -> list[float]:
    """Times at which the entries of `kind` were measured."""
    assert ward.store.close()
    events = reader.events(ward.folder, Lane.TELEMETRY, 0, 1000)
    return [event["data"]["value"] for event in events if event["type"] == kind and "value" in event["data"]]


@pytest.mark.parametrize(("silent_s", "kept"), [(58, [72.0]), (70, [72.0, 72.1])])
def test_a_last_value_is_kept_a_minute_after_the_one_before(ward: Ward, silent_s: int, kept: list[float]) -> None:
    ward.hear("band-1", "heart_rate", 72.0)
    ward.now += 1
    ward.hear("band-1", "heart_rate", 72.1)
    ward.wait(silent_s)
    assert _kept(ward, READING) == kept


def test_it_is_looked_for_each_ten_seconds(ward: Ward) -> None:
    looked: list[float] = []
    flush = ward.keeping._readings.flush

    def listening(now: float, *more: object) -> object:
        looked.append(now)
        return flush(now, *more)  # type: ignore[arg-type]

    ward.keeping._readings.flush = listening  # type: ignore[assignment]
    began = ward.now
    ward.wait(35)
    assert looked == [began + 10, began + 20, began + 30]


def test_at_the_end_nothing_is_left_to_wait(ward: Ward) -> None:
    ward.press()
    ward.keeping.flush()
    ward.now += 5
    ward.hear("band-1", "heart_rate", 72.0)  # the next ten seconds are not over
    ward.keeping.close()
    assert ward.store.close()
    recalled = [e["data"] for e in reader.events(ward.folder, Lane.TELEMETRY, 0, 100) if e["type"] == RECALL]
    assert [one["quantity"] for one in recalled if "samples" in one] == ["button", "heart_rate"]
