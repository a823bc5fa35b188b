"""The residents and devices of the rule tests, and a way to let a rule live through time."""

from collections.abc import Iterable

from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding
from agent.rules.rule import Event, Rule
from drivers.reading import Quality, Reading

SITE = Site.of(
    [
        Resident("r-1", "甲", "201", fall_risk=FallRisk.HIGH),
        Resident("r-2", "乙", "202", spo2_scale_2=True),
    ],
    [
        Binding("dev-1", DeviceRole.BED, resident="r-1"),
        Binding("dev-2", DeviceRole.BED, resident="r-2"),
        Binding("contact", DeviceRole.LIFE_SAFETY, room="201"),
    ],
)
R1 = Subject(SubjectKind.RESIDENT, "r-1", "201")
R2 = Subject(SubjectKind.RESIDENT, "r-2", "202")


def reading(
    quantity: str, value: float | bool | str, at: float, quality: Quality = Quality.GOOD, device: str = "dev-1"
) -> Reading:
    return Reading(device, quantity, value, at, quality)


def live(rule: Rule, events: Iterable[Event], until: float = 0.0) -> list[tuple[float, Finding]]:
    """Feed the events at their own times, tick each second between them and until `until`; (time, finding)."""
    found: list[tuple[float, Finding]] = []
    now = 0.0
    for event in events:
        while now + 1 <= event.at:
            now += 1
            found += [(now, finding) for finding in rule.tick(now)]
        found += [(event.at, finding) for finding in rule.feed(event, event.at)]
    while now + 1 <= until:
        now += 1
        found += [(now, finding) for finding in rule.tick(now)]
    return found
