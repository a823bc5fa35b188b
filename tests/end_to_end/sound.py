"""What the buzzer did, out of the file into which the simulated annunciator writes every line change."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sound:
    """`rises`: monotonic times at which the buzzer went on; `began`: when each alarm first began to sound."""

    rises: tuple[float, ...]
    began: dict[str, float]


def heard(lines: Path) -> Sound:
    """All of it so far; a line that is being written is not there yet."""
    rises: list[float] = []
    began: dict[str, float] = {}
    for text in lines.read_text(encoding="utf-8").split("\n")[:-1]:
        row = json.loads(text)
        if row["line"] == "buzzer" and row["on"]:
            rises.append(row["at"])
        for id_ in row["alarms"]:
            began.setdefault(id_, row["at"])
    return Sound(tuple(rises), began)


def longest_silence(rises: Iterable[float], spans: Iterable[tuple[float, float]]) -> float:
    """The longest time within one of `spans` (begin, end) in which the buzzer never went on.

    Counted from rise to rise, so a pulse cut short by the death of its process counts as silence from its first moment.
    """
    times, longest = sorted(rises), 0.0
    for begin, end in merged(spans):
        marks = [begin, *(at for at in times if begin < at < end), end]
        longest = max(longest, *(after - before for before, after in pairwise(marks)))
    return longest


def merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same time without overlaps, ascending."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
