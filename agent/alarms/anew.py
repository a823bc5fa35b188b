"""What a person closed although it goes on: raised anew after a while, at once when it gets worse. Pure."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from agent.alarms.alarm import Alarm
from agent.alarms.book import Key
from agent.alarms.evidence import as_findings
from agent.alarms.standing import Held, Noted, StandingEvent, held_id
from agent.moment import Moment
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason, because


class Anew:
    """Findings behind closed alarms, by subject and kind.

    `again_s` gives how long each priority may be left so; `parted`: whether a device tells of its subject no longer.
    """

    def __init__(
        self, again_s: Callable[[Priority], float], parted: Callable[[Finding], bool], new_id: Callable[[], str]
    ) -> None:
        self._again_s = again_s
        self._parted = parted
        self._new_id = new_id
        self._closed: dict[Key, Held] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return tuple(finding for held in self._closed.values() for finding in held.findings)

    @property
    def due(self) -> float:
        """When the first of it is raised anew."""
        return min(map(self._due_of, self._closed.values()), default=math.inf)

    def closed(self, alarm: Alarm, moment: Moment, actor: str) -> Iterator[StandingEvent]:
        """A person closed `alarm`; nothing is kept when its cause is over, or is one that nothing can end."""
        by_key: dict[Key, list[Finding]] = {}
        for finding in (one for one in as_findings(alarm) if not KINDS[one.kind].one_off):
            by_key.setdefault((finding.subject, finding.kind), []).append(finding)
        for key, findings in by_key.items():
            id_, now = held_id(key[1], key[0], closed=True), moment.monotonic
            yield self._keep(key, Held(id_, now, now, tuple(findings), closed=True), moment, actor)

    def takes(self, finding: Finding, moment: Moment) -> Iterator[StandingEvent] | None:
        """None when `finding` is an alarm of its own; else it belongs to what was closed, which waits for its time."""
        held = self._closed.get((finding.subject, finding.kind))
        if held is None or finding.happening:
            return None
        devices = [one.device for one in held.findings]
        worse = finding.priority > max(one.priority for one in held.findings)
        if worse or (KINDS[finding.kind].unsuppressible and finding.device not in devices):
            return None
        return self._take(held, finding, moment)

    def over(self, finding: Finding, moment: Moment) -> Iterator[StandingEvent]:
        """The device of `finding` says that it is over."""
        key = (finding.subject, finding.kind)
        held = self._closed.get(key)
        if held is None or finding.device not in (one.device for one in held.findings):
            return
        left = tuple(one for one in held.findings if one.device != finding.device)
        if left:
            yield self._keep(key, replace(held, findings=left), moment)
        else:
            yield self.let_go(key, moment, *finding.reasons)

    def raised(self, finding: Finding, moment: Moment) -> Iterator[Finding | StandingEvent]:
        """`finding` is an open alarm again: what other devices said goes on behind it, not behind the closed one."""
        key = (finding.subject, finding.kind)
        held = self._closed.get(key)
        if held is None:
            return
        yield self.let_go(key, moment)
        yield from (one for one in held.findings if one.device != finding.device and not self._parted(one))

    def again(self, moment: Moment) -> Iterator[Finding | StandingEvent]:
        """What has gone on for its time."""
        for key, held in list(self._closed.items()):
            if self._due_of(held) > moment.monotonic:
                continue
            told = because("still_so", minutes=round((moment.monotonic - held.since) / 60))
            findings = [finding for finding in held.findings if not self._parted(finding)]
            yield self.let_go(key, moment, told if findings else because("device_parted"))
            for finding in findings:
                yield replace(finding, reasons=(*finding.reasons, told))

    def restore(self, held: Held) -> None:
        """From before a restart."""
        first = held.findings[0]
        self._closed.setdefault((first.subject, first.kind), held)

    def let_go(self, key: Key, moment: Moment, *reasons: Reason) -> StandingEvent:
        """It is over, or an alarm again."""
        held = self._closed.pop(key)
        return StandingEvent(self._new_id(), Noted.RELEASED, held, False, moment.monotonic, "system", reasons)

    def _take(self, held: Held, finding: Finding, moment: Moment) -> Iterator[StandingEvent]:
        others = tuple(one for one in held.findings if one.device != finding.device)
        held_before = next((one for one in held.findings if one.device == finding.device), None)
        changed = replace(held, findings=(*others, finding))
        if held_before is None or held_before.priority is not finding.priority:
            yield self._keep((finding.subject, finding.kind), changed, moment)
        else:
            self._closed[(finding.subject, finding.kind)] = changed

    def _keep(self, key: Key, held: Held, moment: Moment, actor: str = "system") -> StandingEvent:
        held = self._closed[key] = replace(held, at=moment.monotonic)
        return StandingEvent(self._new_id(), Noted.HELD, held, True, moment.monotonic, actor)

    def _due_of(self, held: Held) -> float:
        return held.since + self._again_s(max(one.priority for one in held.findings))
