"""The one thread that speaks HTTP. Whoever gives it work watches the clock: a server that drips holds nobody else."""

import logging
import os
import queue
import ssl
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import requests
import urllib3

from agent.upstream.addresses import https_or_loopback
from agent.upstream.settings import UpstreamSettings

_LOGGER = logging.getLogger(__name__)

ANSWER_LIMIT = 1024 * 1024
_CONTENT_TYPE = "application/cloudevents-batch+json"


class Outcome(StrEnum):
    """How a request ended."""

    ANSWERED = "answered"  # 200, with a body
    UNREACHABLE = "unreachable"  # nobody there: a try costs next to nothing
    REFUSED = "refused"  # somebody is there and does not want it: wait longer
    UNREADABLE = "unreadable"  # 400, 413, 422: this batch, not the link


@dataclass(frozen=True, slots=True)
class Result:
    """How a request ended, its answer, why it failed, and the seconds that the server asks to wait."""

    outcome: Outcome
    body: bytes = b""
    detail: str = ""
    wait_s: float = 0.0


class Courier:
    """Posts one batch at a time from a daemon thread; `done` is called from there once `result` can be taken."""

    def __init__(self, settings: UpstreamSettings, done: Callable[[], None]) -> None:
        self._settings = settings
        self._done = done
        self._work: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def post(self, body: bytes) -> None:
        """Begin to send `body`."""
        self._work.put(body)

    def result(self) -> Result | None:
        """How the request ended; None while it goes on."""
        try:
            return self._results.get_nowait()
        except queue.Empty:
            return None

    def dismiss(self) -> None:
        """End the thread as soon as its request lets it; nothing of it is heard any more."""
        self._done = lambda: None
        self._work.put(None)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        session = requests.Session()
        session.trust_env = False  # no proxy, netrc or authority that somebody's environment names
        while (body := self._work.get()) is not None:
            self._results.put(self._post(session, body))
            self._done()
        session.close()

    def _post(self, session: requests.Session, body: bytes) -> Result:
        settings, deadline = self._settings, time.monotonic() + self._settings.deadline_s
        try:
            response = session.post(
                settings.events_url,
                data=body,
                headers=_headers(settings),
                timeout=(settings.connect_s, settings.deadline_s / 2),
                verify=settings.ca_file or True,
                stream=True,
                allow_redirects=False,  # a redirect would carry the token elsewhere
            )
            with response:
                return _judged(response, _read(response, deadline))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            cause = _cause(error)
            if isinstance(cause, ssl.SSLCertVerificationError):
                return Result(Outcome.REFUSED, detail=f"no trust in the platform's certificate: {cause.verify_message}")
            return Result(Outcome.UNREACHABLE, detail=f"no connection: {type(cause).__name__}: {cause}"[:200])
        except (OSError, ValueError) as error:  # a token or authority file
            return Result(Outcome.REFUSED, detail=str(error))
        except Exception as error:  # the thread must outlive whatever a library makes of an answer
            _LOGGER.exception("upstream: the request failed")
            return Result(Outcome.REFUSED, detail=f"{type(error).__name__}: {error}")


def _headers(settings: UpstreamSettings) -> dict[str, str]:
    headers = {
        "Content-Type": _CONTENT_TYPE,
        "Content-Encoding": "gzip",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "nightlamp",
    }
    if not https_or_loopback(settings.url):
        raise ValueError(f"{settings.url}: only https:// is sent to; see upstream.toml")
    if settings.token_file:
        headers["Authorization"] = f"Bearer {_token(Path(settings.token_file))}"
    return headers


def _token(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ValueError(f"{path}: others may read the token (mode {mode:o}); chmod 600 {os.fspath(path)}")
    return path.read_text(encoding="ascii").strip()


def _read(response: requests.Response, deadline: float) -> bytes:
    """The answer's body, by single reads, so that neither its length nor its slowness has no end."""
    body = bytearray()
    while chunk := response.raw.read1(65536):
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise urllib3.exceptions.HTTPError(f"an answer of more than {ANSWER_LIMIT} bytes")
        if time.monotonic() > deadline:
            raise urllib3.exceptions.HTTPError("an answer that takes longer than the deadline")
    return bytes(body)


def _judged(response: requests.Response, body: bytes) -> Result:
    status = response.status_code
    if status == 200:
        return Result(Outcome.ANSWERED, body)
    detail = f"HTTP {status}: {body[:120].decode(errors='replace')}"
    if status in (400, 413, 422):
        return Result(Outcome.UNREADABLE, detail=detail)
    wanted = response.headers.get("Retry-After", "")
    return Result(Outcome.REFUSED, detail=detail, wait_s=min(float(wanted), 3600.0) if wanted.isdigit() else 0.0)


def _cause(error: Exception) -> BaseException:
    """The innermost reason, without the layers around it."""
    reason: BaseException = error
    while True:
        inner = getattr(reason, "reason", None) or reason.__cause__ or (reason.args[0] if reason.args else None)
        if not isinstance(inner, BaseException):
            return reason
        reason = inner
