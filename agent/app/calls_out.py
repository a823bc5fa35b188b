"""What became of the calls out for each open alarm: kept for an inquiry, shown to whoever looks at the alarm."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.alarms.alarm import Alarm
from agent.alarms.snapshot import CallStatus
from agent.rules.reason import because
from agent.upstream.link import CallTold


class CallsOut:
    """`told` for each try. `open_alarms`: those that are open now; `keep` gets a word, a subject and what to know."""

    def __init__(
        self,
        open_alarms: Callable[[], Iterable[Alarm]],
        keep: Callable[[str, str, Mapping[str, Any]], None],
        changed: Callable[[], None],
    ) -> None:
        self._open_alarms = open_alarms
        self._keep = keep
        self._changed = changed
        self._calls: dict[tuple[str, str], CallStatus] = {}  # (alarm, call) -> the newest

    @property
    def statuses(self) -> tuple[CallStatus, ...]:
        """The newest of each call, for alarms that were open when it was told."""
        return tuple(self._calls.values())

    def told(self, call: CallTold) -> None:
        """A try has ended; of those that failed the first and the last are kept, not each."""
        subjects = {alarm.id: alarm.subject.id for alarm in self._open_alarms()}
        if call.made or call.final or call.failed == 1:
            known = {"alarm": call.alarm, "call": call.name, "ok": call.made, "failed": call.failed}
            self._keep("called_out", subjects.get(call.alarm, ""), {**known, "final": call.final, "detail": call.why})
        self._calls = {key: one for key, one in self._calls.items() if one.alarm in subjects}
        if call.alarm in subjects:
            why = because("call_failing", call=call.name, count=call.failed, why=call.why) if call.why else None
            key = (call.alarm, call.name)
            self._calls[key] = CallStatus(call.alarm, call.name, call.made, call.failed, why, call.final)
        self._changed()
