"""Who is asking, and may he: a carer with a session, a program with a token, a user of this machine."""

import asyncio
import logging
import os
import pwd
from dataclasses import dataclass

from starlette.requests import Request

from agent.clock import Clock
from agent.offload import offload
from agent.panel.credentials import Credentials
from agent.panel.errors import ApiError
from agent.panel.sessions import Session, Sessions
from agent.panel.tries import Tries

_LOGGER = logging.getLogger(__name__)

COOKIE = "nightlamp"
HEADER = "x-nightlamp"  # set by our own script: a form of another site cannot
NAME_LENGTH = 24
SAVE_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `actor` goes into the alarm log; `staff` may see and do everything, others read the pull feed."""

    actor: str
    staff: bool
    session: Session | None = None


class Door:
    """Lets callers in, and logs them in and out."""

    def __init__(self, credentials: Credentials, sessions: Sessions, clock: Clock) -> None:
        self._credentials = credentials
        self._sessions = sessions
        self._clock = clock
        self._tries = Tries()
        self._checking = asyncio.Lock()  # one scrypt at a time: 16 MiB and a core each

    def caller(self, request: Request) -> Caller:
        """Who sent `request`; raises `ApiError` when nobody we know did."""
        uid = request.scope["state"]["peer_uid"]
        if uid is not None:
            return _local(uid)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            name = self._credentials.token_name(token.strip())
            if name is None:
                raise ApiError("login_needed")
            return Caller(f"token:{name}", staff=False)
        session = self._session_of(request)
        if session is None:
            raise ApiError("login_needed")
        return Caller(f"panel:{session.name}", staff=True, session=session)

    def staff(self, request: Request) -> Caller:
        """The same, for what only staff may do."""
        caller = self.caller(request)
        if not caller.staff:
            raise ApiError("not_allowed")
        return caller

    def remaining_s(self, caller: Caller) -> float | None:
        """Seconds left of the caller's session, 0 when it has ended; None when he needs none."""
        if caller.session is None:
            return None
        code = self._credentials.code
        if code is None or not self._sessions.alive(caller.session, code.generation):
            return 0.0
        return self._sessions.remaining_s(caller.session)

    async def log_in(self, address: str, name: str, code: str) -> str:
        """A session token for `name`; raises `ApiError`: no or wrong code, too many tries, no name."""
        name = " ".join(name.split())
        if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
            raise ApiError("bad_name")
        known = self._credentials.code
        if known is None:
            raise ApiError("no_code")
        async with self._checking:
            now = self._clock.monotonic()
            if wait_s := self._tries.wait_s(address, now):
                raise ApiError("too_many_tries", wait_s=wait_s)
            self._tries.failed(address, now)
            if not await asyncio.to_thread(known.matches, code[:64]):
                _LOGGER.warning("panel: wrong login code from %s", address)
                raise ApiError("wrong_code")
            self._tries.succeeded(address)
        token = self._sessions.open(name, known.generation)
        await self._save()
        return token

    async def log_out(self, request: Request) -> None:
        """End the session of `request`, if it has one."""
        self._sessions.end(request.cookies.get(COOKIE, ""))
        await self._save()

    async def _save(self) -> None:
        """A disk that hangs must not keep a carer from the panel."""
        try:
            await offload(self._sessions.save, SAVE_WAIT_S, "panel-save")
        except TimeoutError:
            _LOGGER.warning("panel: the disk does not answer; this login is not kept over a restart")

    def _session_of(self, request: Request) -> Session | None:
        token, code = request.cookies.get(COOKIE), self._credentials.code
        return self._sessions.find(token, code.generation) if token and code else None


def check_origin(request: Request) -> None:
    """Raise `ApiError` unless a request that changes something comes from our own page.

    A browser names the page's origin with every POST (Fetch 3.2); SameSite=Strict on the cookie is the second lock.
    Callers on the socket are no browsers.
    """
    if request.scope["state"]["peer_uid"] is not None:
        return
    scheme, _, origin = request.headers.get("origin", "").lower().partition("://")
    if scheme not in ("http", "https") or not origin or origin != request.headers.get("host", "").lower():
        raise ApiError("wrong_origin")


def check_script(request: Request) -> None:
    """Raise `ApiError` unless our own script sent it."""
    check_origin(request)
    if request.scope["state"]["peer_uid"] is None and HEADER not in request.headers:
        raise ApiError("wrong_origin")


def _local(uid: int) -> Caller:
    if uid not in (0, os.geteuid()):
        raise ApiError("not_allowed")
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Caller(f"local:{name}", staff=True)
