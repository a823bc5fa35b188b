"""One model at a time, replaced at once or not at all; tried in a real process of its own."""

import hashlib
import itertools
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.model_folder import trial
from agent.model_folder.errors import ModelFolderError
from agent.model_folder.folder import ModelFolder, Trial
from agent.model_folder.row import ModelRow
from agent.model_folder.shipped import shipped_models
from agent.model_folder.trial import measured, try_run
from agent.process_lock import ProcessLock
from models.manifest import load
from tests.models.light_net import SIDE, light_net

FORM = {"input": "images", "output": "output", "shape": [3, SIDE, SIDE]}
SOURCE = "source.onnx"


def silent(done: int, of: int | None) -> None:
    """Nobody looks on."""


def runs(file: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    return dict(FORM)


def told_of(content: bytes, name: str = "light", **more: object) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"name": name, "sha256": sha256, "sha256_from": "option", "licence": "MIT", "source": "here", **more}


@pytest.fixture
def folder(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "state" / "models")


@pytest.fixture
def put(tmp_path: Path, folder: ModelFolder) -> Callable[..., ModelRow]:
    def _put(content: bytes, told: dict[str, Any] | None = None, run: Trial = runs) -> ModelRow:
        source = tmp_path / SOURCE
        source.write_bytes(content)
        return folder.install(str(source), told or told_of(content), silent, run)

    return _put


def files(folder: ModelFolder) -> set[str]:
    return {path.name for path in folder.path.iterdir()} - {".lock"}


def test_nothing_is_installed_at_first(folder: ModelFolder) -> None:
    assert folder.installed() is None
    assert not folder.path.exists()


