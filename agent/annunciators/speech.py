"""What a loudspeaker says of an alarm, and how much of a name it gives away. Pure.

The words come with the alarm and with the site facts that the core sends; a name is only ever spoken, never logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from agent.rules.kinds import KINDS

ZH, EN = "zh", "en"

# Surnames of two characters; all others have one.
_LONG_SURNAMES = (
    "欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 东方 司徒 长孙 宇文 司空 端木 南宫 独孤 轩辕 澹台 公羊 钟离 "
    "闻人 鲜于 申屠 太史 赫连 单于 百里 呼延 东郭 南门 西门 公冶 宗政 濮阳 淳于 仲孙 万俟 第五"
)
_DIGITS_ZH = str.maketrans("0123456789", "零一二三四五六七八九")
_LONGEST = 60  # characters; a longer sentence would not fit between two bursts

ROOM = MappingProxyType({ZH: "{room}房", EN: "Room {room}"})
TEST = MappingProxyType({ZH: "这是报警器测试", EN: "This is a test of the alarm"})
CORE_GONE = MappingProxyType({ZH: "守夜灯系统故障，请查看网关", EN: "Nightlamp has failed, look at the gateway"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives, and the name."""

    room: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the core told: pager numbers by staff id, places by the id of an alarm's subject."""

    pagers: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    @staticmethod
    def of(message: Mapping[str, Any]) -> "SiteFacts":
        """The facts of a `site` message; raises AttributeError, KeyError or TypeError when it is none."""
        places = {str(id_): Place(str(row["room"]), str(row["name"])) for id_, row in message["rooms"].items()}
        return SiteFacts({str(id_): str(number) for id_, number in message["pagers"].items() if number}, places)


def room_of(alarm: Mapping[str, Any], site: SiteFacts) -> str:
    """The room of an alarm, empty if it has none: what the alarm says itself goes first."""
    subject = alarm.get("subject") or {}
    own = str(subject.get("room", ""))
    return own or site.places.get(str(subject.get("id", "")), Place()).room


def sentence(alarm: Mapping[str, Any], site: SiteFacts, names: str, language: str) -> str:
    """Room, what happened, and the name as `names` (none, surname, full) allows.

    In this order: a burst that comes too early cuts the end off.
    """
    room = room_of(alarm, site)
    subject = alarm.get("subject") or {}
    name = spoken_name(site.places.get(str(subject.get("id", "")), Place()).name, names)
    parts = [ROOM[language].format(room=spoken_room(room, language)) if room else "", what(alarm, language), name]
    return ("，" if language == ZH else ", ").join(part for part in parts if part)[:_LONGEST]


def written(alarm: Mapping[str, Any], site: SiteFacts, names: str, language: str) -> str:
    """The same for a small display: ``205 Fall``."""
    subject = alarm.get("subject") or {}
    name = spoken_name(site.places.get(str(subject.get("id", "")), Place()).name, names)
    return " ".join(part for part in (room_of(alarm, site), what(alarm, language), name) if part)


def what(alarm: Mapping[str, Any], language: str) -> str:
    """What happened, in words; a kind that this version does not know is an alarm all the same."""
    kind = KINDS.get(str(alarm.get("kind", "")))
    if kind is None:
        return "报警" if language == ZH else "Alarm"
    return kind.zh if language == ZH else kind.en


def spoken_room(room: str, language: str) -> str:
    """Digit by digit, as people call a room: 205 is 二零五, not two hundred and five."""
    return room.translate(_DIGITS_ZH) if language == ZH else " ".join(room)


def spoken_name(name: str, names: str) -> str:
    """`name` as the privacy setting allows; empty for `none`."""
    name = name.strip()
    if names == "full" or not name:
        return name
    return surname(name) if names == "surname" else ""


def surname(name: str) -> str:
    """The first of a Chinese name, the last of a name in other letters."""
    if name[0].isascii() or " " in name:
        return name.split()[-1]
    return name[:2] if name[:2] in _LONG_SURNAMES and len(name) > 2 else name[0]
