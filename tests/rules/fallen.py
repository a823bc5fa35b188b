"""The home in which people fall, what tells of it, and a fall rule that lives through it."""

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.fall import FallRule
from agent.rules.finding import Finding, Priority, Said
from agent.rules.settings import RuleSettings
from agent.rules.settings.fall import FallSettings, FallWeights
from drivers.reading import Quality, Reading
from tests.rules.ward import ground, play, reading

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
ONE = Subject(SubjectKind.PLACE, "201", "201")
TWO = Subject(SubjectKind.PLACE, "301", "301")
R1, R3, R4 = (
    Subject(SubjectKind.RESIDENT, one, room) for one, room in (("r-1", "201"), ("r-3", "301"), ("r-4", "301"))
)
W = DeviceRole.WEARABLE
SITE = Site.of(
    [Resident("r-1", "甲", "201"), Resident("r-3", "丙", "301"), Resident("r-4", "丁", "301")],
    [
        Binding("dev-1", DeviceRole.BED, resident="r-1"),
        Binding("belt-1", W, resident="r-1"),
        *(Binding(camera, DeviceRole.CAMERA, room="201") for camera in ("cam-1", "cam-2", "radar-1", "pir-1")),
        Binding("cam-3", DeviceRole.CAMERA, room="301"),
        Binding("belt-3", W, resident="r-3"),
        Binding("belt-4", W, resident="r-4"),
        Binding("bed-3", DeviceRole.BED, resident="r-3"),
        Binding("bed-4", DeviceRole.BED, resident="r-4"),
        Binding("cam-hall", DeviceRole.CAMERA, room="hall"),
    ],
)
LIMITS = FallSettings(high_at=0.85, raise_at=0.5, ask_at=0.25, weights=FallWeights(on_floor=0.6))
PLAIN = RuleSettings(fall=LIMITS)


def fall(when: float, device: str = "cam-1", name: str = "fall", score: float = 0.8) -> Observation:
    return Observation(device, name, when, score=score)


def weak(when: float, device: str = "cam-1") -> Observation:
    return fall(when, device, score=0.4)


def felt(when: float, device: str = "belt-1", quality: Quality = Quality.GOOD) -> Reading:
    return reading("body_fall", "fall", when, quality, device)


def press(when: float, device: str = "dev-1") -> Reading:
    return reading("button", "press", when, device=device)


def bed_left(when: float, device: str = "dev-1") -> list[Event]:
    return [
        reading("bed_occupied", True, when - 1, device=device),
        reading("bed_occupied", False, when, device=device),
    ]


def up(when: float, device: str = "cam-1") -> Observation:
    return Observation(device, "recovered", when)


def lived(
    events: list[Event], until: float = 200.0, room: Subject = ONE, settings: RuleSettings = PLAIN, asks: bool = False
) -> list[tuple[float, Said]]:
    """What the rule of `room` says; `asks`: a loudspeaker works in each room."""
    on = ground(SITE, settings)
    on.voices.rooms = frozenset({"201", "301"} if asks else ())
    return play(FallRule(on, room), events, until, on=on)


def falls(
    events: list[Event], until: float = 200.0, room: Subject = ONE, settings: RuleSettings = PLAIN, asks: bool = False
) -> list[tuple[float, Finding]]:
    """As `lived`, the falls alone."""
    said = lived(events, until, room, settings, asks)
    return [(when, one) for when, one in said if isinstance(one, Finding) and one.kind == "fall"]


def verdicts(
    events: list[Event], until: float = 200.0, settings: RuleSettings = PLAIN, asks: bool = False
) -> list[tuple[float, Priority, bool]]:
    """Of the one resident of `ONE`: when, how grave, whether it is another happening."""
    found = falls(events, until, settings=settings, asks=asks)
    assert all(f.active and f.subject == R1 and not f.unverified for _, f in found)
    return [(when, f.priority, f.happening) for when, f in found]


def sum_of(certainty: float, *pieces: str) -> str:
    """Reasons of evidence, each ``KIND DEVICE SCORE SECONDS`` before, and what they come to."""
    told = "evidence evidence={} device={} score={} before_s={}"
    return ", ".join([*(told.format(*one.split()) for one in pieces), f"certainty certainty={certainty:g}"])
