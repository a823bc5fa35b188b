"""Who is asked next on a bus where one question is on its way at a time.

Live blocks go by their due time. A block that went silent is asked again after growing waits, and only where the
next live one is not due before it would time out: a dead unit costs the living nothing.

After a miss the same question is asked again, so an answer that comes late still answers it. Where another question
of the unit has answers of the same form (`Block.form`), a late answer could be taken for it: all questions of that
form then rest `LATE_S`, longer than any device thinks. Points that lie side by side are one question and never rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.modbus.plan import Block

LATE_S = 10.0
# Live blocks may leave no gap at all; a silent unit is then asked in between after this long, or it would never return.
PATIENCE_S = 5.0


@dataclass(slots=True)
class _Turn:
    block: Block
    due: float
    misses: int = 0
    silent: bool = False
    wait_s: float = 0.0


class Schedule:
    """Due times of all blocks of a bus; `now` is monotonic seconds, `miss_s` what a question without answer takes."""

    def __init__(
        self, blocks: Iterable[Block], now: float, miss_s: float, misses_allowed: int, silent_retry_s: float
    ) -> None:
        self._turns = {block: _Turn(block, now) for block in blocks}
        self._miss_s = miss_s
        self._misses_allowed = misses_allowed
        self._silent_retry_s = silent_retry_s

    def next(self, now: float) -> tuple[Block | None, float]:
        """The block to ask now, or None and the seconds until one is."""
        live = min((t for t in self._turns.values() if not t.silent), key=lambda t: t.due, default=None)
        if live is not None and live.due <= now:
            return live.block, 0.0
        silent = min((t for t in self._turns.values() if t.silent), key=lambda t: t.due, default=None)
        if silent is None:
            return None, self._miss_s if live is None else live.due - now
        if silent.due > now:
            return None, min(silent.due, silent.due if live is None else live.due) - now
        if live is None or live.due - now >= self._miss_s or now - silent.due >= PATIENCE_S:
            return silent.block, 0.0
        return None, live.due - now

    def answered(self, block: Block, now: float) -> None:
        """It answered. After a miss it is asked once more at once: that answer is surely a fresh one."""
        turn = self._turns[block]
        again = turn.misses > 0 and not self._twins(block)
        turn.misses, turn.silent, turn.wait_s = 0, False, 0.0
        turn.due = now if again else max(turn.due + block.period_s, now)

    def missed(self, block: Block, now: float, late: bool = True) -> bool:
        """It gave nothing to use; True if it counts as silent from now on. `late`: its answer may yet come."""
        turn = self._turns[block]
        turn.misses += 1
        turn.due = now
        became_silent = not turn.silent and turn.misses >= self._misses_allowed
        if turn.silent or became_silent:
            turn.silent = True
            turn.wait_s = min(self._silent_retry_s, max(2 * turn.wait_s, block.period_s, 1.0))
            turn.due = now + turn.wait_s
        if late and (twins := self._twins(block)):
            for twin in (turn, *twins):
                twin.due = max(twin.due, now + LATE_S)
        return became_silent

    def _twins(self, block: Block) -> list[_Turn]:
        """The other questions whose answers look like this one's."""
        return [t for t in self._turns.values() if t.block is not block and t.block.form == block.form]
