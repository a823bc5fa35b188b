"""What rules said that goes on, to be held against the alarms that stand after a restart. Pure."""

from collections.abc import Iterable

from agent.residents import Subject
from agent.rules.finding import Finding, Said
from agent.rules.kinds import KINDS

Key = tuple[str, Subject]  # name of the rule, and what it watches
Claim = tuple[str, str, str]  # kind, id of the subject, device


def claim_of(finding: Finding) -> Claim:
    """What `finding` claims to go on."""
    return finding.kind, finding.subject.id, finding.device


class Claims:
    """The last words of each rule, as far as they say that something goes on; nothing one-off, which is no state."""

    def __init__(self) -> None:
        self._of: dict[Key, dict[Claim, None]] = {}

    def said(self, key: Key, said: Iterable[Said]) -> None:
        """The rule said so."""
        for one in said:
            if isinstance(one, Finding) and not KINDS[one.kind].one_off:
                known = self._of.setdefault(key, {})
                known.pop(claim_of(one), None)
                if one.active:
                    known[claim_of(one)] = None

    def take_up(self, key: Key, claims: Iterable[Claim]) -> None:
        """What the rule claimed before a restart."""
        self._of[key] = dict.fromkeys(claims)

    def of(self, key: Key) -> tuple[Claim, ...]:
        """What the rule claims."""
        return tuple(self._of.get(key, ()))

    def drop(self, key: Key) -> None:
        """The rule is no more, or knows nothing any more."""
        self._of.pop(key, None)

    def compared(self, going_on: Iterable[Finding]) -> tuple[list[Key], list[Finding]]:
        """Which rules claim what does not go on; and what goes on that no rule claims."""
        going_on = tuple(going_on)
        standing = {claim_of(one) for one in going_on}
        claimed = {claim for claims in self._of.values() for claim in claims}
        unfounded = [key for key, claims in self._of.items() if not standing.issuperset(claims)]
        return unfounded, [one for one in going_on if claim_of(one) not in claimed]
