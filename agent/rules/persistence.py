"""How long values have been at or beyond one limit, counted over trusted values only. Pure."""

from dataclasses import dataclass

from agent.memory import FLAG, HEARD, NUMBER, made, maybe, part
from agent.rules.settings.vitals import Limit

FORGOTTEN_S = 900.0  # what was beyond the limit before so long a silence tells nothing of now


@dataclass(slots=True)
class Dip:
    """Values that jumped beyond a limit: from `before`, at `since`, as far as `worst`."""

    before: float
    since: float
    worst: float


class Persistence:
    """One limit in one direction; a jump beyond it must last `confirm_s` more."""

    def __init__(self, low: bool, confirm_s: float) -> None:
        self._low = low
        self._confirm_s = confirm_s
        self._held_s = 0.0
        self._last: float | None = None  # time of the last trusted value beyond the limit
        self._dip: Dip | None = None
        self.idle = True  # no value is beyond it

    @property
    def jumped(self) -> bool:
        """Whether it was passed by a jump."""
        return self._dip is not None

    def ended(self, limit: Limit, value: float) -> Dip | None:
        """The jump that `value` ends before it could be believed; ask before `judge`."""
        return None if self._beyond(limit, value) or self._believed(limit) else self._dip

    def doubted_since(self, limit: Limit) -> float | None:
        """The value before a jump that is not believed yet; None: there is none such."""
        return None if self._dip is None or self._believed(limit) else self._dip.before

    def doubt(self, at: float, gap_s: float) -> None:
        """A value that cannot be trusted came at `at`: the clock stands from then on."""
        self._run_to(at, gap_s)
        self._last = None

    def judge(self, limit: Limit, value: float, at: float, gap_s: float, jumped_from: float | None) -> bool:
        """Whether the limit has now been passed for its time, each value vouching for `gap_s` after it."""
        if not self._beyond(limit, value):
            self._held_s, self._last, self._dip, self.idle = 0.0, None, None, True
            return False
        if self.idle and jumped_from is not None:
            self._dip = Dip(jumped_from, at, value)
        elif self._dip is not None:
            self._dip.worst = min(self._dip.worst, value) if self._low else max(self._dip.worst, value)
        self.idle = False
        self._run_to(at, gap_s)
        self._last = at
        return self._believed(limit)

    def _run_to(self, at: float, gap_s: float) -> None:
        if self._last is not None:
            silent_s = at - self._last
            self._held_s = 0.0 if silent_s > FORGOTTEN_S else self._held_s + min(max(silent_s, 0.0), gap_s)

    def _believed(self, limit: Limit) -> bool:
        return self._held_s >= limit.for_s + (self._confirm_s if self._dip is not None else 0.0)

    def _beyond(self, limit: Limit, value: float) -> bool:
        return value <= limit.at if self._low else value >= limit.at


PERSISTENCE = part(
    _held_s=NUMBER, _last=maybe(HEARD), _dip=maybe(made(Dip, before=NUMBER, since=HEARD, worst=NUMBER)), idle=FLAG
)
