"""A small home, and days in it as somebody writes them who knows docs/replay.md and no code."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.alarms.settings import AlarmSettings
from agent.replay.player import Player
from agent.rules.settings import RuleSettings

NIGHT = 1_799_935_200.0  # 22:00 in China
MORNING = NIGHT + 12 * 3600.0  # 10:00

Line = dict[str, Any]
Lines = Sequence[Line | Sequence[Line]]


def home(**facts: Any) -> list[Line]:  # noqa: ANN401 - any field of a resident
    """Rooms 201 and 202, their residents r1 (with `facts`) and r2, a toilet, a corridor, a door, and three on duty."""
    rows: list[tuple[str, Any]] = [
        ("place", {"id": "wc", "kind": "toilet", "room": "201", "floor": "2"}),
        ("place", {"id": "corridor", "kind": "corridor", "floor": "2"}),
        ("place", {"id": "door", "kind": "exit", "floor": "1"}),
        ("resident", {"id": "r1", "room": "201", **facts}),
        ("resident", {"id": "r2", "room": "202"}),
        ("staff", [{"id": one, "card": f"card-{one}"} for one in ("li", "wu", "he")]),
        ("shift", {"id": "all", "from": "00:00", "to": "00:00"}),
        ("duty", {"member": "li", "shift": "all", "role": "assigned_carer"}),
        ("duty", {"member": "wu", "shift": "all", "role": "charge_nurse"}),
        ("duty", {"member": "he", "shift": "all", "role": "duty_manager"}),
    ]
    return [site(table, row) for table, row in rows]


def site(quantity: str, value: Any) -> Line:  # noqa: ANN401
    return {"t": 0.0, "kind": "site", "quantity": quantity, "value": value}


def bound(device: str, role: str, **owner: str) -> Line:
    return site("binding", {"device": device, "role": role, **owner})


def read(s: float, device: str, quantity: str, value: Any, **more: Any) -> Line:  # noqa: ANN401
    return {"t": s, "kind": "reading", "device": device, "quantity": quantity, "value": value, **more}


def each(first: float, last: float, step: float, device: str, quantity: str, value: Any) -> list[Line]:  # noqa: ANN401
    """The same value every `step` seconds, `last` too."""
    return [read(first + step * n, device, quantity, value) for n in range(int((last - first) / step) + 1)]


def seen(s: float, device: str, name: str, value: Any = True) -> Line:  # noqa: ANN401
    return {"t": s, "kind": "observation", "device": device, "quantity": name, "value": value}


def does(s: float, name: str, **more: Any) -> Line:  # noqa: ANN401
    return {"t": s, "kind": "command", "quantity": name, "by": "li", "resident": "r1", **more}


@dataclass(frozen=True)
class Day:
    """A day and what it must come to: `told` about the kinds in `about` (all but suppressed), to the second.

    `left`: what was weighed and not raised, or held back. `until`: seconds after `begins`.
    """

    sentence: str
    about: str
    lines: Lines
    until: float
    told: Sequence[str] = ()
    left: Sequence[str] = ()
    begins: float = NIGHT

    def text(self) -> str:
        """The file."""
        flat = [one for line in self.lines for one in ([line] if isinstance(line, dict) else line)]
        ordered = sorted(flat, key=lambda line: (line["kind"] != "site", line["t"]))
        return "".join(json.dumps({**line, "t": self.begins + line["t"]}) + "\n" for line in ordered)

    def played(self) -> tuple[list[str], list[str], list[str]]:
        """What was told, what was left, and what could not be used."""
        player = Player(RuleSettings(), AlarmSettings())
        lines = [line for text in self.text().splitlines() for line in player.feed(text)]
        lines += player.end(self.begins + self.until)
        of = [one for one in lines if one.get("kind") in self.about.split()]
        told = [self._words(one) for one in of if one["event"] != "suppressed"]
        left = [self._words(one) for one in of if one["event"] == "suppressed"]
        return told, left, [one.why for one in (*player.rejected, *player.warnings)]

    @property
    def expected(self) -> tuple[list[str], list[str], list[str]]:
        """What `played` must be."""
        return list(self.told), list(self.left), []

    def _words(self, one: Line) -> str:
        after = datetime.fromisoformat(one["t"]).timestamp() - self.begins
        kind = f"{one['kind']} " if " " in self.about else ""
        return f"{after:g} {kind}{one['event']} {one['priority']}".strip()
