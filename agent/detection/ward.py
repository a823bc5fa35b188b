"""What is known of people now: where staff are, who is out, which device is in maintenance. Pure.

Every claim ends by itself. A tag that lies forgotten on a table proves nothing: only an arrival, a card or a tap does.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, TEXT, Keeps, Sleep, made, members, table
from agent.moment import NIGHT, Moment
from agent.residents import Resident, Site
from drivers.reading import Quality, Reading

PRESENT_S = 600.0  # design: staff presence ends 10 min after its last proof
OUT_S = 24 * 3600.0  # a resident who signed out without saying for how long
MAINTENANCE_S = 8 * 3600.0  # no device is out of service for longer than a shift without a new word
ACTIVITY_S = 2 * 3600.0
BETWEEN_S = 60.0
IN_BED_S = 14 * 3600.0  # a bed sensor that says so for longer is stuck


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


_CLAIMS = table(TEXT, made(Claim, since=AT, until=AT, by=TEXT))
_SIGHTS = table(TEXT, made(Sight, place=TEXT, since=AT, at=AT))


class Ward:
    """Takes every event; answers what holds at a moment."""

    keeps: ClassVar[Keeps | None] = Keeps(
        1,
        _staff_at=table(TEXT, table(TEXT, AT)),
        _sights=_SIGHTS,
        _out=_CLAIMS,
        _service=_CLAIMS,
        _active=_CLAIMS,
        _left=_SIGHTS,
        _open=table(TEXT, table(TEXT, AT)),
        _in_bed=table(TEXT, AT),
        _empty=members(TEXT),
    )

    def __init__(self, site: Site) -> None:
        self.site = site
        self._staff_at: dict[str, dict[str, float]] = {}  # place -> member -> last proof
        self._sights: dict[str, Sight] = {}  # tag -> where
        self._out: dict[str, Claim] = {}  # resident
        self._service: dict[str, Claim] = {}  # device
        self._active: dict[str, Claim] = {}  # resident or place
        self._left: dict[str, Sight] = {}  # tag -> where it was before, and when it left
        self._open: dict[str, dict[str, float]] = {}  # place -> door -> open since
        self._in_bed: dict[str, float] = {}  # resident -> since when the bed sensor says so
        self._empty: set[str] = set()  # residents out of home whose bed has been empty since

    def take(self, event: Event, now: Moment) -> None:
        """Take one event; all but tags, cards and acts change nothing."""
        if isinstance(event, Act):
            self._act(event, now)
        elif isinstance(event, Reading) and not event.stored and event.quantity in _HEARD:
            _HEARD[event.quantity](self, event)

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

    def open_since(self, place: str) -> float | None:
        """Since when a door of `place` stands open, the longest if it has several; None: all are shut."""
        return min(self._open.get(place, {}).values(), default=None)

    def out(self, resident: str, now: Moment) -> Claim | None:
        """The word that `resident` is out of home, while it holds."""
        return _holding(self._out, resident, now)

    def in_maintenance(self, device: str, now: Moment) -> Claim | None:
        """The word that `device` is being worked on, while it holds."""
        return _holding(self._service, device, now)

    def active(self, resident: Resident, now: Moment) -> Claim | None:
        """An activity session of the resident, or of the room they live in, while it lasts."""
        return _holding(self._active, resident.id, now) or _holding(self._active, resident.room, now)

    def in_bed(self, resident: Resident, now: Moment) -> bool:
        """Whether a bed sensor says that `resident` lies in bed, as long as that can be true."""
        since = self._in_bed.get(resident.id)
        return since is not None and now.monotonic - since < IN_BED_S

    def night(self, resident: Resident | None, now: Moment) -> bool:
        """Whether it is the resident's night; with a clock that was never set it is, since nights are the stricter."""
        if not now.wall_known:
            return True
        return (resident.night if resident else NIGHT).holds(now)

    def memory(self) -> dict[str, Any]:
        """All of it, as JSON values."""
        return self.keeps.fields.of(self) if self.keeps is not None else {}

    def remember(self, facts: Mapping[str, Any], sleep: Sleep) -> None:
        """Take up what was known before a restart; raises `UnfitError`, and then knows what it knew."""
        if self.keeps is not None:
            self.keeps.fields.into(self, facts, sleep)

    def _act(self, act: Act, now: Moment) -> None:
        place = act.subject.room or act.subject.id
        match act.name:
            case "out":
                self._out[act.subject.id] = self._claim(act, now, OUT_S)
                self._empty.discard(act.subject.id)
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
        """A tag was heard; heard at two places by turns within a minute it lies between two receivers."""
        place, at = str(reading.value), reading.at
        if reading.device not in self.site.bindings or (
            place not in self.site.places and not self.site.living_in(place)
        ):
            return  # a forged or unknown tag is nobody's, a forged or unknown place is no place
        before, last = self._sights.get(reading.device), self._left.get(reading.device)
        since = at if before is None or before.place != place else before.since
        self._sights[reading.device] = Sight(place, since, at)
        if since != at:
            return
        if before is not None:
            self._left[reading.device] = Sight(before.place, before.since, at)
        member = self._bearer(reading.device)
        between_two = last is not None and last.place == place and at - last.at < BETWEEN_S
        if not member or between_two:
            return
        if before is not None:
            self._staff_at.get(before.place, {}).pop(member, None)  # seen elsewhere: not there any more
        self._proof(place, member, at)

    def _card(self, reading: Reading) -> None:
        member = self.site.roster.member_of_card(str(reading.value))
        if member:
            self._proof(self.site.place_of(reading.device), member, reading.at)

    def _door(self, reading: Reading) -> None:
        if reading.quality is not Quality.GOOD:
            return
        doors = self._open.setdefault(self.site.place_of(reading.device), {})
        if reading.value:
            doors.setdefault(reading.device, reading.at)
        else:
            doors.pop(reading.device, None)

    def _bed(self, reading: Reading) -> None:
        """Who lies in bed; and whoever signed out and does so again, after it was empty, is back."""
        binding = self.site.bindings.get(reading.device)
        resident = binding.resident if binding else ""
        if reading.quality is not Quality.GOOD:
            return
        if reading.value:
            self._in_bed.setdefault(resident, reading.at)
        else:
            self._in_bed.pop(resident, None)
        claim = self._out.get(resident)
        if claim is None or reading.at < claim.since:
            return
        if not reading.value:
            self._empty.add(resident)
        elif resident in self._empty:
            del self._out[resident]
            self._empty.discard(resident)

    def _bearer(self, tag: str) -> str:
        binding = self.site.bindings.get(tag)
        return binding.staff if binding else ""

    def _proof(self, place: str, member: str, at: float) -> None:
        if place:
            self._staff_at.setdefault(place, {})[member] = at


_HEARD = {  # its own table
    "seen_at": Ward._seen,  # noqa: SLF001
    "card": Ward._card,  # noqa: SLF001
    "bed_occupied": Ward._bed,  # noqa: SLF001
    "opening": Ward._door,  # noqa: SLF001
}


def _holding(claims: dict[str, Claim], key: str, now: Moment) -> Claim | None:
    claim = claims.get(key)
    return claim if claim is not None and claim.since <= now.monotonic < claim.until else None
