"""What all rules of a home remember, one memory each: which are due to be written, and whose they still are. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agent.memory import Keeps
from agent.residents import Site, Subject, SubjectKind
from agent.rules.claims import Claim, Claims, Key
from agent.rules.finding import Said

WARD = "ward"  # what is known of people (agent.detection.ward) is kept as the memory of a rule of that name


@dataclass(frozen=True, slots=True)
class Memory:
    """What the rule called `rule` knows of `about`; `facts` empty: nothing any more.

    `whose` says to whom the subject belonged then: a device that went to another resident brings nothing along.
    `claims`: what goes on by its last word.
    """

    rule: str
    about: Subject
    whose: str
    version: int
    facts: Mapping[str, Any]
    claims: tuple[Claim, ...] = ()


class Remembering(Protocol):
    """A rule, or the ward."""

    @property
    def keeps(self) -> Keeps | None:
        """What it remembers."""

    def memory(self) -> dict[str, Any]:
        """It, as JSON values."""


def whose(site: Site, about: Subject) -> str | None:
    """To whom `about` belongs; None: the site facts do not know it, or know it elsewhere."""
    match about.kind:
        case SubjectKind.RESIDENT:
            resident = site.residents.get(about.id)
            return about.id if resident is not None and resident.room == about.room else None
        case SubjectKind.PLACE:
            return " ".join(sorted(one.id for one in site.living_in(about.room or about.id)))
        case SubjectKind.DEVICE:
            subject = site.subject_of(about.id)
            return subject.id if subject.room == about.room else None
        case SubjectKind.GATEWAY:
            return about.id


class Memories:
    """Gives each memory that changed since it was given last: at once where something happened, the others by turns."""

    def __init__(self) -> None:
        self.claims = Claims()
        self._given: dict[Key, int] = {}  # a digest of it
        self._stirred: dict[Key, None] = {}
        self._gone: list[Memory] = []
        self._next = 0

    def stir(self, key: Key, said: Iterable[Said] = ()) -> None:
        """The rule spoke, or a person did something that it knows of: its memory is due."""
        self._stirred[key] = None
        self.claims.said(key, said)

    def forget(self, key: Key) -> None:
        """The rule is no more."""
        self.claims.drop(key)
        if self._given.pop(key, None) is not None:
            self._gone.append(Memory(*key, "", 0, {}))

    def due(self, rules: Mapping[Key, Remembering | None], site: Site, looks: int) -> list[Memory]:
        """What is to be written: of `looks` rules in their turn, and of all that were stirred."""
        keys = list(rules)
        turn = [keys[(self._next + n) % len(keys)] for n in range(min(looks, len(keys)))]
        self._next = (self._next + looks) % len(keys) if keys else 0
        due, self._gone = self._gone, []
        stirred, self._stirred = self._stirred, {}
        for key in {**stirred, **dict.fromkeys(turn)}:
            due += self._changed(key, rules.get(key), site)
        return due

    def _changed(self, key: Key, rule: Remembering | None, site: Site) -> Iterable[Memory]:
        if rule is None or rule.keeps is None or (belongs := whose(site, key[1])) is None:
            return
        facts = rule.memory()
        known = [facts[name] for name in facts if name not in rule.keeps.beside]
        digest = hash(repr((belongs, key[1].room, known)))
        if self._given.get(key) != digest:
            self._given[key] = digest
            yield Memory(*key, belongs, rule.keeps.version, facts, self.claims.of(key))
