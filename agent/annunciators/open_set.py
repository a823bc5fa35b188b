"""The set of open alarms as one line of the wire: only what has changed is encoded anew, and it always fits. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agent.alarms.alarm import Alarm
from agent.rules.finding import Priority
from agent.wire import VERSION

LINE_LIMIT = 256 * 1024

One = Alarm | Mapping[str, Any]


class OpenSet:
    """Keeps each alarm's JSON as long as it is the same value."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self.left_out = 0  # alarms that did not fit into the last line
        self._limit = limit
        self._encoded: dict[str, tuple[One, bytes]] = {}

    def line(self, sequence: int, alarms: Iterable[One]) -> bytes:
        """The `open` message. What does not fit in a flood is left out: the sounder needs the gravest that sound."""
        rows = sorted((self._row(alarm) for alarm in alarms), key=lambda row: row[0])
        self._encoded = {id_: (alarm, text) for _, id_, alarm, text in rows}
        head = b'{"v":%d,"t":"open","seq":%d,"alarms":[' % (VERSION, sequence)
        room, told = self._limit - len(head) - len(b"]}\n") + len(b","), []
        for _, _, _, text in rows:
            if (room := room - len(text) - 1) < 0:
                break
            told.append(text)
        self.left_out = len(rows) - len(told)
        return head + b",".join(told) + b"]}\n"

    def _row(self, alarm: One) -> tuple[tuple[bool, int], str, One, bytes]:
        """Its place in the line, its id, itself, and its JSON."""
        if isinstance(alarm, Alarm):
            id_, place = alarm.id, (not alarm.sounding, -alarm.priority)
        else:
            id_, place = alarm["id"], (not alarm["sounding"], -Priority.of(alarm["priority"]))
        known = self._encoded.get(id_)
        if known is not None and known[0] is alarm:
            return place, id_, alarm, known[1]
        told = alarm.to_json() if isinstance(alarm, Alarm) else alarm
        return place, id_, alarm, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
