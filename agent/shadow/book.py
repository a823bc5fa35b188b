"""The book of one camera: its candidates, what people said of them, and the hours in which it could see. Pure.

Bounded: beyond `KEPT` the oldest go, and with them the hours before, so that a rate is always of whole hours. Falls
that people confirmed are kept apart from that, since no threshold may ever lose one of them.
"""

from collections.abc import Iterable
from dataclasses import replace

from agent.camera_facts import CameraMode
from agent.detection.observations import Observation
from agent.shadow.candidate import Candidate, Changes, Kind, Label, WatchedHour
from agent.shadow.proposal import LOWEST, Tally

KEPT = 2000  # candidates that are no confirmed fall
FALLS_KEPT = 200
WINDOW_S = 28 * 86_400.0  # rooms and habits change: what is older says little of the weeks to come
HOUR_S = 3600.0
SAME_S = 10.0  # one happening: words about one track within this are one candidate
SHIFT_S = 12 * HOUR_S  # the longest shift: whoever was there still knows what it was
RECORD_S = 7 * 86_400.0  # a fall is written down elsewhere, and is true a week later too
NEAR_S = 120.0  # a fall noted so near to a candidate that nobody has looked at is that one
REASONS = 8
BEAT_S = 3.0  # the vision process beats each second; a longer silence was not watched


class ShadowError(Exception):
    """A word of a person that cannot be taken; `code` is for programs and for the words of the panel."""

    def __init__(self, code: str, text: str, **values: object) -> None:
        super().__init__(text)
        self.code = code
        self.values = values


