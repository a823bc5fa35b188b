"""The rooms and other places of a home."""

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is for; decides which rules look at it."""

    ROOM = "room"
    TOILET = "toilet"
    CORRIDOR = "corridor"
    EXIT = "exit"
    DINING = "dining"
    KITCHEN = "kitchen"
    HALL = "hall"
    YARD = "yard"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `room`: the room that it belongs to (a toilet's), where staff must go; `floor` groups places."""

    id: str
    kind: PlaceKind = PlaceKind.ROOM
    room: str = ""
    floor: str = ""
