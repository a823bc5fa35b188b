"""The time of a day file: where it begins, and what becomes of a clock that jumps. Pure."""

from datetime import UTC, datetime

BEFORE_S = 24 * 3600.0  # site lines older than this say what was known, not when the day began
JUMP_S = 400 * 86400.0  # no recording pauses for longer, but a clock that is set jumps further


class Timeline:
    """UTC seconds of the file as monotonic seconds since its beginning."""

    def __init__(self) -> None:
        self._told: list[float] = []
        self._jumped = 0.0
        self.start = 0.0  # UTC seconds
        self.began = False

    def told_before(self, t: float) -> None:
        """A site line of `t` stands before everything else."""
        self._told.append(t)

    def begin(self, t: float | None = None) -> None:
        """The first line that is none of the site has `t` (None: there is none): the day begins, if it has not."""
        if self.began:
            return
        self.began = True
        first = max(self._told, default=0.0) if t is None else t
        self.start = min((told for told in self._told if 0.0 <= first - told <= BEFORE_S), default=first)

    def at(self, t: float, now: float) -> tuple[float, str]:
        """Monotonic seconds of `t` where it is `now`, and what was odd: a jump of the clock lets no time pass."""
        self.begin(t)
        straight = t - self.start
        if abs(straight - self._jumped - now) <= JUMP_S:
            return straight - self._jumped, ""
        self._jumped = 0.0 if abs(straight - now) <= JUMP_S else straight - now
        if not self._jumped:
            return straight, ""
        years = (straight - now) / (365.25 * 86400)
        clock = datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%d")
        return now, f"t is {clock}, {years:+.1f} years from the line before: taken as a jump of the clock"
