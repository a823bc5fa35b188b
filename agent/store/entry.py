"""What the store is given to keep, and what it gives to the way upstream."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agent.clock import Stamp

READING = "nightlamp.reading.v1"
AUDIT = "nightlamp.audit.v1"
GAP = "nightlamp.gap.v1"  # data: first, last, count, reason; its own number is `last`
ALARM = "nightlamp.alarm.{happened}.v1"
STANDING = "nightlamp.standing.v1"  # audio pause, shelf or task: data["state"] is what a restart restores
ACT = "nightlamp.act.v1"
DECISION = "nightlamp.decision.v1"  # weighed and left, or held back
RECALL = "nightlamp.recall.v1"  # readings around an alarm, each of them (agent/store/recall.py)


class Lane(StrEnum):
    """A lane has its own file, sequence and order upstream; alarms go first."""

    ALARMS = "alarms"
    TELEMETRY = "telemetry"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to keep and to send. `id` is unique for ever: the receiver keeps one row per id.

    `type` is the CloudEvents type, `subject` a pseudonym or device id, `data` JSON values. `actor` did it: a rule,
    the system or a login. `alarm` is the id of the alarm, or of what else stands until a word ends it (a shelf, a task,
    a resident out of home); `data["alarm"]`, else `data["state"]`, is its whole state after the event, and `open` says
    whether it stands: that row is what a restart restores.
    """

    id: str
    type: str
    at: Stamp
    subject: str
    data: Mapping[str, Any]
    actor: str = "system"
    alarm: str = ""
    open: bool = False
