"""A row of a log as a CloudEvents 1.0 JSON object (docs/architecture.md, upstream contract 1)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent.store.entry import Lane
from agent.store.row import COLUMNS

EVENT_COLUMNS = (*COLUMNS, "data")

CloudEvent = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where events come from: the gateway's id, the facility and its administrative area code (GB/T 2260)."""

    gateway: str = "gateway"
    facility: str = ""
    area_code: str = ""


def cloud_event(lane: Lane, values: Iterable[Any], origin: Origin, stream: str = "live") -> CloudEvent:
    """The event of the row whose `EVENT_COLUMNS` are `values`. `stream` is `live`, or `backfill` for what is late."""
    row = dict(zip(EVENT_COLUMNS, values, strict=True))
    event = {
        "specversion": "1.0",
        "id": row["id"],
        "source": f"/gateways/{origin.gateway}",
        "type": row["type"],
        "time": utc(row["wall"]),
        "subject": row["subject"],
        "datacontenttype": "application/json",
        "lane": lane.value,
        "stream": stream,
        "sequence": row["sequence"],
        "timequality": row["quality"],
        "data": json.loads(row["data"]),
    }
    if origin.facility:  # CloudEvents 1.0, 3: an attribute must not be empty
        event["facility"] = origin.facility
    if origin.area_code:
        event["areacode"] = origin.area_code
    return event


def utc(wall: float) -> str:
    """RFC 3339 with milliseconds of `wall`, UTC seconds since 1970; a time that no calendar holds becomes 1970."""
    try:
        moment = datetime.fromtimestamp(wall, UTC)
    except (OverflowError, ValueError, OSError):
        moment = datetime.fromtimestamp(0, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
