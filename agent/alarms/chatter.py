"""What comes and goes: how often a condition has begun lately, and when one that is well again counts as over. Pure."""

import math
from collections.abc import Iterable
from dataclasses import replace

from agent.alarms.alarm import Alarm
from agent.alarms.book import Key
from agent.alarms.settings import ChatterSettings
from agent.moment import Moment
from agent.rules.finding import AlarmClass


class Onsets:
    """Times at which each condition began, as far as they still count."""

    def __init__(self, settings: ChatterSettings) -> None:
        self._settings = settings
        self._times: dict[Key, tuple[float, ...]] = {}

    def began(self, key: Key, at: float) -> tuple[float, ...]:
        """It begins at monotonic `at`; gives when it began lately, this time included."""
        return self.take_up(key, (at,))

    def take_up(self, key: Key, times: Iterable[float]) -> tuple[float, ...]:
        """It began at `times` as well; more of the past than makes it chatter tells nothing."""
        known = tuple(sorted({*self._times.get(key, ()), *times}))  # store and sounder both tell of a restored one
        self._times[key] = known[-self._settings.onsets :]
        return self._times[key]

    def count(self, key: Key, now: float) -> int:
        """How many of them still count at `now`."""
        return sum(now - at < self._settings.within_s for at in self._times.get(key, ()))


class Chatter:
    """Onsets, and the alarms that wait, well again, until they have been so for long enough."""

    def __init__(self, settings: ChatterSettings) -> None:
        self._settings = settings
        self._onsets = Onsets(settings)
        self._waiting: dict[str, float] = {}  # alarm -> when it has been well for long enough

    @property
    def due(self) -> float:
        """When the first of them has been."""
        return min(self._waiting.values(), default=math.inf)

    def began(self, alarm: Alarm, moment: Moment) -> Alarm:
        """`alarm`, whose condition begins now, with what that makes of it: chattering, it sounds on."""
        key = (alarm.subject, alarm.kind)
        onsets = self._onsets.began(key, moment.monotonic)
        chatters = self._onsets.count(key, moment.monotonic) >= self._settings.onsets
        return replace(alarm, onsets=onsets, chattering=alarm.chattering or chatters)

    def settles(self, alarm: Alarm) -> bool:
        """Note since when `alarm` has been well; False when it is a fault that is over by now."""
        technical = alarm.alarm_class is AlarmClass.TECHNICAL
        if alarm.condition or alarm.latching or not (technical or alarm.chattering):
            return True
        settle_s = self._settle_s(alarm)
        if settle_s > 0:
            self._waiting[alarm.id] = alarm.well_at + settle_s
        return settle_s > 0

    def take_up(self, alarm: Alarm, moment: Moment) -> None:
        """`alarm` is from before a restart; a fault that is over, and should be closed, has its time to show it."""
        self._onsets.take_up((alarm.subject, alarm.kind), alarm.onsets or (alarm.raised_at,))
        if not self.settles(alarm):
            self._waiting[alarm.id] = moment.monotonic + self._settings.settle_s

    def forget(self, alarm: Alarm) -> None:
        """`alarm` is closed, or its condition is back."""
        self._waiting.pop(alarm.id, None)

    def take_due(self, now: float) -> list[str]:
        """The ids of those that have been well for long enough; each is given once."""
        due = [id_ for id_, until in self._waiting.items() if until <= now]
        for id_ in due:
            del self._waiting[id_]
        return due

    def _settle_s(self, alarm: Alarm) -> float:
        """How long it must be well before it counts as over: nothing the first time."""
        if alarm.chattering:
            return self._settings.within_s
        count = self._onsets.count((alarm.subject, alarm.kind), alarm.well_at)
        return self._settings.settle_s if count > 1 else 0.0
