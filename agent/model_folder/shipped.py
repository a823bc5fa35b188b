"""The models that come with the release, as their manifest names them; their package is not loaded for it."""

import importlib.util
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """One row: where its file lies, and what its manifest says of it."""

    name: str
    file: Path
    sha256: str
    licence: str
    source: str


def shipped_models() -> tuple[ShippedModel, ...]:
    """All of them; raises OSError, KeyError or tomllib.TOMLDecodeError where the release itself is damaged."""
    found = importlib.util.find_spec("models")
    folders = list(found.submodule_search_locations or ()) if found is not None else []
    folder = Path(folders[0])
    rows = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["model"]
    return tuple(
        ShippedModel(name, folder / row["file"], row["sha256"], row["licence"], row["source"])
        for name, row in rows.items()
    )
