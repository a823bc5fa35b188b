"""People who live alone, with meters, and what was said of them."""

from agent.detection.acts import Act
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority

HOME = Subject(SubjectKind.PLACE, "home-1", "home-1")
R1 = Subject(SubjectKind.RESIDENT, "r-1", "home-1")


def site(lives_alone: bool = True, more: tuple[Resident, ...] = ()) -> Site:
    """One home with two meters: of r-1 alone, or with `more`."""
    return Site.of(
        [Resident("r-1", "甲", "home-1", lives_alone=lives_alone), *more],
        [Binding(meter, DeviceRole.METER, room="home-1") for meter in ("dev-1", "dev-2")],
    )


def back(at: float) -> Act:
    """Who was out came home."""
    return Act("back", R1, at, "s-1")


def told(found: list[tuple[float, Finding]]) -> list[tuple[float, str, bool]]:
    """(time, kind, active) of each finding; all are of r-1 and of medium priority."""
    assert all(f.priority is Priority.MEDIUM and f.subject == R1 for _, f in found)
    return [(when, f.kind, f.active) for when, f in found]
