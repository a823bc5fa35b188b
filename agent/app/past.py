"""What was true before a restart: site facts and open alarms, taken up again whatever state they are in."""

import logging
from collections.abc import Mapping
from typing import Any

from agent.alarms.alarm import Alarm
from agent.app.flow import Flow
from agent.clock import BUILD_EPOCH_S, Stamp
from agent.settings.site import SiteSettings
from agent.store.store import Opened

_LOGGER = logging.getLogger(__name__)


def site_in_force(
    stored: Mapping[str, Any] | None, written: SiteSettings
) -> tuple[SiteSettings, dict[str, Any] | None, str]:
    """Whose site facts count: (facts, document to import or None, what is wrong with the stored ones).

    What the installer wrote is imported when it differs from what was imported last; else the store's facts, which
    may have been edited since, are the truth.
    """
    document = written.to_document()
    if stored is None or stored.get("imported") != document["imported"]:
        return written, document, ""
    try:
        return SiteSettings.from_document(stored), None, ""
    except ValueError as error:
        return written, document, f"site facts in the store cannot be used, site.toml is: {str(error).splitlines()[0]}"


def restore(opened: Opened, flow: Flow, now: Stamp) -> list[str]:
    """Take up the open alarms of the store; gives what could not be restored, for staff."""
    problems = list(opened.problems)
    for state, boot, _ in opened.open_alarms:
        try:
            alarm = Alarm.from_json(state)
            flow.restore(alarm, _shift_s(alarm, boot, now), "the store")
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"open alarm {state.get('id', '?')} cannot be restored: {error!r}")
            _LOGGER.error("open alarm %s cannot be restored: %r", state.get("id", "?"), error)
    return problems


def restore_held(states: list[Mapping[str, Any]], flow: Flow) -> list[str]:
    """Take up what only the sounder remembers: it sounded, but was not stored yet. The same boot, so no shift."""
    problems = []
    for state in states:
        try:
            flow.restore(Alarm.from_json(state), 0.0, "the sounder")
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"alarm {state.get('id', '?')} held by the sounder cannot be restored: {error!r}")
    return problems


def _shift_s(alarm: Alarm, boot: str, now: Stamp) -> float | None:
    """What moves the alarm's times to this boot's clock; None when nobody knows how long we slept."""
    if boot == now.boot:
        return 0.0
    if min(now.wall, alarm.raised_wall) < BUILD_EPOCH_S or now.wall < alarm.raised_wall:
        return None
    return (now.monotonic - (now.wall - alarm.raised_wall)) - alarm.raised_at
