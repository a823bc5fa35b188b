"""The daily test of every buzzer, lamp, loudspeaker and pager, and the person who confirms it. Pure.

Each output in turn plays for `PLAY_S`; then `CONFIRM_S` remain for somebody to say that it was heard or seen. An urgent
alarm postpones the test, also one that has begun; one that cannot be held before `LATEST_S` after its time is
left out that day. So is one whose time had come before this process started, or each restart of a morning would beep:
whoever wants it asks for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from agent.moment import DAY_S, Moment

PLAY_S = 4.0  # two pulses and a spoken sentence
CONFIRM_S = 1800.0
LATEST_S = 4 * 3600.0


class Outcome(StrEnum):
    """How the last test of one output ended."""

    NEVER = "never"  # not tested since this process started
    WAITING = "waiting"  # played; nobody has confirmed it yet
    OK = "ok"
    UNCONFIRMED = "unconfirmed"  # nobody confirmed it in time
    FAILED = "failed"  # its device did not work


@dataclass(frozen=True, slots=True)
class Result:
    """The last test of one output; times are monotonic seconds."""

    outcome: Outcome = Outcome.NEVER
    tested_at: float | None = None
    confirmed_at: float | None = None
    confirmed_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """As told to the core."""
        return {
            "test": self.outcome.value,
            "tested_at": self.tested_at,
            "confirmed_at": self.confirmed_at,
            "confirmed_by": self.confirmed_by,
        }


class SelfTest:
    """The test of the outputs `names` at `at_s` seconds after local midnight (None: only when asked for)."""

    def __init__(self, names: Sequence[str], at_s: float | None) -> None:
        self.results = {name: Result() for name in names}
        self.begun_at = 0.0  # when `testing` began to play
        self._at_s = at_s
        self._left: list[str] = []
        self._asked = False
        self._day = -1  # of the last daily test
        self._ticked = False

    @property
    def testing(self) -> str:
        """The output that plays now; empty when none does."""
        return self._left[0] if self._left else ""

    def result(self, name: str) -> Result:
        """How the last test of `name` ended."""
        return self.results.get(name, Result())

    def ask(self) -> None:
        """Test all now, or as soon as no urgent alarm sounds."""
        self._asked = True

    def heard(self, name: str, by: str, now: float) -> bool:
        """`by` says that `name` was heard or seen; False when nothing of that name waits for it."""
        result = self.results.get(name)
        if result is None or result.outcome is not Outcome.WAITING:
            return False
        self.results[name] = replace(result, outcome=Outcome.OK, confirmed_at=now, confirmed_by=by)
        return True

    def tick(self, moment: Moment, alarm: bool, works: Callable[[str], bool]) -> None:
        """Go on: begin, next output, end, expire.

        `alarm`: one of medium or high priority sounds. `works`: whether an output is without fault.
        """
        now = moment.monotonic
        if not self._ticked and self._due(moment):
            self._day = _test_day(moment, self._at_s)
        self._ticked = True
        self._expire(now)
        if self._left and alarm:  # all of it once more, later: nobody can tell what was heard
            self._left, self._asked = [], True
        elif self._left and now - self.begun_at >= PLAY_S:
            self._played(self._left.pop(0), works, now)
            self.begun_at = now
        elif not self._left and not alarm and (self._asked or self._due(moment)):
            self._left, self._asked, self.begun_at = list(self.results), False, now
            if self._due(moment):
                self._day = _test_day(moment, self._at_s)

    def _due(self, moment: Moment) -> bool:
        if self._at_s is None or not moment.wall_known:
            return False
        late_s = (moment.time_of_day_s - self._at_s) % DAY_S
        return late_s < LATEST_S and self._day != _test_day(moment, self._at_s)

    def _played(self, name: str, works: Callable[[str], bool], now: float) -> None:
        self.results[name] = Result(Outcome.WAITING if works(name) else Outcome.FAILED, tested_at=now)

    def _expire(self, now: float) -> None:
        for name, result in self.results.items():
            if result.outcome is Outcome.WAITING and now - (result.tested_at or 0.0) >= CONFIRM_S:
                self.results[name] = replace(result, outcome=Outcome.UNCONFIRMED)


def _test_day(moment: Moment, at_s: float | None) -> int:
    """The local day on which the test that is due now began, also after midnight."""
    return moment.day - int(moment.time_of_day_s < (at_s or 0.0))
