"""Suppression by design: what holds an alarm back for a while, by whom, and until when. Pure.

Only kinds that say so in `KINDS` can be held; buttons, smoke, gas and falls never are. Each claim ends by itself.
"""

from agent.alarms.standing import Shelf
from agent.detection.ward import Claim, Ward
from agent.moment import Moment
from agent.residents import DeviceRole, Subject, SubjectKind
from agent.rules.finding import Finding
from agent.rules.kinds import KINDS, Hold
from agent.rules.reason import Reason, because

WALKING = ("wandering", "exit_zone")
CARRIED = (DeviceRole.WEARABLE, DeviceRole.TAG)  # these leave the home with their bearer


def claim_on(finding: Finding, ward: Ward, moment: Moment) -> tuple[Claim, Reason] | None:
    """What holds `finding` back now, with the reason to show; None when nothing does."""
    kind = KINDS[finding.kind]
    if kind.unsuppressible:
        return None
    for hold in sorted(kind.held_by):
        claim = _claim(hold, finding, ward, moment)
        if claim is not None:
            return claim, because("held_back", hold=hold.value, by=claim.by)
    return None


def shelf_of(finding: Finding, shelves: tuple[Shelf, ...], moment: Moment) -> Shelf | None:
    """The shelf on which `finding` lies now."""
    if KINDS[finding.kind].unsuppressible:
        return None
    for shelf in shelves:
        fits = shelf.kind == finding.kind and shelf.subject in (finding.subject.id, finding.device)
        if fits and moment.monotonic < shelf.until:
            return shelf
    return None


def _claim(hold: Hold, finding: Finding, ward: Ward, moment: Moment) -> Claim | None:
    subject = finding.subject
    if hold is Hold.STAFF:
        return ward.presence(_place(finding, ward), moment)
    if hold is Hold.MAINTENANCE:
        return ward.in_maintenance(finding.device or subject.id, moment)
    resident = _resident(subject, ward)
    return ward.out(resident, moment) if resident else None


def _place(finding: Finding, ward: Ward) -> str:
    """Where staff must be to be with them: somebody who walks about is where the tag was heard last."""
    subject = ward.site.placed(finding.subject)  # whoever has moved since is not with staff at the old bed
    if finding.kind in WALKING and subject.kind is SubjectKind.RESIDENT:
        tags = (one for one in ward.site.bindings.values() if one.resident == subject.id)
        for tag in tags:
            sight = ward.seen(tag.device) if tag.role is DeviceRole.TAG else None
            if sight is not None:
                return sight.place
    return subject.room or subject.id


def _resident(subject: Subject, ward: Ward) -> str:
    """Whose absence explains it: the resident's own, or that of the bearer of a carried device."""
    if subject.kind is SubjectKind.RESIDENT:
        return subject.id
    binding = ward.site.bindings.get(subject.id)
    return binding.resident if binding is not None and binding.role in CARRIED else ""
