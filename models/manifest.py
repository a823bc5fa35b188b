"""manifest.toml: which weights ship, where each comes from, and the proof that a file is the one meant."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import ManifestError, ModelAlteredError, ModelMissingError

MANIFEST = Path(__file__).with_name("manifest.toml")
LARGEST = 1_000_000  # bytes: what a gateway on a slow line can still be sent
_REINSTALL = "Install the release again, or take the file from it."


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the manifest; `shape` is that of one input, without the batch."""

    name: str
    file: Path
    sha256: str
    licence: str
    source: str
    training: str
    seed: int
    input: str
    shape: tuple[int, ...]
    output: str
    threshold: float
    measured: Mapping[str, str] = field(default_factory=dict, hash=False)

    def read(self) -> bytes:
        """The file's bytes, once they are the ones that the manifest names.

        Raises ModelMissingError where the file cannot be read and ModelAlteredError where it is another one.
        """
        try:
            content = self.file.read_bytes()
        except OSError as error:
            raise ModelMissingError(self.file, f"cannot be read ({error.strerror})", _REINSTALL) from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ModelAlteredError(self.file, f"SHA-256 is {found}, the manifest says {self.sha256}", _REINSTALL)
        if len(content) > LARGEST:
            raise ModelAlteredError(self.file, f"{len(content)} bytes, at most {LARGEST} are allowed", _REINSTALL)
        return content


def load(path: Path = MANIFEST) -> dict[str, Model]:
    """Every model of the manifest by name; raises ManifestError with the row and the key at fault."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(path, f"cannot be read ({error})", _REINSTALL) from error
    models = rows.get("model")
    if not isinstance(models, dict) or not models:
        raise ManifestError(path, "has no [model.NAME]", _REINSTALL)
    return {name: _model(path, name, row) for name, row in models.items()}


def find(name: str, path: Path = MANIFEST) -> Model:
    """The model `name`; raises ManifestError where there is none."""
    models = load(path)
    if name not in models:
        raise ManifestError(path, f"has no model {name} (it has {', '.join(models)})", _REINSTALL)
    return models[name]


def _model(path: Path, name: str, row: dict[str, Any]) -> Model:
    try:
        model = Model(
            name=name,
            file=path.parent / row["file"],
            sha256=str(row["sha256"]).lower(),
            licence=str(row["licence"]),
            source=str(row["source"]),
            training=str(row["training"]),
            seed=int(row["seed"]),
            input=str(row["input"]),
            shape=tuple(int(side) for side in row["shape"]),
            output=str(row["output"]),
            threshold=float(row["threshold"]),
            measured={str(key): str(value) for key, value in row.get("measured", {}).items()},
        )
    except KeyError as error:
        raise ManifestError(path, f"[model.{name}] lacks {error.args[0]}", _REINSTALL) from error
    except (TypeError, ValueError) as error:
        raise ManifestError(path, f"[model.{name}]: {error}", _REINSTALL) from error
    if not 0 < model.threshold < 1:
        raise ManifestError(path, f"[model.{name}] threshold {model.threshold} is not between 0 and 1", _REINSTALL)
    return model
