"""One batch of events, and what the platform's answer says of it. Pure: whatever it answers, nothing is lost."""

import gzip
import json
from dataclasses import dataclass
from typing import Any

from agent.store.entry import Lane
from agent.store.events import CloudEvent
from agent.store.outbox import Receipt, Rejected
from agent.store.ranges import Range, merge

BYTES_AT_MOST = 512 * 1024  # before gzip: what a slow link takes within the deadline
REASON_LENGTH = 200


class AnswerError(Exception):
    """The answer is not one of contract 1; the batch counts as not delivered."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Events of one lane in order, each with the numbers that it settles; without events it only asks for an answer."""

    lane: Lane
    events: tuple[tuple[Range, CloudEvent], ...]

    @staticmethod
    def of(lane: Lane, events: list[tuple[Range, CloudEvent]]) -> "Parcel":
        """As many of `events` as one request takes, at least one."""
        room, taken = BYTES_AT_MOST, 0
        for _, event in events:
            room -= len(json.dumps(event, ensure_ascii=False))
            if room < 0 and taken:
                break
            taken += 1
        return Parcel(lane, tuple(events[:taken]))

    def body(self) -> bytes:
        """The request's body: a CloudEvents batch in gzip."""
        written = json.dumps([event for _, event in self.events], ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(written.encode(), 6)

    def receipt(self, answer: bytes, consumer: str) -> Receipt:
        """What `answer` says of the events of this parcel; what it says of others is no concern of ours.

        Raises `AnswerError` when it cannot be understood, or settles none of the events sent.
        """
        try:
            said = json.loads(answer)
            ranges = merge((int(first), int(last)) for first, last in said["accepted"].get(self.lane.value, ()))
            refused = {
                int(row["sequence"]): str(row["reason"])[:REASON_LENGTH]
                for row in said["rejected"]
                if row["lane"] == self.lane.value
            }
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise AnswerError(f"an answer that is not of contract 1: {answer[:80]!r}") from error
        accepted: list[Range] = []
        rejected: list[Rejected] = []
        for (first, last), event in self.events:
            if last in refused:
                rejected.append(Rejected(last, event["id"], refused[last]))
            if last in refused or any(a <= last <= b for a, b in ranges):
                accepted.append((first, last))
        if self.events and not accepted:
            raise AnswerError(f"the platform took none of {len(self.events)} events")
        return Receipt(consumer, self.lane, merge(accepted), tuple(rejected))

    def refusal(self, reason: str, consumer: str) -> Receipt:
        """The receipt by which the one event of this parcel is set aside."""
        ((first, last), event) = self.events[0]
        refused = Rejected(last, event["id"], reason[:REASON_LENGTH])
        return Receipt(consumer, self.lane, ((first, last),), (refused,))


def notes_in(answer: bytes, at_most: int = 10) -> list[dict[str, str]]:
    """What the platform says about alarms beside its receipt: alarm, text, author; what is no note is passed over."""
    said = json.loads(answer).get("notes") or ()
    notes = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    told = [{key: one.get(key, "") for key in ("alarm", "text", "author")} for one in notes]
    fit = [one for one in told if all(isinstance(text, str) for text in one.values()) and one["alarm"] and one["text"]]
    return [{key: text[:500] for key, text in one.items()} for one in fit[:at_most]]


def in_pieces(receipt: Receipt, rejected_at_once: int = 50) -> list[Receipt]:
    """The same receipt in parts that fit a line to the core; nearly always one."""
    parts = [
        Receipt(receipt.consumer, receipt.lane, (), receipt.rejected[start : start + rejected_at_once])
        for start in range(rejected_at_once, len(receipt.rejected), rejected_at_once)
    ]
    return [Receipt(receipt.consumer, receipt.lane, receipt.accepted, receipt.rejected[:rejected_at_once]), *parts]


def as_message(receipt: Receipt) -> dict[str, Any]:
    """The receipt as a message to the core."""
    return {"t": "receipt", **receipt.to_json()}
