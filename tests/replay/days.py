"""Short days for the tests of the replay, and what they come to."""

import json
from typing import Any

from agent.alarms.settings import AlarmSettings
from agent.replay.player import Player
from agent.rules.settings import RuleSettings

START = "2027-01-14T12:00:00Z"


def site(quantity: str, value: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"t": START, "kind": "site", "quantity": quantity, "value": value, **more}


def at(seconds: float, kind: str, quantity: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    minutes, rest = divmod(seconds, 60)
    return {"t": f"2027-01-14T12:{int(minutes):02d}:{rest:06.3f}Z", "kind": kind, "quantity": quantity, **more}


HOME = [
    site("resident", {"id": "r1", "room": "201", "fall_risk": "high"}),
    site("binding", {"role": "bed"}, device="bed1", resident="r1"),
    site("binding", {"device": "btn1", "resident": "r1", "role": "button"}),
]


def press(seconds: float, device: str = "btn1") -> dict[str, Any]:
    return at(seconds, "reading", "button", device=device, value="press")


def command(seconds: float, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return at(seconds, "command", name, **more)


class Replayed:
    """A day, played to its end."""

    def __init__(self, lines: list[Any], until: float | None = None) -> None:
        self.player = Player(RuleSettings(), AlarmSettings())
        self.told: list[dict[str, Any]] = []
        for line in lines:
            self.told += self.player.feed(line if isinstance(line, str) else json.dumps(line))
        *events, last = self.player.end(until)
        self.told += events
        self.summary = last["summary"]

    def of(self, kind: str) -> list[tuple[str, str]]:
        """(time after the start as MM:SS, event) of one kind of alarm."""
        return [(one["t"][14:19], one["event"]) for one in self.told if one["kind"] == kind]

    @property
    def whys(self) -> list[tuple[int, str]]:
        return [(one.number, one.why) for one in self.player.rejected]
