"""What is known of people now: where staff are, who is out, which device is in maintenance. Pure.

Every claim ends by itself. A tag that lies forgotten on a table proves nothing: only an arrival, a card or a tap does.
"""

import math
from dataclasses import dataclass

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import NIGHT, Moment
from agent.residents import Resident, Site
from drivers.reading import Reading

PRESENT_S = 600.0  # design: staff presence ends 10 min after its last proof
OUT_S = 24 * 3600.0  # a resident who signed out without saying for how long
MAINTENANCE_S = 8 * 3600.0  # no device is out of service for longer than a shift without a new word
ACTIVITY_S = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that holds until monotonic `until`; `by` says so."""

    since: float
    until: float
    by: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A tag is at `place`: there `since`, heard last at `at`."""

    place: str
    since: float
    at: float


class Ward:
    """Takes every event; answers what holds at a moment."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._staff_at: dict[str, dict[str, float]] = {}  # place -> member -> last proof
        self._sights: dict[str, Sight] = {}  # tag -> where
        self._out: dict[str, Claim] = {}  # resident
        self._service: dict[str, Claim] = {}  # device
        self._active: dict[str, Claim] = {}  # resident or place

    def take(self, event: Event, now: Moment) -> None:
        """Take one event; all but tags, cards and acts change nothing."""
        if isinstance(event, Act):
            self._act(event, now)
        elif isinstance(event, Reading) and not event.stored:
            if event.quantity == "seen_at":
                self._seen(event)
            elif event.quantity == "card":
                member = self.site.roster.member_of_card(str(event.value))
                if member:
                    self._proof(self.site.place_of(event.device), member, event.at)

    def staff_in(self, place: str, now: Moment) -> str:
        """A member of staff who was proven to be at `place`, or in a room with it, in the last ten minutes; else ""."""
        claim = self.presence(place, now)
        return claim.by if claim else ""

    def presence(self, place: str, now: Moment) -> Claim | None:
        """The proof that somebody of staff is at `place`, or in a room with it, while it holds."""
        room = self.site.place(place).room or place
        proofs = {(proof, member) for at in {place, room} for member, proof in self._staff_at.get(at, {}).items()}
        since, by = max(proofs, default=(-math.inf, ""))
        return Claim(since, since + PRESENT_S, by) if 0.0 <= now.monotonic - since < PRESENT_S else None

    def escort(self, place: str, at: float, within_s: float) -> str:
        """A member of staff who arrived at `place` within `within_s` of monotonic `at`, before or after; else ""."""
        for member, proof in self._staff_at.get(place, {}).items():
            if abs(at - proof) <= within_s:
                return member
        return ""

    def seen(self, tag: str) -> Sight | None:
        """Where tag `tag` was heard last."""
        return self._sights.get(tag)

    def out(self, resident: str, now: Moment) -> Claim | None:
        """The word that `resident` is out of home, while it holds."""
        return _holding(self._out, resident, now)

    def in_maintenance(self, device: str, now: Moment) -> Claim | None:
        """The word that `device` is being worked on, while it holds."""
        return _holding(self._service, device, now)

    def active(self, resident: Resident, now: Moment) -> Claim | None:
        """An activity session of the resident, or of the room they live in, while it lasts."""
        return _holding(self._active, resident.id, now) or _holding(self._active, resident.room, now)

    def night(self, resident: Resident | None, now: Moment) -> bool:
        """Whether it is the resident's night; with a clock that was never set it is, since nights are the stricter."""
        if not now.wall_known:
            return True
        return (resident.night if resident else NIGHT).holds(now)

    def _act(self, act: Act, now: Moment) -> None:
        place = act.subject.room or act.subject.id
        match act.name:
            case "out":
                self._out[act.subject.id] = self._claim(act, now, OUT_S)
            case "back":
                self._out.pop(act.subject.id, None)
            case "maintenance":
                self._service[act.subject.id] = self._claim(act, now, MAINTENANCE_S, at_most=MAINTENANCE_S)
            case "in_service":
                self._service.pop(act.subject.id, None)
            case "activity":
                self._active[act.subject.id] = self._claim(act, now, ACTIVITY_S, at_most=ACTIVITY_S)
            case "rest":
                self._active.pop(act.subject.id, None)
            case "left":
                self._staff_at.pop(place, None)
            case "present" | "round" | "turned":
                self._proof(place, act.actor, act.at)

    def _claim(self, act: Act, now: Moment, usual_s: float, at_most: float = float("inf")) -> Claim:
        told = now.monotonic_of(float(act.value)) if not isinstance(act.value, str | bool) else act.at + usual_s
        return Claim(act.at, min(told, act.at + at_most), act.actor)

    def _seen(self, reading: Reading) -> None:
        place = str(reading.value)
        before = self._sights.get(reading.device)
        arrived = before is None or before.place != place
        self._sights[reading.device] = Sight(
            place, reading.at if arrived or before is None else before.since, reading.at
        )
        binding = self.site.bindings.get(reading.device)
        if binding is not None and binding.staff and arrived:
            self._proof(place, binding.staff, reading.at)

    def _proof(self, place: str, member: str, at: float) -> None:
        if place:
            self._staff_at.setdefault(place, {})[member] = at


def _holding(claims: dict[str, Claim], key: str, now: Moment) -> Claim | None:
    claim = claims.get(key)
    return claim if claim is not None and claim.since <= now.monotonic < claim.until else None
