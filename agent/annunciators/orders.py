"""What the core may tell the sounder, checked: a message that lies is a core that must be hung up on. Pure."""

from collections.abc import Mapping
from typing import Any

from agent.annunciators.speech import SiteFacts
from agent.wire import WireError

_PRIORITIES = ("low", "medium", "high")


def alarms_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The open alarms of an `open` message; raises WireError when they lack what the board needs."""
    try:
        alarms = list(message["alarms"])
        wrong = [alarm for alarm in alarms if not _is_alarm(alarm)]
    except (KeyError, TypeError) as error:
        raise WireError(f"not a set of alarms: {error!r}") from error
    if wrong:
        raise WireError(f"not an alarm: {str(wrong[0].get('id'))[:60]!r}")
    return alarms


def site_of(message: Mapping[str, Any]) -> SiteFacts:
    """The facts of a `site` message; raises WireError."""
    try:
        return SiteFacts.of(message)
    except (AttributeError, KeyError, TypeError) as error:
        raise WireError(f"not site facts: {type(error).__name__}") from error  # never the message: it holds names


def texts_of(message: Mapping[str, Any], *keys: str) -> list[str]:
    """The values of `keys`, which must be texts (empty if left out); raises WireError."""
    values = [message.get(key, "") for key in keys]
    if not all(isinstance(value, str) for value in values):
        raise WireError(f"{message.get('t')}: {', '.join(keys)} must be texts")
    return values


def _is_alarm(alarm: dict[str, Any]) -> bool:
    texts = isinstance(alarm["id"], str) and isinstance(alarm["alarm_class"], str)
    subject = alarm.get("subject")
    people = alarm.get("people", [])
    return (
        texts
        and isinstance(alarm["sounding"], bool)
        and alarm["priority"] in _PRIORITIES
        and (subject is None or isinstance(subject, dict))
        and isinstance(people, list)
        and all(isinstance(one, str) for one in people)
    )
