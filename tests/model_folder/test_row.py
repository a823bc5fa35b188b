from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.model_folder.errors import WORDS, ModelFolderError
from agent.model_folder.row import LIMIT, ModelRow, read_manifest

GOOD: dict[str, Any] = {
    "file": "light.onnx",
    "sha256": "ab" * 32,
    "bytes": 1000,
    "licence": "Apache-2.0",
    "source": "https://example.org/light.onnx",
    "sha256_from": "option",
    "input": "images",
    "output": "output",
    "shape": [3, 416, 416],
}
ROW = ModelRow.made("light", GOOD)


def test_a_row_is_written_and_read_again() -> None:
    row = replace(ROW, name="a.b-c", source='说 "是" \\ 好', mean=123.5, scale=58.0, colours="rgb", shape=(3, 256, 192))
    assert ModelRow.made(*read_manifest(row.to_toml())) == row


@given(st.text(min_size=1, max_size=300).filter(str.isprintable))
def test_any_printable_source_is_kept_to_the_letter(source: str) -> None:
    row = replace(ROW, source=source)
    assert ModelRow.made(*read_manifest(row.to_toml())) == row


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"shape": [3, 415, 416]}, "shape"),
        ({"shape": [3, 416, 1312]}, "shape"),
        ({"shape": [1, 416, 416]}, "shape"),
        ({"shape": [3, 416]}, "shape = .* wrong form"),
        ({"shape": [3, 416, True]}, "shape = .* wrong form"),
        ({"bytes": 0}, "bytes 0 is not"),
        ({"bytes": LIMIT + 1}, "bytes .* is not"),
        ({"bytes": 1.5}, "bytes = 1.5 is of the wrong form"),
        ({"sha256": "AB" * 32}, "sha256 .* is not 64"),
        ({"sha256": "ab" * 31}, "sha256 .* is not 64"),
        ({"file": "../light.onnx"}, "file .* plain file name"),
        ({"kind": "pose"}, "kind 'pose' is not person_detector"),
        ({"decoding": "ssd"}, "decoding 'ssd' is not yolox"),
        ({"colours": "grb"}, "neither bgr nor rgb"),
        ({"mean": -255.5}, "mean"),
        ({"mean": 255.5}, "mean"),
        ({"scale": 0}, "scale 0 is not"),
        ({"scale": 256}, "scale 256 is not"),
        ({"padding": 256}, "padding 256"),
        ({"padding": -1}, "padding -1"),
        ({"person": -1}, "person -1"),
        ({"person": 1000}, "person 1000"),
        ({"person": False}, "person = False is of the wrong form"),
        ({"licence": ""}, "licence is not 1 to 300"),
        ({"licence": "x" * 301}, "licence is not 1 to 300"),
        ({"source": "a\nb"}, "source is not 1 to 300 printable"),
        ({"input": 3}, "input = 3 is of the wrong form"),
        ({"colour": "bgr"}, "unknown key colour"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        ModelRow.made("light", {**GOOD, **changed})


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 65, "名"])
def test_a_name_is_one_that_can_be_a_file_s(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        ModelRow.made(name, GOOD)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "x" * 64},
        {"shape": [3, 32, 1280]},
        {"bytes": LIMIT},
        {"mean": 255, "scale": 255, "padding": 255, "person": 999},
        {"mean": -255, "scale": 0.001, "padding": 0, "person": 0},
        {"licence": "x" * 300},
    ],
)
def test_what_just_fits_is_taken(changed: dict[str, Any]) -> None:
    values = {**GOOD, **changed}
    assert ModelRow.made(values.pop("name", "light"), values).kind == "person_detector"


def test_what_lacks_is_named() -> None:
    with pytest.raises(ValueError, match="lacks sha256, output"):
        ModelRow.made("light", {key: value for key, value in GOOD.items() if key not in ("sha256", "output")})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not exactly one"),
        ("[model]\n", "not exactly one"),
        ("[model.a]\n[model.b]\n", "not exactly one"),
        ("[model]\na = 1\n", "model.a is no table"),
        ("[model.a]\nshape = 1979-05-27\n", "wrong form"),
        ("[model.a]\ncolour = 1\n", "unknown key"),
        ("[model.a\n", "Expected"),
    ],
)
def test_a_manifest_that_is_none_is_named(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_manifest(text)


def test_every_error_has_its_words_in_both_languages() -> None:
    names = ("place", "manifest", "given", "found", "wanted", "limit_mb", "why", "pid", "name")
    values = {name: f"<{name}>" for name in names}
    for code, (english, chinese) in WORDS.items():
        error = ModelFolderError(code, **values)
        assert error.text() == str(error) != error.text("zh")
        assert {n for n in names if f"<{n}>" in error.text()} == {n for n in names if f"<{n}>" in error.text("zh")}
        assert english.isascii()
        assert any("一" <= sign <= "鿿" for sign in chinese)
