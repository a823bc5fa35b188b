"""One call out: follows the alarms lane, makes a request for each event that tells its roles, and gives up in time.

Each line has a thread of its own, so that a dead receiver delays neither the push nor another line. What it is done
with is kept by the core as receipts of its own consumer: a restart goes on where it was, under the same keys.
"""

import json
import logging
import queue
import stat
import threading
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import requests
import urllib3

from agent.store import reader
from agent.store.entry import Lane
from agent.store.events import CloudEvent, Origin
from agent.store.outbox import Receipt
from agent.store.ranges import Range, merge
from agent.upstream.call_settings import CallSettings, values_of
from agent.upstream.core_link import CoreLink
from drivers.backoff import Backoff

_LOGGER = logging.getLogger(__name__)

LATE_S = 600.0  # an older call is not made any more
LOOK_S = 2.0  # without a word from the core
AT_ONCE = 200  # rows looked at in one turn
_TELLS = "nightlamp.alarm."
_OVER = ("attended", "closed")
NO_ANSWER, TOO_LATE = "no answer", "too late"  # words of agent/rules/words


class Answer(StrEnum):
    """How one request ended."""

    TAKEN = "taken"
    AGAIN = "again"  # nobody there, or not now
    REFUSED = "refused"  # this request, for good


class CallLine:
    """One ``[[call]]``. `core` is told what it is done with and how each try ended; `done` wakes the process's loop."""

    def __init__(
        self, call: CallSettings, folder: Path, origin: Origin, core: CoreLink, done: Callable[[], None]
    ) -> None:
        self.detail = ""  # why the last request was not taken; empty: it was
        self.tries = 0  # in a row that were not taken, whichever alarm they were for
        self._tried = 0  # for the event that waits
        self._call = call
        self._folder = folder
        self._origin = origin
        self._core = core
        self._done = done
        self._unconfirmed: list[tuple[Range, ...]] = []
        self._waiting: tuple[Range, CloudEvent] | None = None
        self._sent = False
        self._next_at = 0.0
        self._backoff = Backoff(first=1.0, cap=60.0)
        self._work: queue.SimpleQueue[tuple[bytes, str]] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[Answer, str]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name=f"call {call.name}", daemon=True).start()

    @property
    def name(self) -> str:
        """As in upstream.toml."""
        return self._call.name

    @property
    def due(self) -> float:
        """Monotonic time of the next look; while a request is under way its end wakes the loop."""
        return self._next_at

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return self._sent

    def wake(self, now: float) -> None:
        """Something new is in the alarms lane; a retry keeps its time."""
        if self._waiting is None:
            self._next_at = now

    def confirmed(self, receipt: Receipt) -> None:
        """The core has written `receipt` down."""
        if receipt.consumer == self._call.consumer and receipt.settles() in self._unconfirmed:
            self._unconfirmed.remove(receipt.settles())

    def turn(self, now: float) -> None:
        """Take an answer, and begin what is due; never waits. Raises `StoreUnreadableError`."""
        self._take_answer(now)
        if self._sent or now < self._next_at:
            return
        self._next_at = now + LOOK_S
        if self._waiting is None:
            self._look()
        if self._waiting is not None:
            self._try()

    def _look(self) -> None:
        """The next event that tells one of our roles; what comes before it is settled unsent."""
        also = merge(pair for ranges in self._unconfirmed for pair in ranges)
        ranges = reader.outstanding(self._folder, Lane.ALARMS, self._call.consumer, also)
        passed: list[Range] = []
        for numbers, event in reader.events_in(self._folder, Lane.ALARMS, ranges, AT_ONCE, self._origin):
            if self._newly_told(event):
                self._waiting, self._tried = (numbers, event), 0
                self._backoff.reset()
                break
            passed.append(numbers)
        if passed:
            self._settled(merge(passed))
            if self._waiting is None:
                self._next_at = 0.0  # there may be more

    def _newly_told(self, event: CloudEvent) -> bool:
        alarm = event["data"].get("alarm")
        if not str(event["type"]).startswith(_TELLS) or not isinstance(alarm, dict) or alarm.get("state") in _OVER:
            return False
        ours = set(self._call.roles) & set(alarm.get("told", ()))
        if not ours:
            return False
        before = self._alarm(str(alarm.get("id", "")), int(event["sequence"]))
        return bool(ours - set((before or {}).get("told", ())))

    def _alarm(self, alarm: str, below: int = 2**62) -> dict[str, Any] | None:
        """The newest state of `alarm` in rows of number below `below`."""
        sql = "SELECT data FROM log WHERE alarm = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1"
        with reader.reading(self._folder, Lane.ALARMS) as connection:
            row = connection.execute(sql, (alarm, below)).fetchone()
            state = json.loads(row[0]).get("alarm") if row else None
        return state if isinstance(state, dict) else None

    def _phones(self) -> dict[str, str]:
        with reader.reading(self._folder, Lane.ALARMS) as connection:
            row = connection.execute("SELECT document FROM site_facts WHERE valid_to IS NULL").fetchone()
            staff = json.loads(row[0]).get("staff", ()) if row else ()
        return {str(one["id"]): str(one["phone"]) for one in staff if one.get("phone")}

    def _try(self) -> None:
        assert self._waiting is not None
        numbers, event = self._waiting
        alarm = event["data"]["alarm"]
        if ((self._alarm(str(alarm["id"])) or alarm).get("state")) in _OVER:
            if self._tried:  # whoever looks at the alarm was told that it is tried again
                self._tell(event, final=True)
            self._end(numbers, event, "is attended already, not made")
        elif time.time() - datetime.fromisoformat(event["time"]).timestamp() > LATE_S:
            self.detail, self.tries = self.detail or TOO_LATE, self.tries + 1
            self._tell(event, final=True)
            self._end(numbers, event, f"is older than {LATE_S:g} s, not made any more: {self.detail}")
        else:
            try:
                body = self._call.filled(values_of(event, self._phones(), self._call.phone))
            except (KeyError, TypeError, AttributeError) as error:
                self._fail(numbers, event, f"cannot be put into words: {error!r}")
                return
            self._sent = True
            self._work.put((body, str(event["id"])))

    def _take_answer(self, now: float) -> None:
        try:
            answer, why = self._answers.get_nowait()
        except queue.Empty:
            return
        self._sent = False
        if self._waiting is None:
            return
        numbers, event = self._waiting
        if answer is Answer.TAKEN:
            self.detail, self.tries = "", 0
            self._tell(event, made=True, final=True)
            self._end(numbers, event, "made")
            self._next_at = now
        elif answer is Answer.REFUSED:
            self._fail(numbers, event, why)
            self._next_at = now
        else:
            self._not_taken(event, why, final=False)
            self._next_at = now + self._backoff.next()

    def _fail(self, numbers: Range, event: CloudEvent, why: str) -> None:
        self._not_taken(event, why, final=True)
        self._end(numbers, event, f"failed: {why}")

    def _not_taken(self, event: CloudEvent, why: str, final: bool) -> None:
        self.detail, self.tries, self._tried = why, self.tries + 1, self._tried + 1
        self._tell(event, final=final)

    def _tell(self, event: CloudEvent, final: bool, made: bool = False) -> None:
        """The core, for whoever looks at this alarm."""
        alarm = str(event["data"]["alarm"]["id"])
        self._core.call(name=self.name, alarm=alarm, made=made, failed=self._tried, why=self.detail, final=final)

    def _end(self, numbers: Range, event: CloudEvent, how: str) -> None:
        _LOGGER.info("call %s of event %s: %s", self.name, event["id"], how)
        self._waiting = None
        self._settled((numbers,))

    def _settled(self, ranges: tuple[Range, ...]) -> None:
        for piece in self._core.settle(Receipt(self._call.consumer, Lane.ALARMS, ranges)):
            self._unconfirmed.append(piece.settles())

    def _run(self) -> None:
        session = requests.Session()
        session.trust_env = False  # no proxy, netrc or authority that somebody's environment names
        while True:
            body, key = self._work.get()
            self._answers.put(_post(session, self._call, body, key))
            self._done()


