"""The beat of the core: time for rules and ladders each second, the watchdog fed, lag and safe mode watched."""

import asyncio
from collections.abc import Callable

from agent import sd_notify
from agent.app.flow import Flow
from agent.app.parts import Parts
from agent.app.starts import STEADY_S, Starts
from agent.clock import Clock
from agent.rules.host import RuleHost

BEAT_S = 1.0
LATE_S = 1.0  # design: a loop held up for longer is a technical alarm
SAFE_MODE = "started too often in five minutes: only call buttons and hazard contacts are judged"


class Heart:
    """Beats until cancelled. `each_second` is called at every beat, after rules and ladders."""

    def __init__(self, flow: Flow, parts: Parts, clock: Clock, each_second: Callable[[], None]) -> None:
        self.heard = False  # a device spoke since the last beat
        self._flow = flow
        self._parts = parts
        self._clock = clock
        self._each_second = each_second
        self._recovery: tuple[Callable[[], RuleHost], Starts, float] | None = None

    def leave_safe_mode_by(self, rules: Callable[[], RuleHost], starts: Starts) -> None:
        """We are in safe mode; after a steady time judge by what `rules` gives."""
        now = self._clock.monotonic()
        self._recovery = (rules, starts, now + STEADY_S)
        self._parts.state("safe mode", SAFE_MODE, now)

    async def run(self) -> None:
        """Beat until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            late_s = loop.time() - due
            self._beat(late_s)
            due = max(due + BEAT_S, loop.time() + BEAT_S / 2)
            await asyncio.sleep(due - loop.time())

    def _beat(self, late_s: float) -> None:
        now = self._clock.monotonic()
        self._flow.tick()
        self._parts.state("loop", f"held up for {late_s:.1f} s" if late_s > LATE_S else "", now)
        self._parts.tick(now)
        self._each_second()
        if self._recovery is not None and now >= self._recovery[2]:
            rules, starts, _ = self._recovery
            self._recovery = None
            self._flow.use(rules())
            self._flow.settle()
            starts.forget()
            self._parts.state("safe mode", "", now)
        sd_notify.notify("WATCHDOG=1")
