"""Bring a model's file here, bounded in size and time, and prove that it is the one meant."""

import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from agent.model_folder.errors import ModelFolderError
from agent.model_folder.row import LIMIT

STALL_S = 30.0  # without a byte
WHOLE_S = 3600.0  # 50 MB at 14 kB/s: slower is better carried in by hand
MANIFEST_LIMIT = 64_000
_CHUNK = 65_536
_WHY_LETTERS = 200

Progress = Callable[[int, int | None], None]  # bytes so far, of how many if that is known


def is_address(place: str) -> bool:
    """Whether `place` is a network address rather than a file; raises ModelFolderError where it is half of one."""
    try:
        return urlsplit(place).scheme in ("http", "https")
    except ValueError as error:
        raise ModelFolderError("odd_address", place=place, why=error) from error


def is_open(place: str) -> bool:
    """Whether anybody on the way could change what comes from the address `place`."""
    return urlsplit(place).scheme == "http"


def sha256_of(path: Path) -> str:
    """Of the file's bytes; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bring(place: str, part: Path, sha256: str, progress: Progress) -> int:
    """Write the file at `place` (path or address) to `part`; gives its size once its SHA-256 is the wanted one.

    A download that broke off goes on where it was, by a `part` that is kept; one that then is another file begins once
    more. Raises ModelFolderError; a `part` that proved wrong is gone, what stands elsewhere is not touched.
    """
    if not is_address(place):
        _copy(Path(place), part, progress)
        return _proved(place, part, sha256)
    continued = part.exists() and part.stat().st_size > 0
    _download(place, part, progress)
    try:
        return _proved(place, part, sha256)
    except ModelFolderError:
        if not continued:
            raise
    _download(place, part, progress)
    return _proved(place, part, sha256)


def text_at(place: str) -> str | None:
    """A small text file at `place`; None where there is none. Raises ModelFolderError."""
    try:
        if not is_address(place):
            with Path(place).open("rb") as file:
                content = file.read(MANIFEST_LIMIT)
        else:
            with _opened(place, {}) as answer:
                content = answer.read(MANIFEST_LIMIT)
        return content.decode("utf-8")
    except FileNotFoundError:
        return None
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (404, 410):
            return None
        raise ModelFolderError("not_fetched", place=place, why=f"HTTP {error.code}") from error
    except UnicodeDecodeError as error:
        raise ModelFolderError("odd_manifest", place=place, why="is no UTF-8") from error
    except (OSError, http.client.HTTPException) as error:
        code = "not_fetched" if is_address(place) else "no_file"
        raise ModelFolderError(code, place=place, why=_why(error)) from error


def _proved(place: str, part: Path, sha256: str) -> int:
    found = sha256_of(part)
    if found != sha256:
        part.unlink()
        raise ModelFolderError("other_sha256", place=place, found=found, wanted=sha256)
    return part.stat().st_size


def _copy(file: Path, part: Path, progress: Progress) -> None:
    try:
        source = file.open("rb")
        of = os.fstat(source.fileno()).st_size
    except OSError as error:
        raise ModelFolderError("no_file", place=file, why=error.strerror) from error
    with source:
        _write(str(file), _chunks(source, str(file)), part, 0, of, progress)


def _download(place: str, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    try:
        with _opened(place, {"Range": f"bytes={have}-"} if have else {}) as answer:
            if have and not _goes_on(answer, have):
                have = 0
            length = answer.headers.get("Content-Length", "")
            of = have + int(length) if length.isdigit() else None
            _write(place, _chunks(answer, place), part, have, of, progress)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return  # there is no more of it: the hash says whether this is the whole
        raise ModelFolderError("not_fetched", place=place, why=f"HTTP {error.code}") from error


def _goes_on(answer: Any, have: int) -> bool:  # noqa: ANN401 - urllib gives a class without a name
    begins = str(answer.headers.get("Content-Range", ""))
    return bool(answer.status == http.HTTPStatus.PARTIAL_CONTENT and begins.startswith(f"bytes {have}-"))


def _chunks(source: IO[bytes], place: str) -> Iterator[bytes]:
    """What `source` gives; an end before its stated length, silence, and a source without end are errors."""
    ends = time.monotonic() + WHOLE_S
    try:
        while chunk := source.read(_CHUNK):
            yield chunk
            if time.monotonic() > ends:
                raise TimeoutError(f"not whole after {WHOLE_S:g} s")
    except (OSError, http.client.HTTPException) as error:
        code = "not_fetched" if is_address(place) else "no_file"
        raise ModelFolderError(code, place=place, why=_why(error)) from error


def _write(place: str, chunks: Iterator[bytes], part: Path, have: int, of: int | None, progress: Progress) -> None:
    if of is not None and of > LIMIT:
        raise ModelFolderError("too_large", place=place, limit_mb=LIMIT // 1_000_000)
    try:
        with part.open("r+b" if have else "wb") as file:
            file.seek(have)
            for chunk in chunks:
                have += len(chunk)
                if have > LIMIT:
                    part.unlink()
                    raise ModelFolderError("too_large", place=place, limit_mb=LIMIT // 1_000_000)
                file.write(chunk)
                progress(have, of)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ModelFolderError("not_written", place=part, why=error.strerror) from error
    if of is not None and have < of:
        raise ModelFolderError("not_fetched", place=place, why=f"{have} of {of} bytes came")


def _opened(place: str, headers: dict[str, str]) -> Any:  # noqa: ANN401 - urllib gives a class without a name
    request = urllib.request.Request(place, headers={"User-Agent": "nightlamp", **headers})  # noqa: S310 - http(s) only
    opener = urllib.request.build_opener(_StayOnHttps)
    try:
        return opener.open(request, timeout=STALL_S)
    except urllib.error.HTTPError:
        raise
    except ValueError as error:  # a host that is none, a redirect to what is no address
        raise ModelFolderError("odd_address", place=place, why=_why(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise ModelFolderError("not_fetched", place=place, why=_why(error)) from error


def _why(error: Exception) -> str:
    """In one line that a terminal can show: a server may have written it."""
    reason = str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error)
    shown = "".join(one if one.isprintable() else " " for one in reason[:_WHY_LETTERS])
    return " ".join(shown.split()) or type(error).__name__


class _StayOnHttps(urllib.request.HTTPRedirectHandler):
    """Follows a redirect, but never from https to what anybody on the way could change."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            fp.close()
            raise ModelFolderError("not_https", place=newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
