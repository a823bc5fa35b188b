"""What each consumer has of a lane: numbers settled as ranges, refused events kept apart. The log is the outbox."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from agent.store.entry import Lane
from agent.store.ranges import Range, merge, within


@dataclass(frozen=True, slots=True)
class Rejected:
    """One event that a consumer refuses for good, and why."""

    sequence: int
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What `consumer` says of a lane: the ranges that it has and the events that it refuses. Both are settled."""

    consumer: str
    lane: Lane
    accepted: tuple[Range, ...]
    rejected: tuple[Rejected, ...] = ()

    @staticmethod
    def from_json(message: dict[str, Any]) -> "Receipt":
        """The receipt of a wire message (docs/architecture.md); raises KeyError, TypeError or ValueError."""
        if not isinstance(message["consumer"], str) or not message["consumer"]:
            raise ValueError("no consumer")
        accepted = tuple((_number(first), _number(last)) for first, last in message["accepted"])
        rejected = tuple(
            Rejected(_number(row["sequence"]), str(row["id"]), str(row["reason"])[:500]) for row in message["rejected"]
        )
        return Receipt(message["consumer"], Lane(message["lane"]), accepted, rejected)

    def to_json(self) -> dict[str, Any]:
        """The fields of the wire message."""
        return {
            "consumer": self.consumer,
            "lane": self.lane.value,
            "accepted": [list(pair) for pair in self.accepted],
            "rejected": [{"sequence": r.sequence, "id": r.id, "reason": r.reason} for r in self.rejected],
        }

    def settles(self) -> tuple[Range, ...]:
        """All numbers that need not be sent again."""
        return merge((*self.accepted, *((one.sequence, one.sequence) for one in self.rejected)))


def settle(connection: sqlite3.Connection, receipt: Receipt, tip: int, wall: float) -> None:
    """Write `receipt` down, within the numbers 1..`tip` that exist; the caller commits."""
    new = within(receipt.settles(), 1, tip)
    ranges = merge((*settled(connection, receipt.consumer), *new))
    connection.execute("DELETE FROM settled WHERE consumer = ?", (receipt.consumer,))
    connection.executemany("INSERT INTO settled VALUES (?, ?, ?)", [(receipt.consumer, *pair) for pair in ranges])
    connection.executemany(
        "INSERT OR REPLACE INTO rejected VALUES (?, ?, ?, ?, ?)",
        [(receipt.consumer, r.sequence, r.id, r.reason, wall) for r in receipt.rejected if 1 <= r.sequence <= tip],
    )


def settled(connection: sqlite3.Connection, consumer: str) -> tuple[Range, ...]:
    """The numbers that `consumer` has or refused."""
    rows = connection.execute("SELECT first, last FROM settled WHERE consumer = ? ORDER BY first", (consumer,))
    return tuple(rows.fetchall())


def consumers(connection: sqlite3.Connection) -> dict[str, tuple[Range, ...]]:
    """Every consumer that ever sent a receipt, and what it has."""
    names = connection.execute("SELECT DISTINCT consumer FROM settled").fetchall()
    return {name: settled(connection, name) for (name,) in names}


def _number(value: Any) -> int:  # noqa: ANN401 - what came over the wire
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError(f"not a sequence number: {value!r}")
    return value
