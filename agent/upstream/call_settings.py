"""Calls that go out over HTTP (``[[call]]`` of config/upstream.toml): whom an alarm tells, where and how.

Imported by the core, so nothing of the network in here.
"""

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MinLen, Predicate

from agent.rules.kinds import KINDS
from agent.staff import PLATFORM
from agent.upstream.addresses import https_or_loopback

PLACEHOLDERS = (
    "alarm", "event", "kind", "kind_zh", "kind_en", "priority", "room", "resident", "time", "callback", "phone",
    "facility",
)  # fmt: skip

# preset -> the body, a JSON text whose placeholders stand inside strings
PRESETS = MappingProxyType(
    {
        "webhook": '{"id": "{event}", "alarm": "{alarm}", "kind": "{kind}", "priority": "{priority}", '
        '"room": "{room}", "resident": "{resident}", "time": "{time}", "callback": "{callback}"}',
        "sms": '{"to": "{phone}", "text": "{room} {kind_zh} ({priority}) {time}"}',
        "call_12349": '{"facility": "{facility}", "room": "{room}", "person": "{resident}", "reason": "{kind_zh}", '
        '"level": "{priority}", "callback": "{callback}", "time": "{time}", "serial": "{event}"}',
    }
)


_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")  # around a word alone: the braces of JSON stay what they are


@dataclass(frozen=True, slots=True)
class CallSettings:
    """One ``[[call]]``: made when an alarm newly tells one of `roles`.

    `kind` names a preset body, `body` one of your own. A header may hold ``{secret}``, what is in `secret_file` (mode
    0600). `phone` stands for staff who have no number on the roster.
    """

    name: Annotated[str, MinLen(1)]
    url: Annotated[str, MinLen(1), Predicate(https_or_loopback)]
    roles: Annotated[tuple[str, ...], MinLen(1)] = (PLATFORM,)
    kind: Literal["webhook", "sms", "call_12349"] = "webhook"
    method: Literal["POST", "PUT"] = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    secret_file: str = ""
    body: str = ""
    phone: str = ""
    deadline_s: Annotated[float, Ge(1), Le(60)] = 10.0

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        unknown = set(_PLACEHOLDER.findall(self.template)) - set(PLACEHOLDERS)
        if unknown:
            raise ValueError(f"body: no such placeholder: {', '.join(sorted(unknown))}; use {', '.join(PLACEHOLDERS)}")
        try:
            json.loads(self.template)
        except ValueError as error:
            raise ValueError(f"body: is not JSON: {error}; placeholders stand inside strings") from error

    @property
    def template(self) -> str:
        """The body before its placeholders are filled."""
        return self.body or PRESETS[self.kind]

    @property
    def consumer(self) -> str:
        """Under which name the store keeps what this call is done with."""
        return f"call:{self.name}"

    def filled(self, values: dict[str, str]) -> bytes:
        """The body of one request; `values` has a text for each placeholder, and cannot break out of the JSON."""

        def quoted(found: re.Match[str]) -> str:
            return json.dumps(values[found[1]], ensure_ascii=False)[1:-1]

        return _PLACEHOLDER.sub(quoted, self.template).encode()


def values_of(event: dict[str, Any], phones: dict[str, str], otherwise: str) -> dict[str, str]:
    """What the placeholders of a call about alarm event `event` stand for; raises KeyError or TypeError.

    `phones`: number of each member of staff who has one.
    """
    alarm = event["data"]["alarm"]
    subject, request, kind = alarm["subject"], alarm.get("call") or {}, KINDS.get(alarm["kind"])
    numbers = [phones[one] for one in alarm.get("people", ()) if one in phones]
    return {
        "alarm": str(alarm["id"]),
        "event": str(event["id"]),
        "kind": str(alarm["kind"]),
        "kind_zh": kind.zh if kind else str(alarm["kind"]),
        "kind_en": kind.en if kind else str(alarm["kind"]),
        "priority": str(alarm["priority"]),
        "room": str(subject["room"]),
        "resident": str(subject["id"]) if subject["kind"] == "resident" else "",
        "time": str(event["time"]),
        "callback": str(request.get("callback", "")),
        "phone": ",".join(dict.fromkeys(numbers)) or otherwise,
        "facility": str(event.get("facility", "")),
    }
