import hashlib
from pathlib import Path

import numpy as np
import pytest

from models.errors import ManifestError, ModelAlteredError, ModelMissingError
from models.fall_net import FallNet
from models.manifest import LARGEST, MANIFEST, find, load
from models.session import Session


def _copy(folder: Path, **changes: str) -> Path:
    """The shipped manifest and weights in `folder`, some lines of the manifest replaced."""
    lines = MANIFEST.read_text(encoding="utf-8").splitlines()
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines]
    for model in load().values():
        copy = folder / model.file.relative_to(MANIFEST.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(model.file.read_bytes())
    path = folder / "manifest.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_shipped_model_is_the_one_of_the_manifest() -> None:
    for model in load().values():
        content = model.read()
        assert hashlib.sha256(content).hexdigest() == model.sha256
        assert len(content) <= LARGEST
        assert model.licence == "Apache-2.0"
        assert model.training.startswith("python -m models.training")
        assert model.measured


def test_one_changed_byte_is_refused(tmp_path: Path) -> None:
    manifest = _copy(tmp_path)
    weights = find("fall_window", manifest).file
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelAlteredError, match=r"fall_window\.onnx: SHA-256 is .* Install the release again"):
        FallNet.open(manifest)


def test_a_missing_file_is_named_with_its_cure(tmp_path: Path) -> None:
    manifest = _copy(tmp_path)
    find("fall_window", manifest).file.unlink()
    with pytest.raises(ModelMissingError, match=r"fall_window\.onnx: cannot be read \(No such file") as caught:
        FallNet.open(manifest)
    assert caught.value.file == tmp_path / "weights" / "fall_window.onnx"


def test_a_net_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelAlteredError, match="takes windows"):
        FallNet.open(_copy(tmp_path, shape="[24, 32, 32]"))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"threshold": "1.5"}, "threshold 1.5 is not between 0 and 1"),
        ({"seed": '"many"'}, "invalid literal"),
        ({"sha256": "broken"}, "cannot be read"),
        ({"licence": ""}, "cannot be read"),
    ],
)
def test_nonsense_in_the_manifest_is_named(tmp_path: Path, changes: dict[str, str], fault: str) -> None:
    with pytest.raises(ManifestError, match=fault):
        load(_copy(tmp_path, **changes))


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.toml"
    manifest.write_text('[model.fall_window]\nfile = "weights/x.onnx"\n', encoding="utf-8")
    with pytest.raises(ManifestError, match=r"\[model.fall_window\] lacks sha256"):
        load(manifest)


def test_no_manifest_and_no_model_are_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        load(tmp_path / "manifest.toml")
    with pytest.raises(ManifestError, match="has no model gait"):
        find("gait")
    (tmp_path / "manifest.toml").write_text("", encoding="utf-8")
    with pytest.raises(ManifestError, match="has no"):
        load(tmp_path / "manifest.toml")


def test_a_window_of_another_shape_is_refused() -> None:
    session = Session(find("fall_window"))
    with pytest.raises(ValueError, match="takes"):
        session.run(np.zeros((1, 24, 24, 23), np.float32))
