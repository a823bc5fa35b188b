"""JSON Schemas of both sides of a replay, made of the same tables that the code uses (copies: docs/replay/)."""

import json
from collections.abc import Iterable
from typing import Any

from agent.detection.acts import ACTS
from agent.detection.observations import OBSERVATIONS
from agent.replay.day import TABLES
from agent.replay.measured import LINK
from agent.replay.orders import CAUSES, ORDERS
from agent.replay.told import WORDS
from agent.replay.units import accepted
from agent.rules.finding import AlarmClass, Priority
from agent.rules.kinds import KINDS
from agent.rules.words import WORDS as REASONS
from drivers.base import LinkState
from drivers.quantities import QUANTITIES, Quantity, Shape
from drivers.reading import Quality

Schema = dict[str, Any]

_SITE_KEYS = ("device", "resident", "unit", "quality")
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": "string"}
TEXT_OR_NONE: Schema = {"type": ["string", "null"]}  # null is as good as no key
ID: Schema = {"type": "string", "minLength": 1}
TIME: Schema = {
    "description": "UTC: RFC 3339 with a zone, or seconds since 1970",
    "oneOf": [{"type": "string", "format": "date-time"}, {"type": "number"}],
}
NUMBER_OR_NONE: Schema = {"type": ["number", "null"]}


def day_schema() -> Schema:
    """One line of a day file."""
    return {
        "$schema": DRAFT,
        "title": "A line of a day file",
        "oneOf": [_site(), *(_reading(row) for row in QUANTITIES.values()), _link(), _observation(), _command()],
    }


def told_schema() -> Schema:
    """One line that `nightlamp replay --json` prints: an event of an alarm, or the summary at the end."""
    reason = _object({"code": {"enum": sorted(REASONS)}, "text": TEXT}, ("code", "text"), more=True)
    event = {
        "t": {"type": "string", "format": "date-time"},
        "alarm": {"type": ["string", "null"], "description": "null: nothing was raised"},
        "event": {"enum": sorted({*WORDS.values(), "suppressed"})},
        "kind": {"enum": sorted(KINDS)},
        "priority": {"enum": [*(priority.label for priority in Priority), ""]},
        "class": {"enum": [one.value for one in AlarmClass]},
        "resident": {"type": ["string", "null"]},
        "place": TEXT,
        "subject": ID,
        "reasons": {"type": "array", "items": reason},
        "by": TEXT,
    }
    summary = {
        "from": {"type": "string"},
        "to": {"type": "string"},
        "lines": {"type": "integer"},
        "rejected": {"type": "integer"},
        **{key: {"type": "object"} for key in ("events", "raised", "priorities", "figures")},
        "open": {"type": "array", "items": TEXT},
    }
    needed = tuple(key for key in event if key != "by")
    return {
        "$schema": DRAFT,
        "title": "A line of a replay",
        "oneOf": [
            _object(event, needed),
            _object({"summary": _object(summary, ("from", "to", "lines", "rejected", "raised", "open"))}, ("summary",)),
        ],
    }


def _object(properties: Schema, required: Iterable[str], more: bool = False) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        **({} if more else {"additionalProperties": False}),
    }


def _site() -> Schema:
    value = {"description": "the fields of the block of that name in config/site.toml (docs/site.md)"}
    fields = {"t": TIME, "kind": {"const": "site"}, "quantity": {"enum": sorted(TABLES)}, "value": value}
    return _object({**fields, **dict.fromkeys(_SITE_KEYS, TEXT_OR_NONE)}, ("t", "kind", "quantity", "value"))


def _reading(row: Quantity) -> Schema:
    value: Schema = {"type": "boolean"}
    if row.shape is Shape.CONTINUOUS:
        value = {"type": "number", "description": f"a working sensor says {row.low:g} to {row.high:g}"}
    elif row.shape is Shape.EVENT:
        value = {"enum": list(row.choices)} if row.choices else ID
    return _measured(row.name, value, row.unit)


def _link() -> Schema:
    return _measured(LINK, {"enum": [state.value for state in LinkState]}, "")


def _measured(quantity: str, value: Schema, unit: str) -> Schema:
    fields = {
        "t": TIME,
        "kind": {"const": "reading"},
        "device": ID,
        "resident": TEXT_OR_NONE,
        "quantity": {"const": quantity},
        "value": value,
        "unit": {"enum": [None, *sorted({"", *accepted(unit)})]},
        "quality": {"enum": [None, *(quality.value for quality in Quality)]},
        "stored": {"type": ["boolean", "null"], "description": "out of the device's memory: neither raises nor clears"},
    }
    return _object(fields, ("t", "kind", "device", "quantity", "value"))


def _observation() -> Schema:
    fields = {
        "t": TIME,
        "kind": {"const": "observation"},
        "device": ID,
        "resident": TEXT_OR_NONE,
        "quantity": {"enum": sorted(OBSERVATIONS)},
        "value": {"type": ["boolean", "number", "null"], "description": "null: true; a number is the score"},
        "score": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "unit": TEXT_OR_NONE,
        "quality": TEXT_OR_NONE,
    }
    return _object(fields, ("t", "kind", "device", "quantity"))


def _command() -> Schema:
    fields = {
        "t": TIME,
        "kind": {"const": "command"},
        "quantity": {"enum": sorted((*ORDERS, *ACTS))},
        **dict.fromkeys(("resident", "place", "device", "by", "alarm", "unit", "quality", "reason"), TEXT_OR_NONE),
        "cause": {"enum": [None, *(cause.value for cause in CAUSES)]},
        "seconds": {**NUMBER_OR_NONE, "description": "how long a pause or shelf lasts"},
        "minutes": NUMBER_OR_NONE,
        "until": {**TIME, "oneOf": [*TIME["oneOf"], {"type": "null"}]},
        "value": {"description": "an order: kind or id of the alarm, or {kind, cause}; an act: docs/replay.md"},
    }
    return _object(fields, ("t", "kind", "quantity"))


SCHEMAS = {"day": day_schema, "told": told_schema}


def text(name: str) -> str:
    """The schema called `name` (day, told) as it stands in docs/replay/; raises KeyError."""
    return json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=1) + "\n"