def test_a_model_is_installed_with_its_manifest(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    row = put(b"first", told_of(b"first", colours="rgb", scale=255.0))
    assert folder.installed() == row
    assert (row.name, row.bytes, row.shape, row.colours, row.scale) == ("light", 5, (3, SIDE, SIDE), "rgb", 255.0)
    assert folder.file(row).read_bytes() == b"first"
    assert folder.file(row).stat().st_mode & 0o777 == 0o644
    assert files(folder) == {"manifest.toml", row.file}
    folder.verify(row)


def test_what_its_manifest_says_goes_before_what_the_try_run_says(put: Callable[..., ModelRow]) -> None:
    assert put(b"x", told_of(b"x", output="boxes")).output == "boxes"


def test_another_one_takes_its_place(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    put(b"first")
    second = put(b"second", told_of(b"second", name="other"))
    assert folder.installed() == second
    assert files(folder) == {"manifest.toml", second.file}
    assert put(b"second", told_of(b"second", name="other")) == second  # once more, over itself
    assert files(folder) == {"manifest.toml", second.file}


def test_a_wrong_hash_leaves_what_stood(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    first = put(b"first")
    with pytest.raises(ModelFolderError, match=r"SHA-256 is .* what stood stands"):
        put(b"second", told_of(b"another"))
    assert folder.installed() == first
    assert files(folder) == {"manifest.toml", first.file}


def test_one_that_does_not_run_leaves_what_stood(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    def crashes(file: Path, told: Mapping[str, Any]) -> dict[str, Any]:
        assert file.read_bytes() == b"second"
        raise ModelFolderError("does_not_run", place=file, why="it crashed")

    first = put(b"first")
    with pytest.raises(ModelFolderError, match="it crashed") as caught:
        put(b"second", run=crashes)
    assert Path(str(caught.value.values["place"])).name == SOURCE  # what was named, not the part beside the models
    assert folder.installed() == first


def test_one_of_an_odd_form_leaves_what_stood(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    first = put(b"first")
    with pytest.raises(ModelFolderError, match="shape"):
        put(b"second", run=lambda file, told: {**FORM, "shape": [3, 60, 60]})
    assert folder.installed() == first


def _until(moment: int, step: Callable[..., object]) -> Callable[..., object]:
    """`step`, which goes well `moment` times and never again."""
    count = itertools.count()

    def failing(*given: object) -> object:
        if next(count) >= moment:
            raise OSError(28, "No space left on device")
        return step(*given)

    return failing


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_power_cut_at_any_step_leaves_one_or_the_other_whole(
    folder: ModelFolder, put: Callable[..., ModelRow], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = put(b"first")
    for moment in range(6):
        owner = Path if step == "replace" else os
        failing = _until(moment, getattr(owner, step))
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, failing)
            try:
                put(b"second")
            except ModelFolderError as error:
                assert error.code == "not_written"  # noqa: PT017 - at some moments it comes, at others not
        stands = folder.installed()
        assert stands is not None
        folder.verify(stands)
        assert stands.sha256 in (first.sha256, told_of(b"second")["sha256"])
        put(b"first")


def test_two_at_once_are_one_after_the_other(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    put(b"first")
    lock = ProcessLock(folder.path / ".lock").acquire()
    try:
        with pytest.raises(ModelFolderError, match=f"process {os.getpid()} installs a model already"):
            put(b"second")
        with pytest.raises(ModelFolderError, match="already"):
            folder.remove("light")
    finally:
        lock.release()


def test_removing_takes_the_manifest_first(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    row = put(b"first")
    with pytest.raises(ModelFolderError, match="no model other is installed"):
        folder.remove("other")
    assert folder.remove("light") == row
    assert folder.installed() is None
    assert files(folder) == set()
    with pytest.raises(ModelFolderError, match="no model light"):
        folder.remove("light")


def test_an_altered_and_a_lost_file_are_told(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    row = put(b"first")
    folder.file(row).write_bytes(b"firsT")
    with pytest.raises(ModelFolderError, match=r"the manifest says .*the eyes refuse it: install it again"):
        folder.verify(row)
    folder.file(row).unlink()
    with pytest.raises(ModelFolderError, match=r"gone .*install it again"):
        folder.verify(row)


def test_an_odd_manifest_is_told(folder: ModelFolder, put: Callable[..., ModelRow]) -> None:
    put(b"first")
    manifest = folder.path / "manifest.toml"
    manifest.write_text("[model.light]\n", encoding="utf-8")
    with pytest.raises(ModelFolderError, match="lacks file"):
        folder.installed()
    manifest.unlink()
    manifest.mkdir()
    with pytest.raises(ModelFolderError, match="cannot be read"):
        folder.installed()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", encoding="utf-8")
    with pytest.raises(ModelFolderError, match="cannot be written"):
        ModelFolder(tmp_path / "state" / "models").remove("light")


def test_what_ships_is_found_without_loading_it() -> None:
    assert {one.name: one.sha256 for one in shipped_models()} == {name: one.sha256 for name, one in load().items()}
    assert all(one.file.is_file() for one in shipped_models())


def _file(folder: Path, content: bytes) -> tuple[Path, dict[str, Any]]:
    file = folder / "light.part"
    file.write_bytes(content)
    return file, told_of(content)


def test_a_try_run_tells_what_the_network_takes(tmp_path: Path) -> None:
    file, told = _file(tmp_path, light_net())
    assert try_run(file, told) == FORM
    seen = measured(file, {**told, **FORM})
    assert seen["ms"] > 0
    assert 20 < seen["memory_mib"] < 700


@pytest.mark.parametrize(
    ("content", "more", "why"),
    [
        (b"no network", {}, "cannot be run by ONNX Runtime"),
        (light_net(fixed=False), {}, "wanted is one of fixed size"),
        (light_net(), {"person": 3}, "a YOLOX of 64x64 gives"),
        (light_net(), {"input": "pictures"}, "takes images"),
    ],
)
def test_what_is_no_detector_is_told_by_its_last_words(
    tmp_path: Path, content: bytes, more: dict[str, Any], why: str
) -> None:
    file, told = _file(tmp_path, content)
    with pytest.raises(ModelFolderError, match=why) as caught:
        try_run(file, {**told, **more})
    assert caught.value.code == "does_not_run"
    assert caught.value.text().count(str(file)) == 1
    assert ".;" not in caught.value.text()


def test_a_try_run_that_hangs_or_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, told = _file(tmp_path, light_net())
    monkeypatch.setattr(trial, "TRIAL_S", 0.01)
    with pytest.raises(ModelFolderError, match="no answer within"):
        try_run(file, told)
    monkeypatch.setattr(trial, "TRIAL_S", 60.0)
    monkeypatch.setattr(trial, "_MODULE", "antigravity_that_is_not_there")
    with pytest.raises(ModelFolderError, match="No module named"):
        try_run(file, told)
