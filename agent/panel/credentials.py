"""The login code and the programs' tokens: kept as hashes in `panel.json`, told once."""

import fcntl
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.panel import secret_file

_LOGGER = logging.getLogger(__name__)

FILE = "panel.json"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: read aloud and typed by tired people
CODE_LENGTH = 8  # 31 ** 8 = 2 ** 39.6; at 20 tries a minute that is 80,000 years

# scrypt (RFC 7914): 16 MiB and about 50 ms a try here, three times that on a Pi 4. Kept beside each hash.
_COST = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class CodeHash:
    """The hash of the code in force; `generation` names it, and sessions that it opened end with it."""

    generation: str
    salt: bytes
    digest: bytes
    cost: tuple[int, int, int]

    def matches(self, code: str) -> bool:
        """Whether `code` is the one; takes tens of milliseconds on purpose, so call it in a thread."""
        n, r, p = self.cost
        digest = hashlib.scrypt(_plain(code).encode(), salt=self.salt, n=n, r=r, p=p, maxmem=64 * 2**20)
        return hmac.compare_digest(digest, self.digest)


class Credentials:
    """What is in force now; follows `panel.json` when another process has changed it."""

    def __init__(self, state_folder: Path) -> None:
        self._path = state_folder / FILE
        self._version: tuple[int, int, int] | None = None
        self._code: CodeHash | None = None
        self._tokens: dict[str, str] = {}

    @property
    def code(self) -> CodeHash | None:
        """The hash of the login code; None when none was made yet."""
        self._follow()
        return self._code

    def token_name(self, token: str) -> str | None:
        """The name under which `token` was made; None when it was not."""
        self._follow()
        return self._tokens.get(_token_digest(token))

    def _follow(self) -> None:
        """Read the file anew if it is another one than last time; what cannot be read changes nothing."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._version, self._code, self._tokens = None, None, {}
            return
        except OSError:
            return
        version = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if version == self._version:
            return
        self._version = version
        try:
            stored = secret_file.read(self._path)
            code = stored.get("code")
            self._code, self._tokens = _code_hash(code) if code else None, dict(stored.get("tokens", {}))
        except (OSError, ValueError, KeyError, TypeError) as error:
            _LOGGER.error("%s: cannot be read (%s); make a new code with: nightlamp panel-code", self._path, error)


def new_code(state_folder: Path) -> str:
    """Make a login code, replacing the old one, and give it back: this is the only time that it can be told.

    All sessions end with the old code. Raises OSError when `state_folder` cannot be written.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    salt = secrets.token_bytes(16)
    digest = hashlib.scrypt(code.encode(), salt=salt, maxmem=64 * 2**20, **_COST)
    with _changing(state_folder) as stored:
        stored["code"] = {
            "generation": secrets.token_hex(8),
            "salt": salt.hex(),
            "digest": digest.hex(),
            **_COST,
        }
    return f"{code[:4]}-{code[4:]}"


def ensure_code(state_folder: Path) -> str | None:
    """The login code, if this call made the first one; None when there is one already."""
    return None if Credentials(state_folder).code else new_code(state_folder)


def new_token(state_folder: Path, name: str) -> str:
    """Make a token with which the program `name` may read `/api/v1/events`, and give it back, this once.

    An older token of that name ends. Raises OSError when `state_folder` cannot be written.
    """
    token = f"nl_{secrets.token_urlsafe(32)}"
    with _changing(state_folder) as stored:
        others = {digest: other for digest, other in stored["tokens"].items() if other != name}
        stored["tokens"] = {**others, _token_digest(token): name}
    return token


@contextmanager
def _changing(state_folder: Path) -> Iterator[dict[str, Any]]:
    """The stored object, written back at the end; one change at a time over all processes."""
    path = state_folder / FILE
    lock = os.open(state_folder / f"{FILE}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            stored = secret_file.read(path)
        except ValueError:
            stored = {}  # broken: the new code mends it
        if not isinstance(stored.get("tokens"), dict):
            stored["tokens"] = {}
        yield stored
        secret_file.write(path, {**stored, "version": 1})
    finally:
        os.close(lock)


def _code_hash(stored: dict[str, Any]) -> CodeHash:
    return CodeHash(
        str(stored["generation"]),
        bytes.fromhex(stored["salt"]),
        bytes.fromhex(stored["digest"]),
        (int(stored["n"]), int(stored["r"]), int(stored["p"])),
    )


def _plain(code: str) -> str:
    """As people type it: any case, with or without the dash."""
    return "".join(char for char in code.upper() if char.isalnum())


def _token_digest(token: str) -> str:
    # 256 random bits need no slow hash
    return hashlib.sha256(token.encode()).hexdigest()
