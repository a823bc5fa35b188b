"""Where a question can be asked aloud now: the rooms of loudspeakers that work, as the sounder tells it. Pure."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Voices:
    """`rooms`: those with a loudspeaker that works now; replaced as loudspeakers die and come back."""

    rooms: frozenset[str] = frozenset()
    _unasked: dict[str, float] = field(default_factory=dict)  # room -> when a question there was last not spoken

    def unasked(self, room: str, at: float) -> None:
        """The question in `room` was not spoken, it is known at monotonic `at`."""
        self._unasked[room] = at

    def can_answer(self, room: str, since: float) -> bool:
        """Whether somebody in `room` may have heard what was to be asked there at monotonic `since`."""
        return room in self.rooms and self._unasked.get(room, since - 1.0) < since
