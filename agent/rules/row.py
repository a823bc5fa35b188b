"""What a row of the table of rules says: what a rule hears, and what each of its instances watches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from agent.detection.acts import Act
from agent.detection.observations import Observation
from agent.residents import GATEWAY, DeviceRole, Site, Subject, SubjectKind
from agent.rules.ground import Ground
from agent.rules.rule import Rule
from drivers.base import Link
from drivers.reading import Reading

Build = Callable[[Ground, Subject], Rule]


class Scope(Enum):
    """What one instance of a rule watches; each is told to it as a `Subject`."""

    DEVICE = "device"  # one device: its id is the subject's
    SUBJECT = "subject"  # one resident with all devices, else a place, else a device
    ROOM = "room"  # one room with all devices, residents and places in it
    HOME = "home"  # everything

    def of_device(self, site: Site, device: str, bed: str = "") -> Subject:
        """The subject whose instance hears `device`, or what it says of one `bed` of its room."""
        if self is Scope.DEVICE:
            return site.device_subject(device)
        subject = site.subject_of(device) if not bed else site.subject_in(device, bed)
        if self is Scope.SUBJECT:
            return subject
        if self is Scope.HOME:
            return GATEWAY
        return Subject(SubjectKind.PLACE, subject.room, subject.room) if subject.room else subject

    def of_act(self, subject: Subject) -> Subject | None:
        """The subject whose instance hears of an act about `subject`."""
        if self is Scope.ROOM:
            return Subject(SubjectKind.PLACE, subject.room, subject.room) if subject.room else subject
        fits = (subject.kind is SubjectKind.DEVICE) is (self is Scope.DEVICE)
        return subject if fits else None

    def for_whom(self, site: Site, about: Subject) -> Subject:
        """Whom the blindness of an instance concerns."""
        return site.subject_of(about.id) if self is Scope.DEVICE else about


def _nothing(_site: Site) -> Iterable[Subject]:
    return ()


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, what it hears, and which instances live before their first event.

    `life_safety` rules run first and also in safe mode, and their blindness is a high alarm. `every_word`: hears all
    readings, observations and links.
    """

    name: str
    build: Build
    scope: Scope
    quantities: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    links: bool = False
    every_word: bool = False
    life_safety: bool = False
    resumes: tuple[str, ...] = ()  # kinds of alarm whose judgement goes on after a restart
    watches: Callable[[Site], Iterable[Subject]] = _nothing

    def wants(self, kind: type, name: str) -> bool:
        """Whether events of `kind` called `name` are for this rule."""
        if kind is Act:
            return name in self.acts
        if self.every_word:
            return True
        if kind is Reading:
            return name in self.quantities
        return self.links if kind is Link else kind is Observation and name in self.observations


def bound_devices(site: Site) -> Iterable[Subject]:
    """Every device that belongs to a resident or a place."""
    return [site.device_subject(device) for device in site.bindings]


def devices_of(*roles: DeviceRole) -> Callable[[Site], Iterable[Subject]]:
    """Every bound device of these roles."""
    return lambda site: [site.device_subject(b.device) for b in site.bindings.values() if b.role in roles]


def residents(site: Site) -> Iterable[Subject]:
    """Every resident."""
    return [site.resident_subject(resident) for resident in site.residents.values()]


def the_home(_site: Site) -> Iterable[Subject]:
    """The home itself."""
    return (GATEWAY,)
