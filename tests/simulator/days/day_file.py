"""The simulated home as a day file: lines for `nightlamp replay` (docs/replay.md). No carer answers in it."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any, TextIO

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.moment import DailySpan, clock_text
from agent.residents import Site
from agent.staff import Shift
from drivers.base import Link
from drivers.reading import Reading
from tests.simulator.days.month import WALL, Month

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def write(seed: int, days: int, out: TextIO) -> int:
    """Site facts and `days` days of the home of `seed`, one JSON object a line; gives the number of lines."""
    month, count = Month(seed, days), 0
    for told in (*site_lines(month.home.site), *map(line, month.events())):
        out.write(json.dumps(told, ensure_ascii=False) + "\n")
        count += 1
    return count


def site_lines(site: Site) -> Iterator[dict[str, Any]]:
    """One line a table, and before all the facility."""
    roster = site.roster
    shifts = [_shift(one) for one in roster.shifts.values()]
    tables: dict[str, Any] = {
        "facility": {"code": site.facility, "area_code": site.area_code},
        "resident": [_row(one) for one in site.residents.values()],
        "place": [_row(one) for one in site.places.values()],
        "binding": [_row(one) for one in site.bindings.values()],
        "staff": [_row(one) for one in roster.members.values()],
        "shift": shifts,
        "duty": [_row(one) | {"days": [WEEKDAYS[day] for day in one.days]} for one in roster.duties],
        "meals": [clock_text(at) for at in site.meals],
    }
    yield from ({"t": WALL, "kind": "site", "quantity": name, "value": value} for name, value in tables.items())


def line(event: Event) -> dict[str, Any]:
    """One event as a line."""
    t = round(WALL + event.at, 3)
    if isinstance(event, Reading):
        quality = {} if event.quality == "good" else {"quality": event.quality.value}
        return _from(t, "reading", event.device, event.quantity, event.value) | quality
    if isinstance(event, Link):
        return _from(t, "reading", event.device, "link", event.state.value)
    if isinstance(event, Observation):
        return _from(t, "observation", event.device, event.name, event.value) | {"score": event.score}
    return _command(t, event)


def _command(t: float, act: Act) -> dict[str, Any]:
    about = {act.subject.kind.value: act.subject.id}
    return {"t": t, "kind": "command", "quantity": act.name, "value": act.value, "by": act.actor, **about}


def _from(t: float, kind: str, device: str, quantity: str, value: object) -> dict[str, Any]:
    return {"t": t, "kind": kind, "device": device, "quantity": quantity, "value": value}


def _shift(one: Shift) -> dict[str, Any]:
    return {"id": one.id, "from": clock_text(one.span.start_s), "to": clock_text(one.span.end_s)}


def _row(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass of the site
    plain = {name.name: _plain(getattr(one, name.name)) for name in dataclasses.fields(one)}
    return plain | ({"limits": dict(one.limits)} if "limits" in plain else {})


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field
    return str(value) if isinstance(value, DailySpan) else value
