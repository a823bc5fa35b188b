"""Small JSON files beside the databases: what is open and who lives where, for the day when a database is lost."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from agent.store.database import sync_folder


def keep(path: Path, content: dict[str, Any]) -> None:
    """Replace the copy at `path` by `content`, durably and at once or not at all; raises OSError."""
    body = json.dumps(content, ensure_ascii=False, sort_keys=True)
    whole = json.dumps({"sha256": _digest(body), "body": body}, ensure_ascii=False)
    new = path.with_name(path.name + ".new")
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(whole)
        file.flush()
        os.fsync(fd)
    new.replace(path)
    sync_folder(path.parent)


def kept(path: Path) -> dict[str, Any] | None:
    """The content of the copy at `path`; None when there is none or it is damaged."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        content = json.loads(whole["body"]) if whole["sha256"] == _digest(whole["body"]) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return content if isinstance(content, dict) else None


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
