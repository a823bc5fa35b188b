"""A scenario that goes on while processes are killed: residents press, carers come; each keeps a journal of his own."""

import asyncio
import random
import time
from dataclasses import dataclass, field

from agent.panel.client import ClientError
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident

HEARD_S = 1.5  # a press is repeated for 0.4 s; a core that scans for so long after it has heard it


@dataclass(frozen=True, slots=True)
class Press:
    """A resident pressed at monotonic `at`."""

    resident: str
    at: float


@dataclass
class Evening:
    """`presses` and `seen` (alarm -> when a carer began the call that succeeded) are the journals of those outside."""

    home: Home
    daemon: Daemon
    dice: random.Random
    pressers: int  # so many buttons are pressed at any time; the others only by `press`
    presses: list[Press] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)
    deaf: list[tuple[float, float]] = field(default_factory=list)  # while no core listened to the buttons
    _patience: dict[str, float] = field(default_factory=dict)

    def press(self, number: int) -> Press:
        """Press button `number` now."""
        press = Press(resident(number), time.monotonic())
        self.home.buttons[number].press()
        self.presses.append(press)
        return press

    async def press_on(self) -> None:
        """Press now and then, until cancelled."""
        while True:
            await asyncio.sleep(self.dice.uniform(0.5, 2.5))
            self.press(self.dice.randrange(self.pressers))

    async def tend(self) -> None:
        """Carers: each call is seen, attended and closed some seconds after it came; until cancelled."""
        while True:
            for alarm in await self.daemon.alarms():
                if alarm["kind"] == "sos":
                    await self._tend(alarm["id"], alarm["state"])
            await asyncio.sleep(0.2)

    async def _tend(self, id_: str, state: str) -> None:
        now = time.monotonic()
        if now < self._patience.setdefault(id_, now + self.dice.uniform(2.0, 10.0)):
            return
        try:
            if state == "raised":
                self.seen[id_] = now
                await self.daemon.act(id_, "seen")
            await self.daemon.act(id_, "attended", "closed")
        except ClientError:  # the core has died meanwhile: another try
            return

    def was_heard(self, press: Press) -> bool:
        """Whether a core listened at the press and long enough after it."""
        return not any(begin < press.at + HEARD_S and press.at < end for begin, end in self.deaf)
