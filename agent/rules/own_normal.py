"""What is normal for one person, learned in constant memory: medians of spans of time, and how they usually differ."""

from dataclasses import dataclass, field

from agent.memory import COUNT, FLAG, HEARD, NUMBER, maybe, part, table

LEAST_VALUES = 10  # of one span
LEAST_SPANS = 24
MEMORY = 336  # spans, a week of half-hours: a lasting change becomes the new normal


@dataclass(slots=True)
class Span:
    """The values of one span from monotonic `since`: how often each came, to the whole number."""

    since: float
    night: bool
    _counts: dict[int, int] = field(default_factory=dict)

    def take(self, value: float) -> None:
        """One value."""
        whole = round(value)
        self._counts[whole] = self._counts.get(whole, 0) + 1

    def median(self) -> int | None:
        """The middle value; None when there were too few."""
        count = sum(self._counts.values())
        if count < LEAST_VALUES:
            return None
        seen = 0
        for value in sorted(self._counts):
            seen += self._counts[value]
            if seen * 2 > count:
                break
        return value


class OwnNormal:
    """The mean of the medians, and the mean of how far they were away from it."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._spans = 0
        self.mean = 0.0
        self.spread = 0.0

    def known(self, now: float, for_s: float) -> bool:
        """Whether it has been learned for `for_s` by monotonic `now`, and from enough spans."""
        return self._since is not None and now - self._since >= for_s and self._spans >= LEAST_SPANS

    def learn(self, median: float, since: float, at_most: float) -> None:
        """One more span, which began at monotonic `since`; what is further away than `at_most` counts as so far."""
        if self._since is None:
            self._since, self.mean = since, median
        self._spans += 1
        share = 1.0 / min(self._spans, MEMORY)
        away = min(max(median - self.mean, -at_most), at_most)
        self.mean += share * away
        self.spread += share * (abs(away) - self.spread)


SPAN = part(lambda: Span(0.0, night=False), since=HEARD, night=FLAG, _counts=table(COUNT, COUNT))
NORMAL = part(OwnNormal, _since=maybe(HEARD), _spans=COUNT, mean=NUMBER, spread=NUMBER)