class CameraBook:
    """Of the camera `id`. Wall times are UTC seconds; `drain` gives what a store must keep."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self._candidates: dict[str, Candidate] = {}  # by time
        self._hours: dict[int, float] = {}
        self._tracks: dict[int | None, tuple[float, str]] = {}  # track -> since when its candidate gathers words
        self._beat_at: float | None = None  # of the last beat at which it could see
        self._written: set[str] = set()
        self._gone: set[str] = set()
        self._hours_written: set[int] = set()
        self.version = 0  # rises with every change of the candidates

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All that are kept, oldest first."""
        return tuple(self._candidates.values())

    def take_up(self, candidates: Iterable[Candidate], hours: Iterable[WatchedHour]) -> None:
        """What a store kept from before a restart; what came since then stands."""
        known = {one.id: one for one in candidates} | self._candidates
        self._candidates = dict(sorted(known.items(), key=lambda item: item[1].wall))
        for one in hours:
            since_s = self._hours.get(one.hour, 0.0)
            self._hours[one.hour] = min(HOUR_S, since_s + one.seconds)
            if since_s:  # else a store has it as it is
                self._hours_written.add(one.hour)
        self.version += 1

    def see(self, told: Observation, mode: CameraMode, place: str, wall: float, new_id: str) -> Candidate:
        """Count what the camera tells; `new_id` is for it unless it belongs to the last candidate of the same track."""
        kind = Kind.LOW if Kind.LOW in (told.name, *told.reasons) else Kind.FALL
        reasons = (kind.value, *told.reasons) if kind is Kind.LOW else told.reasons
        new = Candidate(new_id, self.id, place, wall, told.score, kind, mode, tuple(dict.fromkeys(reasons)))
        began, known = self._tracks.get(told.track, (0.0, ""))
        if (before := self._candidates.get(known)) is not None and abs(told.at - began) < SAME_S:
            return self._put(_together(before, new))
        self._tracks = {track: one for track, one in self._tracks.items() if abs(told.at - one[0]) < SAME_S}
        self._tracks[told.track] = (told.at, new_id)
        self._put(new)
        self._shed(wall)
        return new

    def label(self, id_: str, label: Label, by: str, now: float) -> Candidate:
        """Somebody says what it was; raises `ShadowError`: unknown_candidate or too_late."""
        candidate = self._candidates.get(id_)
        if candidate is None:
            raise ShadowError("unknown_candidate", f"there is no candidate {id_!r}")
        last_s = RECORD_S if label is Label.FELL else SHIFT_S
        if now - candidate.wall > last_s:
            raise ShadowError("too_late", f"it is more than {last_s / HOUR_S:g} h ago", hours=f"{last_s / HOUR_S:g}")
        return self._put(replace(candidate, label=label, by=by, labelled_at=now))

    def answer(self, wall: float, label: Label, by: str, now: float) -> Candidate | None:
        """Somebody says what an alarm of `wall` was: that labels the nearest candidate that nobody has labelled."""
        near = [one for one in self._candidates.values() if one.label is None and abs(one.wall - wall) <= NEAR_S]
        nearest = min(near, key=lambda one: abs(one.wall - wall), default=None)
        return nearest and self._put(replace(nearest, label=label, by=by, labelled_at=now))

    def note(self, place: str, wall: float, by: str, now: float, new_id: str) -> Candidate:
        """Somebody found a fall of `wall` that the camera told nothing of.

        Raises `ShadowError`: too_late, not_yet, or seen_already with the candidate that is probably this fall.
        """
        if not now - wall <= RECORD_S:
            raise ShadowError("too_late", "it is more than seven days ago", hours=f"{RECORD_S / HOUR_S:g}")
        if wall > now + NEAR_S:
            raise ShadowError("not_yet", "it lies in the future")
        for one in self._candidates.values():
            if one.label is not Label.NOT and abs(one.wall - wall) <= NEAR_S:
                text = f"the camera told {one.id} then: say of that one that somebody fell"
                raise ShadowError("seen_already", text, id=one.id)
        return self._put(
            Candidate(new_id, self.id, place, wall, 0.0, Kind.NOTED, label=Label.FELL, by=by, labelled_at=now)
        )

    def beat(self, at: float, wall: float, sees: bool) -> None:
        """The vision process lives at monotonic `at`, and the camera `sees`: the time since the last such beat counts.

        `wall`: of the same moment.
        """
        if sees and self._beat_at is not None and 0 < at - self._beat_at <= BEAT_S:
            hour = int(wall // HOUR_S)
            if hour not in self._hours:
                self._shed(wall)
            self._hours[hour] = min(HOUR_S, self._hours.get(hour, 0.0) + at - self._beat_at)
            self._hours_written.add(hour)
        self._beat_at = at if sees else None

    def hours(self, now: float) -> float:
        """Hours in which it could have seen a fall, of the last four weeks."""
        first = (now - WINDOW_S) // HOUR_S
        return sum(seconds for hour, seconds in self._hours.items() if hour >= first) / HOUR_S

    def tally(self, now: float) -> Tally:
        """What a threshold can be reckoned from."""
        first = (now - WINDOW_S) // HOUR_S * HOUR_S
        falls = [one for one in self._candidates.values() if one.fell and one.kind is not Kind.LOW]
        recent = [one for one in self._candidates.values() if one.kind is Kind.FALL and one.wall >= first]
        seen = sorted(one.score for one in falls if one.score >= LOWEST / 100)
        return Tally(
            self.hours(now),
            tuple(sorted(one.score for one in recent if one.label is Label.NOT)),
            tuple(sorted(one.score for one in recent if one.label in (None, Label.UNSURE))),
            tuple(seen),
            len(falls) - len(seen),
        )

    def drain(self) -> Changes:
        """What has changed since the last time."""
        written = tuple(self._candidates[id_] for id_ in sorted(self._written) if id_ in self._candidates)
        hours = tuple(WatchedHour(self.id, one, self._hours.get(one, 0.0)) for one in sorted(self._hours_written))
        changes = Changes(written, tuple(sorted(self._gone)), hours)
        self._written, self._gone, self._hours_written = set(), set(), set()
        return changes

    def _put(self, candidate: Candidate) -> Candidate:
        last = next(reversed(self._candidates.values()), None)
        if self._candidates.get(candidate.id) == candidate:
            return candidate
        self._candidates[candidate.id] = candidate
        if last is not None and candidate.wall < last.wall:
            self._candidates = dict(sorted(self._candidates.items(), key=lambda item: item[1].wall))
        self._written.add(candidate.id)
        self.version += 1
        return candidate

    def _shed(self, now: float) -> None:
        """Drop what is too old or too much, hours and all."""
        falls = [one for one in self._candidates.values() if one.fell]
        others = [one for one in self._candidates.values() if not one.fell]
        first = int((now - WINDOW_S) // HOUR_S)
        if len(others) > KEPT:
            first = max(first, int(others[-KEPT].wall // HOUR_S))
            if others[-KEPT - 1].wall // HOUR_S == first and first < now // HOUR_S:
                first += 1  # an hour of which a part is dropped is dropped whole
        dropped = [one for one in others[:-KEPT] if one.wall // HOUR_S >= first]
        dropped += [one for one in others if one.wall // HOUR_S < first] + falls[:-FALLS_KEPT]
        for one in dropped:
            self._candidates.pop(one.id, None)
            self._gone.add(one.id)
        for hour in [one for one in self._hours if one < first]:
            del self._hours[hour]
            self._hours_written.add(hour)


def _together(one: Candidate, more: Candidate) -> Candidate:
    """Two words of one happening: the score is that of the fall, if either is one, since each net has its own."""
    first = min((one, more), key=lambda word: (word.kind is not Kind.FALL, -word.score))
    reasons = tuple(dict.fromkeys((*one.reasons, *more.reasons)))[:REASONS]
    return replace(one, score=first.score, kind=first.kind, reasons=reasons, mode=more.mode)
