"""What a model is said to be before its file is here, and by whom: above all, which SHA-256 it must have."""

import string
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from agent.model_folder.errors import ModelFolderError
from agent.model_folder.fetch import is_address, text_at
from agent.model_folder.row import read_manifest

_DIGITS = 64


def claim(place: str, sha256: str, manifest: Path | None, licence: str) -> dict[str, Any]:
    """Name, sha256, sha256_from (`option`, `manifest` or `beside`), licence, source, and what a manifest adds.

    `sha256` and `licence` may be empty. A manifest beside an address is asked for only where nothing else proves the
    file. Raises ModelFolderError where nothing says which file is meant, or two say different ones.
    """
    where = str(manifest) if manifest is not None else beside(place)
    name, told = PurePosixPath(urlsplit(place).path).stem, dict[str, Any]()
    if manifest is not None or not (sha256 and is_address(place)):
        text = text_at(where)
        if text is None and manifest is not None:
            raise ModelFolderError("no_file", place=where, why="No such file")
        if text is not None:
            try:
                name, told = read_manifest(text)
            except ValueError as error:
                raise ModelFolderError("odd_manifest", place=where, why=error) from error
    wanted = (sha256 or str(told.get("sha256", ""))).lower()
    if not wanted:
        raise ModelFolderError("no_proof", place=place, manifest=beside(place))
    if len(wanted) != _DIGITS or set(wanted) - set(string.hexdigits):
        raise ModelFolderError("odd_sha256", place=place, given=wanted)
    if wanted != str(told.get("sha256", wanted)).lower():
        raise ModelFolderError("two_sha256", place=place)
    return {
        **told,
        "name": name,
        "sha256": wanted,
        "sha256_from": "option" if sha256 else "manifest" if manifest is not None else "beside",
        "licence": licence or told.get("licence", "not stated"),
        "source": told.get("source", place),
    }


def beside(place: str) -> str:
    """The place of a manifest of the same name, ending in .toml."""
    if not is_address(place):
        return str(Path(place).with_suffix(".toml"))
    parts = urlsplit(place)
    return urlunsplit(parts._replace(path=str(PurePosixPath(parts.path).with_suffix(".toml"))))
