"""What is held back or shelved now, and comes back as an alarm if it still holds when that ends. Pure."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from agent.alarms.book import Key
from agent.alarms.holds import claim_on, shelf_of
from agent.alarms.standing import Held, Noted, Shelf, StandingEvent, Suppressed, held_id
from agent.detection.ward import Ward
from agent.moment import Moment
from agent.rules.finding import Finding
from agent.rules.reason import Reason, because

Why = tuple[float, str, Reason]  # until when, by whom, the reason to show


class Aside:
    """Findings that would be alarms, by subject and kind and then by device, each with what keeps it back."""

    def __init__(self, ward: Ward, shelves: Callable[[], tuple[Shelf, ...]], new_id: Callable[[], str]) -> None:
        self._ward = ward
        self._shelves = shelves
        self._new_id = new_id
        self._held: dict[Key, dict[str, Finding]] = {}
        self._shown: dict[Key, Suppressed] = {}

    @property
    def shown(self) -> tuple[Suppressed, ...]:
        """What is kept back now."""
        return tuple(self._shown.values())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return tuple(finding for by_device in self._held.values() for finding in by_device.values())

    @property
    def due(self) -> float:
        """When the first of it ends."""
        return min((one.until for one in self._shown.values()), default=math.inf)

    def keeps(self, finding: Finding, moment: Moment) -> Iterator[Suppressed | StandingEvent] | None:
        """None when nothing keeps `finding` back; else the records that are news: one a happening."""
        key = (finding.subject, finding.kind)
        why = self._why(finding, moment)
        if why is None and finding.device not in self._held.get(key, {}):
            return None
        return self._keep(key, finding, why, moment)

    def over(self, finding: Finding, moment: Moment) -> Iterator[StandingEvent]:
        """The device of `finding` says that it is over."""
        key = (finding.subject, finding.kind)
        if finding.device in self._held.get(key, {}):
            yield from self._drop(key, finding.device, moment, *finding.reasons)

    def released(self, moment: Moment) -> Iterator[Finding | StandingEvent]:
        """What nothing keeps back any more, with the reason that it was kept back for so long."""
        for key, findings in list(self._held.items()):
            suppressed = self._shown[key]
            by_device = {device: self._why(finding, moment) for device, finding in findings.items()}
            still = [why for why in by_device.values() if why is not None]
            freed = [findings[device] for device, why in by_device.items() if why is None]
            if still:
                self._shown[key] = self._record(key, suppressed.since, min(still, key=lambda why: why[0]))
            if not freed:
                continue
            minutes = round((moment.monotonic - suppressed.since) / 60)
            told = because("was_held_back", minutes=minutes, by=suppressed.by)
            for finding in freed:
                yield from self._drop(key, finding.device, moment, told)
            for finding in freed:
                yield replace(finding, reasons=(*finding.reasons, told))

    def go_along(self, moment: Moment) -> Iterator[StandingEvent]:
        """Site facts were edited: what is kept back is where its subject is now."""
        for key, findings in list(self._held.items()):
            known = self._shown[key]
            subject = self._ward.site.placed(known.subject)
            if subject.room == known.subject.room:
                continue
            self._held[key] = {device: replace(one, subject=subject) for device, one in findings.items()}
            self._shown[key] = replace(known, subject=subject)
            yield self._event(Noted.HELD, key, moment, because("now_in_room", room=subject.room))

    def restore(self, held: Held, moment: Moment) -> None:
        """From before a restart: raised at the next tick, unless something is known to keep it back."""
        first = held.findings[0]
        key = (first.subject, first.kind)
        if key not in self._held:
            self._held[key] = {finding.device: finding for finding in held.findings}
            why = self._why(first, moment) or (moment.monotonic, "", because("time_over"))
            self._shown[key] = self._record(key, held.since, why)

    def _keep(
        self, key: Key, finding: Finding, why: Why | None, moment: Moment
    ) -> Iterator[Suppressed | StandingEvent]:
        known = self._shown.get(key)
        findings = self._held.setdefault(key, {})
        before = findings.get(finding.device)
        findings[finding.device] = finding
        if why is None and known is not None:  # what kept it back ends just now: `released` gives it with the others
            self._shown[key] = replace(known, until=moment.monotonic)
            return
        assert why is not None
        self._shown[key] = self._record(key, known.since if known else moment.monotonic, why)
        if known is None or self._shown[key].priority > known.priority:
            yield self._shown[key]
        if before is None or before.priority is not finding.priority:
            yield self._event(Noted.HELD, key, moment)

    def _record(self, key: Key, since: float, why: Why) -> Suppressed:
        until, by, reason = why
        gravest = max(self._held[key].values(), key=lambda one: one.priority)
        return Suppressed(
            key[1], gravest.subject, gravest.priority, since, until, by, (reason, *gravest.reasons), gravest.device
        )

    def _drop(self, key: Key, device: str, moment: Moment, *reasons: Reason) -> Iterator[StandingEvent]:
        if len(self._held[key]) > 1:
            del self._held[key][device]
            yield self._event(Noted.HELD, key, moment)
            return
        event = self._event(Noted.RELEASED, key, moment, *reasons)
        del self._held[key], self._shown[key]
        yield event

    def _event(self, noted: Noted, key: Key, moment: Moment, *reasons: Reason) -> StandingEvent:
        suppressed = self._shown[key]
        id_, now = held_id(key[1], key[0], closed=False), moment.monotonic
        held = Held(id_, suppressed.since, now, tuple(self._held[key].values()))
        told = reasons or suppressed.reasons[:1]
        return StandingEvent(self._new_id(), noted, held, noted is Noted.HELD, now, "system", told)

    def _why(self, finding: Finding, moment: Moment) -> Why | None:
        held = claim_on(finding, self._ward, moment)
        if held is not None:
            return held[0].until, held[0].by, held[1]
        shelf = shelf_of(finding, self._shelves(), moment)
        if shelf is not None:
            return shelf.until, shelf.by, because("shelved", by=shelf.by, why=shelf.reason)
        return None