def _post(session: requests.Session, call: CallSettings, body: bytes, key: str) -> tuple[Answer, str]:
    try:
        secret = _secret(Path(call.secret_file)) if call.secret_file else ""
        headers = {name: value.replace("{secret}", secret) for name, value in call.headers.items()}
        headers = {"Content-Type": "application/json", "User-Agent": "nightlamp", **headers, "Idempotency-Key": key}
        timeout = (call.deadline_s / 2, call.deadline_s / 2)
        with session.request(
            call.method, call.url, data=body, headers=headers, timeout=timeout, stream=True, allow_redirects=False
        ) as response:
            status = response.status_code
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        _LOGGER.info("call %s: %s: %s", call.name, NO_ANSWER, type(error).__name__)
        return Answer.AGAIN, NO_ANSWER
    except (OSError, ValueError) as error:
        return Answer.AGAIN, str(error)
    if 200 <= status < 300:
        return Answer.TAKEN, ""
    wrong = 400 <= status < 500 and status not in (401, 403, 408, 425, 429)
    return (Answer.REFUSED if wrong else Answer.AGAIN), f"HTTP {status}"


def _secret(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ValueError(f"{path}: others may read the secret (mode {mode:o}); chmod 600 {path}")
    return path.read_text(encoding="utf-8").strip()
