"""Whether a device has been taken from whom or what it told of: nobody will ever say that it is over. Pure."""

from agent.residents import Site, SubjectKind
from agent.rules.finding import AlarmClass, Finding
from agent.rules.kinds import KINDS


def has_parted(site: Site, finding: Finding) -> bool:
    """By these facts the device of `finding` serves its subject no longer.

    Where they know nothing of residents or of devices, nobody can say so; in doubt it goes on.
    """
    if not site.bindings or not finding.device:
        return False
    match finding.subject.kind:
        case SubjectKind.RESIDENT:
            return _left_resident(site, finding)
        case SubjectKind.PLACE:
            return _room_of(site, finding.device) != site.place(finding.subject.id).room
        case SubjectKind.DEVICE if KINDS[finding.kind].alarm_class is AlarmClass.TECHNICAL:
            return finding.device not in site.bindings
        case SubjectKind.DEVICE:  # what it measures is about somebody by now
            return site.subject_of(finding.device).kind is not SubjectKind.DEVICE
        case _:
            return False


def _left_resident(site: Site, finding: Finding) -> bool:
    resident = site.residents.get(finding.subject.id)
    if resident is None:
        return bool(site.residents)
    binding = site.bindings.get(finding.device)
    theirs = binding is not None and binding.resident == resident.id
    return not theirs and _room_of(site, finding.device) != resident.room


def _room_of(site: Site, device: str) -> str:
    return site.place(site.place_of(device)).room
