"""What the pages show of devices and of our own parts, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.alarms.snapshot import DeviceStatus, LatestReading, PartStatus, Snapshot
from agent.panel import shadow_view
from agent.panel.words import quantity, unit, value, word, word_or


@dataclass(frozen=True, slots=True)
class Value:
    """One reading in words."""

    label: str
    text: str
    unit: str
    quality: str
    doubtful: bool
    at: float


@dataclass(frozen=True, slots=True)
class Device:
    """One device in words; `heard` is monotonic, None when it never was."""

    id: str
    role: str
    link: str
    link_word: str
    reason: str
    heard: float | None
    values: tuple[Value, ...]
    shadow: str = ""  # that what it sees raises nothing


def devices(snapshot: Snapshot, language: str) -> tuple[tuple[str, tuple[Device, ...]], ...]:
    """Devices by room, rooms by name."""
    grouped: dict[str, list[Device]] = {}
    held = shadow_view.modes(snapshot, language)
    for status in snapshot.devices:
        grouped.setdefault(status.room, []).append(_device(status, snapshot.at, language, held.get(status.id, "")))
    return tuple(
        (room or word("no_room", language), tuple(grouped[room])) for room in sorted(grouped, key=lambda r: (not r, r))
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of ourselves in words."""

    name: str
    label: str
    state: str
    state_word: str
    detail: str


def parts(snapshot: Snapshot, language: str) -> tuple[Part, ...]:
    """Every part, in the order in which the core names them."""
    held = shadow_view.modes(snapshot, language)
    return tuple(_part(status, language, held) for status in snapshot.parts)


def _device(status: DeviceStatus, at: float, language: str, shadow: str) -> Device:
    return Device(
        id=status.id,
        role=word_or(f"role_{status.role}", language, status.role),
        link=status.link.value,
        link_word=word_or(f"link_{status.link.value}", language, status.link.value),
        reason=status.reason.text(language) if status.reason else "",
        heard=None if status.age_s is None else float(round(at - status.age_s)),
        values=tuple(_value(reading, at, language) for reading in status.readings),
        shadow=shadow,
    )


def _value(reading: LatestReading, at: float, language: str) -> Value:
    return Value(
        label=quantity(reading.quantity, language),
        text=value(reading.value, language),
        unit=unit(reading.unit, language),
        quality=word_or(f"quality_{reading.quality}", language, reading.quality),
        doubtful=reading.quality != "good",
        at=float(round(at - reading.age_s)),
    )


def _part(status: PartStatus, language: str, held: Mapping[str, str]) -> Part:
    what, _, which = status.name.partition(":")
    label = word_or(f"part_{what}", language, what)
    said = status.reason.text(language) if status.reason else status.detail
    shadow = held.get(which, "") if what == "camera" else ""
    return Part(
        name=status.name,
        label=f"{label} {which}" if which else label,
        state=status.state,
        state_word=word_or(f"state_{status.state}", language, status.state),
        detail=" · ".join(text for text in (said, shadow) if text),
    )
