"""One installed model as its manifest describes it: `[model.NAME]`, as in the manifest of the models that ship."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

KIND = "person_detector"
DECODING = "yolox"
LIMIT = 50_000_000  # bytes: above it is no model for a Pi, and the disk is kept for alarms

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEXT = 300
_SIDES = range(32, 1281, 32)  # pixels: whole cells of the coarsest grid


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A detector. `shape` is one input (3, height, width); `colours` to `padding` say how a picture goes in.

    `decoding` says how its output is read, `person` which class is meant, `sha256_from` who said what the hash must be.
    """

    name: str
    file: str
    sha256: str
    bytes: int
    licence: str
    source: str
    sha256_from: str
    input: str
    output: str
    shape: tuple[int, int, int]
    kind: str = KIND
    decoding: str = DECODING
    colours: str = "bgr"
    mean: float = 0.0
    scale: float = 1.0
    padding: int = 114
    person: int = 0

    def __post_init__(self) -> None:
        for wrong, why in (
            (not _NAME.fullmatch(self.name), f"name {self.name!r} is not 1 to 64 letters, digits, _ . -"),
            (not _NAME.fullmatch(self.file.removesuffix(".onnx")), f"file {self.file!r} is no plain file name"),
            (not _SHA256.fullmatch(self.sha256), f"sha256 {self.sha256!r} is not 64 hexadecimal digits"),
            (not 0 < self.bytes <= LIMIT, f"bytes {self.bytes} is not 1 to {LIMIT}"),
            (self.kind != KIND, f"kind {self.kind!r} is not {KIND}"),
            (self.decoding != DECODING, f"decoding {self.decoding!r} is not {DECODING}"),
            (self.shape[0] != 3 or any(side not in _SIDES for side in self.shape[1:]), f"shape {list(self.shape)}"),
            (self.colours not in ("bgr", "rgb"), f"colours {self.colours!r} is neither bgr nor rgb"),
            (not -255 <= self.mean <= 255, f"mean {self.mean} is not -255 to 255"),
            (not 0 < self.scale <= 255, f"scale {self.scale} is not above 0 and at most 255"),
            (not 0 <= self.padding <= 255, f"padding {self.padding} is not 0 to 255"),
            (not 0 <= self.person < 1000, f"person {self.person} is not 0 to 999"),
        ):
            if wrong:
                raise ValueError(why)
        for key in ("licence", "source", "sha256_from", "input", "output"):
            text = getattr(self, key)
            if not text or len(text) > _TEXT or not text.isprintable():
                raise ValueError(f"{key} is not 1 to {_TEXT} printable letters")

    def to_toml(self) -> str:
        """The manifest that holds this row alone."""
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
        name = values.pop("name")
        # A JSON string, list or number of ours is one of TOML too: nothing unprintable gets this far.
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        return "\n".join((f"[model.{json.dumps(name)}]", *lines, ""))

    @staticmethod
    def made(name: str, told: Mapping[str, Any]) -> "ModelRow":
        """The row of what a manifest says; raises ValueError that names the key at fault."""
        values = {"name": name, **told}
        _check_forms(values)
        lacking = [one.name for one in fields(ModelRow) if one.name in _NEEDED and one.name not in values]
        if lacking:
            raise ValueError(f"lacks {', '.join(lacking)}")
        shape = values.pop("shape")
        return ModelRow(shape=(shape[0], shape[1], shape[2]), **values)


def read_manifest(text: str) -> tuple[str, dict[str, Any]]:
    """Name and values of the one `[model.NAME]` in a manifest; raises ValueError."""
    models = tomllib.loads(text).get("model")
    if not isinstance(models, dict) or len(models) != 1:
        raise ValueError("has not exactly one [model.NAME]")
    name, told = next(iter(models.items()))
    if not isinstance(told, dict):
        raise ValueError(f"model.{name} is no table")
    _check_forms(told)
    return name, told


def _check_forms(values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if key not in _FORMS:
            raise ValueError(f"unknown key {key}")
        if not _FORMS[key](value):
            raise ValueError(f"{key} = {value!r} is of the wrong form")


def _text(value: object) -> bool:
    return isinstance(value, str)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shape(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 3 and all(_whole(side) for side in value)


_FORMS = {
    "name": _text,
    "file": _text,
    "sha256": _text,
    "bytes": _whole,
    "licence": _text,
    "source": _text,
    "sha256_from": _text,
    "input": _text,
    "output": _text,
    "shape": _shape,
    "kind": _text,
    "decoding": _text,
    "colours": _text,
    "mean": _number,
    "scale": _number,
    "padding": _whole,
    "person": _whole,
}
_NEEDED = ("name", "file", "sha256", "bytes", "licence", "source", "sha256_from", "input", "output", "shape")
