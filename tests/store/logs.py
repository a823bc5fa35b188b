"""A life of the engine's alarms, put into a real store as the core does."""

import itertools
from collections.abc import Callable
from pathlib import Path

from agent.alarms.alarm import Action, Alarm, Cause, Command
from agent.alarms.escalation import Escalation
from agent.app.keeping import Keeping
from agent.clock import Clock
from agent.detection.acts import Act
from agent.judge import Judge, Verdict
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.settings import RuleSettings
from agent.store.settings import StoreSettings
from agent.store.store import Store
from drivers.reading import Reading

WALL = 1_800_028_800.0 - 1000.0  # wall time of monotonic 0; local midnight comes at 1000
WANG, LI = Resident("r-1", "王秀英", "201", "1"), Resident("r-2", "李桂兰", "201", "2")
SITE = Site.of(
    [WANG, LI],
    [
        Binding("button-1", DeviceRole.BUTTON, resident="r-1"),
        Binding("band-1", DeviceRole.WEARABLE, resident="r-1"),
        Binding("band-2", DeviceRole.WEARABLE, resident="r-2"),
        Binding("air-201", DeviceRole.ENVIRONMENT, room="201"),
        Binding("smoke-k", DeviceRole.LIFE_SAFETY, room="kitchen"),
    ],
)


class Ward:
    """A judge, a keeping and a store on one clock that the test moves; `wall_at_0`: wall time of its monotonic 0."""

    def __init__(self, folder: Path, wall_at_0: float = WALL) -> None:
        self.now = 2000.0
        self._wall_at_0 = wall_at_0
        self.folder = folder
        self.clock = Clock(lambda: self.now, lambda: wall_at_0 + self.now, "boot-1", lambda: True)
        self.store = Store(folder, self.clock, lambda *_: None, lambda *_: None, StoreSettings(group_s=0.05))
        self.store.open()
        numbers = itertools.count(1)
        self._new_id: Callable[[], str] = lambda: f"id-{next(numbers):04}"
        self.keeping = Keeping(self.store, self.clock, SITE, self._new_id)
        self.judge = Judge.of(RuleSettings(), Escalation(site=SITE), self._new_id)

    @property
    def moment(self) -> Moment:
        return self.clock.moment()

    @property
    def wall(self) -> float:
        return self._wall_at_0 + self.now

    def keep(self, verdict: Verdict) -> Verdict:
        self.keeping.verdict(verdict)
        return verdict

    def hear(self, device: str, quantity: str, value: float | bool | str) -> Verdict:
        """As the core does it: judged, then kept."""
        reading = Reading(device, quantity, value, self.now)
        verdict = self.keep(self.judge.feed(reading, self.moment))
        self.keeping.reading(reading)
        return verdict

    def press(self) -> Alarm:
        (event, *_) = self.hear("button-1", "button", "press").events
        return event.alarm

    def do(self, action: Action, alarm: Alarm, after_s: float, cause: Cause | None = None) -> None:
        self.now += after_s
        self.keep(self.judge.command(Command(action, alarm.id, "panel:carer", cause), self.moment))

    def live(self, cause: Cause = Cause.ASSISTED) -> Alarm:
        """Pressed; seen 20 s, attended 60 s, closed 120 s later."""
        alarm = self.press()
        self.do(Action.SEE, alarm, 20)
        self.do(Action.ATTEND, alarm, 40)
        self.do(Action.CLOSE, alarm, 60, cause)
        return alarm

    def act(self, act: Act) -> None:
        self.keeping.act(act)
        self.keep(self.judge.feed(act, self.moment))

    def wait(self, seconds: float) -> None:
        """Let time pass second by second, as the heart does."""
        for _ in range(int(seconds)):
            self.now += 1.0
            self.keeping.flush()

    def close(self) -> None:
        self.keeping.close()
        assert self.store.close()
