"""The one table of observations, and the value that carries one."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ObservationKind:
    """One row: name, whether it is a state (true until false) or a happening, life-safety flag, MDC code."""

    name: str
    state: bool = False
    life_safety: bool = False
    technical: bool = False
    mdc: int = 0


_ROWS = (
    ObservationKind("fall", life_safety=True, mdc=8519681),
    ObservationKind("low_on_floor", state=True, life_safety=True, mdc=8519681),
    # A movement that might be a fall, told in any mode of the camera: for people who set its threshold (agent/shadow).
    # No rule hears of it.
    ObservationKind("fall_candidate"),
    ObservationKind("recovered"),  # the person of the last fall stands or walks again
    ObservationKind("in_bed", state=True, mdc=8519691),
    ObservationKind("edge_of_bed", state=True, mdc=8519691),
    ObservationKind("exit_zone_entered", mdc=8519688),
    ObservationKind("nobody_in_view", state=True),
    ObservationKind("breathing", state=True),
    # what a camera says about itself
    ObservationKind("no_frames", state=True, technical=True),
    ObservationKind("picture_frozen", state=True, technical=True),
    ObservationKind("picture_dark", state=True, technical=True),
    ObservationKind("picture_overexposed", state=True, technical=True),
    ObservationKind("picture_covered", state=True, technical=True),
    ObservationKind("picture_blurred", state=True, technical=True),
    ObservationKind("camera_moved", state=True, technical=True),
    ObservationKind("frame_rate_low", state=True, technical=True),
    ObservationKind("learning", state=True, technical=True),
)


def _table(rows: Iterable[ObservationKind]) -> MappingProxyType[str, ObservationKind]:
    return MappingProxyType({row.name: row for row in rows})


OBSERVATIONS = _table(_ROWS)


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that happens now, as far as `device` can tell.

    `name` is a key of `OBSERVATIONS`; `value` is True/False for states and True for happenings. `at` is
    CLOCK_MONOTONIC seconds of the evidence itself (frame or reading), not of the reasoning. `score` is 0..1. `bed`
    says which bed of the device's room it is about, where a device sees several.
    """

    device: str
    name: str
    at: float
    value: bool = True
    score: float = 1.0
    reasons: tuple[str, ...] = ()
    track: int | None = None
    bed: str = ""
