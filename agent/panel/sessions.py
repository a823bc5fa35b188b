"""Who is logged in: random tokens, kept as hashes, each for one shift."""

import hashlib
import logging
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from agent.clock import Clock, Stamp
from agent.panel import secret_file

_LOGGER = logging.getLogger(__name__)

FILE = "panel-sessions.json"
MOST = 64  # the oldest login gives way
CLOCK_SLACK_S = 300.0


@dataclass(frozen=True, slots=True)
class Session:
    """One login. `generation` names the code that opened it; the rest says when it began and ends on both clocks."""

    digest: str
    name: str
    generation: str
    boot: str
    until: float
    wall_from: float
    wall_until: float

    def remaining_s(self, now: Stamp) -> float:
        """Seconds left, zero or less when it is over.

        Within one boot the monotonic clock decides: a clock that NTP sets throws nobody out. After another boot only
        the wall clock is left, and a time before the login counts as over.
        """
        if now.boot == self.boot:
            return self.until - now.monotonic
        return self.wall_until - now.wall if now.wall >= self.wall_from - CLOCK_SLACK_S else 0.0


class Sessions:
    """All logins, in memory; written down so that a restart of the daemon at night logs no panel out."""

    def __init__(self, state_folder: Path, clock: Clock, hours: float) -> None:
        self._path = state_folder / FILE
        self._clock = clock
        self._lasts_s = hours * 3600.0
        self._sessions = {session.digest: session for session in self._stored()}

    def open(self, name: str, generation: str) -> str:
        """Begin a session of `name` and give its token back; `save` writes it down."""
        now = self._clock.stamp()
        alive = [session for session in self._sessions.values() if session.remaining_s(now) > 0]
        token = secrets.token_urlsafe(32)
        session = Session(
            _digest(token),
            name,
            generation,
            now.boot,
            now.monotonic + self._lasts_s,
            now.wall,
            now.wall + self._lasts_s,
        )
        self._sessions = {one.digest: one for one in (*alive, session)[-MOST:]}
        return token

    def find(self, token: str, generation: str) -> Session | None:
        """The session of `token` while it lasts and the code that opened it is in force."""
        session = self._sessions.get(_digest(token))
        if session is None or session.generation != generation or self.remaining_s(session) <= 0:
            return None
        return session

    def alive(self, session: Session, generation: str) -> bool:
        """Whether `session` still holds."""
        return session.digest in self._sessions and session.generation == generation and self.remaining_s(session) > 0

    def remaining_s(self, session: Session) -> float:
        """Seconds that `session` still has."""
        return session.remaining_s(self._clock.stamp())

    def end(self, token: str) -> None:
        """Log out; `save` writes it down."""
        self._sessions = {digest: one for digest, one in self._sessions.items() if digest != _digest(token)}

    def save(self) -> None:
        """Write all down, in a thread, since it waits for the disk. If it fails, a restart costs a login."""
        try:
            secret_file.write(self._path, {"sessions": [asdict(session) for session in self._sessions.values()]})
        except OSError as error:
            _LOGGER.warning("%s: logins are not kept over a restart: %s", self._path, error)

    def _stored(self) -> list[Session]:
        try:
            rows = secret_file.read(self._path).get("sessions", [])
            return [_typed(Session(**row)) for row in rows][-MOST:]
        except (OSError, ValueError, TypeError) as error:
            _LOGGER.warning("%s: cannot be read, everybody logs in again: %s", self._path, error)
            return []


def _typed(session: Session) -> Session:
    """The same, with numbers that are numbers; raises TypeError or ValueError."""
    return replace(
        session,
        until=float(session.until),
        wall_from=float(session.wall_from),
        wall_until=float(session.wall_until),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
