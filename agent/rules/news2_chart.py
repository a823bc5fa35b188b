"""NEWS2 as data: the bands of the chart of the Royal College of Physicians, London 2017, unchanged.

National Early Warning Score (NEWS) 2: Standardising the assessment of acute-illness severity in the NHS. The chart is
© Royal College of Physicians 2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from types import MappingProxyType

RESPIRATION, SPO2, OXYGEN, SYSTOLIC, PULSE, CONSCIOUSNESS, TEMPERATURE = PARAMETERS = (
    "respiratory_rate",
    "spo2",
    "oxygen",
    "systolic",
    "heart_rate",
    "consciousness",
    "body_temperature",
)

Band = tuple[float, int]  # (highest value of the band in the chart's own steps, points)
_TOP = float("inf")

# Values are judged as the chart writes them: whole numbers, temperature in tenths.
BANDS: Mapping[str, tuple[Band, ...]] = MappingProxyType(
    {
        RESPIRATION: ((8, 3), (11, 1), (20, 0), (24, 2), (_TOP, 3)),
        SPO2: ((91, 3), (93, 2), (95, 1), (_TOP, 0)),
        SYSTOLIC: ((90, 3), (100, 2), (110, 1), (219, 0), (_TOP, 3)),
        PULSE: ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (_TOP, 3)),
        TEMPERATURE: ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (_TOP, 2)),
    }
)
SCALE_2_ON_AIR: tuple[Band, ...] = ((83, 3), (85, 2), (87, 1), (_TOP, 0))
SCALE_2_ON_OXYGEN: tuple[Band, ...] = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (_TOP, 3))
OXYGEN_POINTS = 2
LEVELS: Mapping[str, int] = MappingProxyType({"A": 0, "C": 3, "V": 3, "P": 3, "U": 3})


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is known of one person at one time; None: nothing that is fresh. `consciousness` is A, C, V, P or U."""

    respiratory_rate: float | None = None
    spo2: float | None = None
    systolic: float | None = None
    heart_rate: float | None = None
    body_temperature: float | None = None
    consciousness: str | None = None
    oxygen: bool = False
    scale_2: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Points of each parameter that is known, in the chart's order, and which are missing.

    It is a NEWS2 only when nothing is missing; else a part of one, and no clinical response goes by it.
    """

    total: int
    parts: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]

    @property
    def known(self) -> str:
        """How many parameters are known, as ``5/7``."""
        return f"{len(self.parts)}/{len(PARAMETERS)}"

    @property
    def worst(self) -> int:
        """The most points that one parameter has."""
        return max(points for _, points in self.parts)


def score(vitals: Vitals) -> Score:
    """The points of what is known; raises ValueError for a level of consciousness that the chart does not have."""
    parts: list[tuple[str, int]] = []
    missing: list[str] = []
    for name in PARAMETERS:
        points = _points(name, vitals)
        if points is None:
            missing.append(name)
        else:
            parts.append((name, points))
    return Score(sum(points for _, points in parts), tuple(parts), tuple(missing))


def _points(name: str, vitals: Vitals) -> int | None:
    if name == OXYGEN:
        return OXYGEN_POINTS if vitals.oxygen else 0
    value = getattr(vitals, name)
    if value is None:
        return None
    if name == CONSCIOUSNESS:
        if value not in LEVELS:
            raise ValueError(f"consciousness {value!r} is none of {', '.join(LEVELS)}")
        return LEVELS[value]
    bands = BANDS[name]
    if name == SPO2 and vitals.scale_2:
        bands = SCALE_2_ON_OXYGEN if vitals.oxygen else SCALE_2_ON_AIR
    steps = 10 if name == TEMPERATURE else 1
    charted = floor(value * steps + 0.5) / steps
    return next(points for top, points in bands if charted <= top)
