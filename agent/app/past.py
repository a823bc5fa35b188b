"""What was true before a restart: site facts and open alarms, taken up again whatever state they are in."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from agent.alarms.alarm import Alarm
from agent.alarms.standing import from_json
from agent.app.flow import Flow
from agent.app.site_facts import EDITED_BY, IMPORTED
from agent.clock import BUILD_EPOCH_S, Stamp
from agent.detection.acts import act_from_json
from agent.settings.site import MARKS, SiteSettings
from agent.store.store import Opened

_LOGGER = logging.getLogger(__name__)

LONG_AGO_S = 24 * 3600.0  # longer than anything is held, shelved or left closed while it goes on


def site_in_force(
    stored: Mapping[str, Any] | None, written: SiteSettings
) -> tuple[SiteSettings, dict[str, Any] | None, str]:
    """Whose site facts count: (facts, document to import or None, what is wrong with the stored ones).

    What the installer wrote is imported when it differs from what was imported last; else the store's facts, which
    may have been edited since, are the truth. Either file is imported by itself: who adds a zone to cameras.toml
    undoes no edit of a resident.
    """
    document = written.to_document()
    if stored is None:
        return written, document, ""
    site, _, cameras = document[IMPORTED].partition(MARKS)
    had_site, _, had_cameras = str(stored.get(IMPORTED, "")).partition(MARKS)
    try:
        known = SiteSettings.from_document(stored)
    except ValueError as error:
        wrong = f"site facts in the store cannot be used, site.toml is: {str(error).splitlines()[0]}"
        return written, document, "" if had_site != site else wrong
    if had_site == site and had_cameras == cameras:
        return known, None, ""
    own_cameras = (known if had_cameras == cameras else written).camera
    facts = replace(known if had_site == site else written, camera=own_cameras)
    kept = {EDITED_BY: stored[EDITED_BY]} if had_site == site and EDITED_BY in stored else {}
    return facts, {**facts.to_document(), IMPORTED: document[IMPORTED], **kept}, ""


def author_of_import(stored: Mapping[str, Any] | None, document: Mapping[str, Any]) -> str:
    """Who replaces the facts in the store, for the audit: which file, and over whose edits if there were any."""
    edited_by = str(stored.get(EDITED_BY, "")) if stored else ""
    if stored and stored.get(IMPORTED, "").partition(MARKS)[0] == document[IMPORTED].partition(MARKS)[0]:
        _LOGGER.info("cameras.toml has changed and replaces what was set of the cameras")
        return "cameras.toml"
    if edited_by:
        _LOGGER.warning("site.toml has changed and replaces the site facts, with all that was edited by API since")
    return f"site.toml, over edits of {edited_by}" if edited_by else "site.toml"


def restore(opened: Opened, flow: Flow, now: Stamp) -> list[str]:
    """Take up what stood before the restart; gives what could not be restored, for staff."""
    problems = list(opened.problems)
    for state, boot, wall in sorted(opened.open_alarms, key=lambda one: _ORDER.get(_record(one[0]), 0)):
        try:
            _RESTORE[_record(state)](state, boot, wall, flow, now)
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"open alarm {state.get('id', '?')} cannot be restored: {error!r}")
            _LOGGER.error("open alarm %s cannot be restored: %r", state.get("id", "?"), error)
    flow.settle()
    return problems


def _alarm(state: Mapping[str, Any], boot: str, _wall: float, flow: Flow, now: Stamp) -> None:
    alarm = Alarm.from_json(state)
    flow.restore(alarm, sleep_s(alarm.raised_at, alarm.raised_wall, boot, now), "the store")


def _standing(state: Mapping[str, Any], boot: str, wall: float, flow: Flow, now: Stamp) -> None:
    """A pause, shelf, task, or what was held back.

    When nobody knows how long we slept, pauses and shelves are over, for good, and what was held is due: in doubt it
    sounds.
    """
    shift_s = sleep_s(float(state.get("at", state["since"])), wall, boot, now)
    if shift_s is not None:
        flow.restore_standing(from_json(state, shift_s))
    elif state["record"] == "task":
        flow.restore_standing(from_json(state, 0.0))
    else:
        flow.restore_standing(from_json(state, now.monotonic - LONG_AGO_S - float(state["since"])))


def _act(state: Mapping[str, Any], boot: str, wall: float, flow: Flow, now: Stamp) -> None:
    """What a person did last; forgotten when nobody knows how long ago that was."""
    shift_s = sleep_s(float(state["at"]), wall, boot, now)
    if shift_s is not None:
        flow.retell(act_from_json(state, shift_s))


_RESTORE: MappingProxyType[str, Callable[[Mapping[str, Any], str, float, Flow, Stamp], None]] = MappingProxyType(
    {"alarm": _alarm, "pause": _standing, "shelf": _standing, "task": _standing, "held": _standing, "act": _act}
)
# What people said, and what keeps alarms back, goes before what it may keep back.
_ORDER: MappingProxyType[str, int] = MappingProxyType({"act": -2, "shelf": -1, "pause": -1, "held": 1})


def _record(state: Mapping[str, Any]) -> str:
    return str(state.get("record", "alarm"))


def restore_held(states: Sequence[Mapping[str, Any]], flow: Flow) -> list[str]:
    """Take up what only the sounder remembers: it sounded, but was not stored yet. The same boot, so no shift."""
    problems = []
    for state in states:
        try:
            flow.restore(Alarm.from_json(state), 0.0, "the sounder")
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"alarm {state.get('id', '?')} held by the sounder cannot be restored: {error!r}")
    return problems


def sleep_s(monotonic: float, wall: float, boot: str, now: Stamp) -> float | None:
    """What moves `monotonic` of `boot`, then `wall`, to this boot's clock; None: nobody knows how long we slept."""
    if boot == now.boot:
        return 0.0
    if min(now.wall, wall) < BUILD_EPOCH_S or now.wall < wall:
        return None
    return (now.monotonic - (now.wall - wall)) - monotonic
