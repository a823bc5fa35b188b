"""What a person says that they did, checked against the site: the way from panel, card and command line to an act."""

import math
from collections.abc import Collection, Mapping
from typing import Any

from agent.alarms.alarm import CommandError
from agent.detection.acts import ACTS, Act
from agent.residents import Site, Subject, SubjectKind

LEVELS = ("A", "C", "V", "P", "U")  # NEWS2: alert, new confusion, responds to voice, to pain, not at all
UNTIL = ("out", "activity", "maintenance")  # their value is their end
EARLIEST, LATEST = 1e8, 1e11  # UTC seconds: what lies outside was meant as minutes, or as milliseconds


def act_of(
    site: Site, name: str, asked: Mapping[str, Any], at: float, actor: str, annunciators: Collection[str] = ()
) -> Act:
    """The act called `name`, about the ``resident``, ``place`` or ``device`` of `asked`; `at` is monotonic.

    That a test was heard is about one of `annunciators`, which no site facts know. Raises `CommandError`: unknown_act,
    unknown_subject, wrong_subject or bad_value.
    """
    row = ACTS.get(name)
    if row is None:
        raise CommandError("unknown_act", f"there is no act {name!r}; they are {', '.join(ACTS)}")
    subject = _annunciator(asked, annunciators) if _is_of_sound(name, asked) else _subject(site, asked)
    if subject.kind not in row.about:
        raise CommandError("wrong_subject", f"{name} is about a {' or a '.join(kind.value for kind in row.about)}")
    value = asked.get("value", True)
    if not isinstance(value, str | float | int | bool):
        raise CommandError("bad_value", f"value is {value!r}; it must be text, a number, true or false")
    if name in UNTIL and not isinstance(value, bool) and not _is_time(value):
        raise CommandError("bad_value", f"{name} lasts until {value!r}; give UTC seconds since 1970, or nothing")
    if isinstance(value, float) and not math.isfinite(value):
        raise CommandError("bad_value", f"value is {value!r}, which is no number")
    if name == "consciousness" and value not in LEVELS:
        raise CommandError("bad_value", f"consciousness is one of {', '.join(LEVELS)}")
    if name == "oxygen" and not isinstance(value, bool):
        raise CommandError("bad_value", "oxygen is true or false")
    return Act(name, subject, at, actor, value)


def _is_time(value: str | float) -> bool:
    return not isinstance(value, str) and EARLIEST <= value <= LATEST


def _is_of_sound(name: str, asked: Mapping[str, Any]) -> bool:
    return name == "heard" or (name == "task_done" and asked.get("value") == "confirm_sound")


def _annunciator(asked: Mapping[str, Any], names: Collection[str]) -> Subject:
    name = str(asked.get("device") or "")
    if name not in names:
        there_are = ", ".join(names) or "none"
        raise CommandError("unknown_subject", f"there is no annunciator {name!r}; there are: {there_are}")
    return Subject(SubjectKind.DEVICE, name)


def _subject(site: Site, asked: Mapping[str, Any]) -> Subject:
    about = {key: str(asked[key]) for key in ("resident", "place", "device") if asked.get(key)}
    if len(about) != 1:
        raise CommandError("unknown_subject", "give one of resident, place, device")
    if "resident" in about:
        resident = site.residents.get(about["resident"])
        if resident is None:
            raise CommandError("unknown_subject", f"there is no resident {about['resident']!r}")
        return site.resident_subject(resident)
    if "place" in about:
        known = about["place"] in site.places or bool(site.living_in(about["place"]))
        if not known:
            raise CommandError("unknown_subject", f"there is no place {about['place']!r}")
        return site.place_subject(about["place"])
    if about["device"] not in site.bindings:
        raise CommandError("unknown_subject", f"there is no device {about['device']!r}")
    return site.device_subject(about["device"])
