"""What rules remember, between their host and the store: taken up at the start, written as it changes."""

import json
import logging
from collections.abc import Sequence

from agent.app.past import sleep_s
from agent.clock import Clock, Stamp
from agent.memory import Sleep
from agent.residents import Subject, SubjectKind
from agent.rules.host import RuleHost
from agent.rules.memories import WARD, Memory
from agent.store.remembered import Remembered
from agent.store.store import Opened, Store

_LOGGER = logging.getLogger(__name__)

ROUND_S = 300  # in so many seconds each memory is looked at; where a rule spoke or a person acted, at once


class Remembering:
    """Taken up once, then asked each second; the disk is the store's business."""

    def __init__(self, store: Store, clock: Clock, opened: Opened) -> None:
        self._store = store
        self._clock = clock
        self._found = opened.remembered
        self._alive_at = opened.alive_at

    def take_up(self, rules: RuleHost, safe_mode: bool = False) -> None:
        """Have `rules`, which were told nothing yet, take up what is known from before; what they refuse is deleted.

        `safe_mode`: what is known of people and of rules that run then, and the rest when it is asked again.
        """
        now, taken, refused = self._clock.stamp(), 0, []
        found = [one for one in self._found if not safe_mode or one.rule == WARD or rules.has(one.rule)]
        self._found = tuple(one for one in self._found if safe_mode and one.rule != WARD and not rules.has(one.rule))
        for one in found:
            if why := self._taken(one, rules, now):
                _LOGGER.warning("%s of %s: what it remembered is dropped: %s", one.rule, one.subject, why)
                refused.append(Remembered(one.rule, one.subject, one.version, {}, now))
            else:
                taken += 1
        self._store.remember(refused)
        if taken:
            _LOGGER.info("%d memories of rules taken up", taken)

    def each_second(self, rules: RuleHost) -> None:
        """Write what is due: what was stirred, and a small share of the others."""
        self._write(rules.memories(1 + len(rules) // ROUND_S))

    def close(self, rules: RuleHost) -> None:
        """Write all that is not written yet."""
        self._write(rules.memories(1 + len(rules)))

    def _write(self, due: Sequence[Memory]) -> None:
        if due:
            now = self._clock.stamp()
            self._store.remember([_remembered(one, now) for one in due])

    def _taken(self, one: Remembered, rules: RuleHost, now: Stamp) -> str:
        passed_s = sleep_s(one.at.monotonic, one.at.wall, one.at.boot, now)
        sleep = Sleep(passed_s, self._deaf_s(one.at, now))
        at = one.at.monotonic + (sleep.deaf_s if passed_s is None else passed_s)
        try:
            memory = _memory(one)
        except (KeyError, TypeError, ValueError) as error:
            return f"unreadable: {error!r}"
        return rules.remember(memory, sleep, at)

    def _deaf_s(self, at: Stamp, now: Stamp) -> float:
        """What moves times of `at` to now, the time since anything was written last left out."""
        last = self._alive_at or at
        awake_s = sleep_s(at.monotonic, at.wall, at.boot, last)
        if awake_s is None:
            return now.monotonic - at.monotonic
        return awake_s + now.monotonic - last.monotonic


def _remembered(one: Memory, now: Stamp) -> Remembered:
    about = one.about
    subject = json.dumps([about.kind.value, about.id, about.room], ensure_ascii=False)
    data = {"whose": one.whose, "facts": one.facts, "claims": one.claims} if one.facts else {}
    return Remembered(one.rule, subject, one.version, data, now)


def _memory(one: Remembered) -> Memory:
    kind, id_, room = json.loads(one.subject)
    about = Subject(SubjectKind(kind), str(id_), str(room))
    claims = tuple((str(kind), str(whom), str(device)) for kind, whom, device in one.data.get("claims", ()))
    return Memory(one.rule, about, str(one.data["whose"]), one.version, one.data["facts"], claims)
