"""Who sounds when some are dead."""

from dataclasses import dataclass
from typing import cast

import pytest

from agent.annunciators.fallback import deaf, sounding_ranks
from agent.annunciators.outputs import KeptOutput


@dataclass
class Row:
    """What the fallback looks at."""

    rank: int
    state: str = "ok"
    sounds: bool = True


def outputs(*rows: Row) -> list[KeptOutput]:
    return cast("list[KeptOutput]", list(rows))


@pytest.mark.parametrize(
    ("rows", "rank"),
    [
        ((), 0),
        ((Row(1, sounds=False),), 0),
        ((Row(1), Row(2)), 1),
        ((Row(2), Row(3)), 2),  # nobody has rank 1
        ((Row(1, "opening"), Row(2)), 1),
        ((Row(1, "fault"), Row(2), Row(3)), 2),
        ((Row(1, "fault"), Row(1), Row(2)), 2),  # one of two floors is silent: the next joins
        ((Row(1, "fault"), Row(2, "fault"), Row(3)), 3),
        ((Row(1, "fault"), Row(2, "fault")), 2),
        ((Row(1), Row(1, "fault", sounds=False), Row(2)), 1),  # a dead lamp is no dead buzzer
    ],
)
def test_ranks(rows: tuple[Row, ...], rank: int) -> None:
    assert sounding_ranks(outputs(*rows)) == rank


@pytest.mark.parametrize(
    ("rows", "is_deaf"),
    [
        ((), False),
        ((Row(1, "fault", sounds=False),), False),
        ((Row(1, "opening"),), False),
        ((Row(1, "fault"), Row(2)), False),
        ((Row(1, "fault"), Row(2, "fault")), True),
        ((Row(1, "fault"), Row(1, sounds=False)), True),
    ],
)
def test_deaf(rows: tuple[Row, ...], is_deaf: bool) -> None:
    assert deaf(outputs(*rows)) is is_deaf
