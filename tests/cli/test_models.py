"""`nightlamp models` as people and programs meet it; from the network too, in this process so that a test can serve."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agent.cli import models as command
from agent.cli import progress
from agent.cli.main import app
from agent.model_folder.errors import ModelFolderError
from agent.model_folder.folder import FOLDER, ModelFolder
from agent.model_folder.shipped import ShippedModel, shipped_models
from models.manifest import load
from tests.cli.test_commands import nightlamp
from tests.model_folder.certificate import certificate
from tests.model_folder.file_server import Files, served
from tests.models.light_net import light_net

NET = light_net()
SHA256 = hashlib.sha256(NET).hexdigest()
MANIFEST = f'[model.light]\nsha256 = "{SHA256}"\nlicence = "MIT"\nsource = "the maker"\nscale = 1.0\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    config.mkdir()
    (config / "nightlamp.toml").write_text('[folders]\nstate = "../state"\nrun = "../run"\n', encoding="utf-8")
    (tmp_path / "net.onnx").write_bytes(NET)
    return tmp_path


def models(home: Path, *arguments: str, chinese: bool = False) -> Result:
    environment = {"LC_ALL": "zh_CN.UTF-8" if chinese else "C.UTF-8"}
    return CliRunner().invoke(app, ["models", *arguments, "--config", str(home / "config")], env=environment)


def added(home: Path, *arguments: str) -> dict[str, Any]:
    done = models(home, "add", *arguments, "--json")
    assert done.exit_code == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def refused(home: Path, *arguments: str, status: int = 1) -> str:
    """The code of the error, which is told in words too."""
    done = models(home, "add", *arguments, "--json")
    assert done.exit_code == status, done.output
    told = json.loads(done.stdout)
    assert told["ok"] is False
    assert done.stderr.startswith("nightlamp: ")
    return str(told["error"])


def test_a_detector_is_added_shown_checked_and_removed(home: Path) -> None:
    put = nightlamp(
        "models", "add", str(home / "net.onnx"), "--sha256", SHA256.upper(), "--config", str(home / "config")
    )
    assert put.returncode == 0, put.stderr
    assert f"net is added (SHA-256 {SHA256})." in put.stdout
    assert "given on the command line" in put.stdout
    assert "when they start next: restart nightlamp" in put.stdout
    rows = json.loads(models(home, "list", "--json").stdout)
    assert [row["name"] for row in rows if row["from"] == "release"] == list(load())
    (row,) = [row for row in rows if row["from"] == "added"]
    assert (row["name"], row["kind"], row["licence"], row["sha256_from"]) == (
        "net",
        "person_detector",
        "not stated",
        "option",
    )
    assert Path(row["file"]).read_bytes() == NET
    checked = json.loads(models(home, "verify", "--run", "--json").stdout)
    assert checked["ok"]
    assert {one["name"] for one in checked["models"]} == {*load(), "net"}
    assert checked["run"]["ms"] > 0
    assert models(home, "remove", "net").exit_code == 0
    assert "no person detector is added" in models(home, "list").stdout


def test_people_read_it_in_their_language(home: Path) -> None:
    done = models(home, "add", str(home / "net.onnx"), "--sha256", SHA256, chinese=True)
    assert "已添加 net" in done.stdout
    assert "请在空闲时重启 nightlamp" in done.stdout
    assert "自行添加" in models(home, "list", chinese=True).stdout
    assert "net: 正常" in models(home, "verify", chinese=True).stdout
    assert "一次运行" in models(home, "verify", "--run", chinese=True).stdout
    assert "随版本发布，不能删除" in models(home, "remove", "fall_window", chinese=True).stderr
    assert "已删除 net" in models(home, "remove", "net", chinese=True).stdout
    assert "没有给出应有的 SHA-256" in models(home, "add", str(home / "net.onnx"), chinese=True).stderr


def test_a_manifest_beside_the_file_names_it_and_says_what_that_proves(home: Path) -> None:
    (home / "net.toml").write_text(MANIFEST, encoding="utf-8")
    done = models(home, "add", str(home / "net.onnx"))
    assert done.exit_code == 0, done.stderr
    assert "it proves that the file is whole, not who made it" in done.stdout
    row = ModelFolder(home / "state" / FOLDER).installed()
    assert row is not None
    assert (row.name, row.licence, row.source, row.sha256_from) == ("light", "MIT", "the maker", "beside")


def test_a_named_manifest_and_a_hash_that_says_the_same(home: Path) -> None:
    (home / "other.toml").write_text(MANIFEST, encoding="utf-8")
    manifest = ("--manifest", str(home / "other.toml"))
    assert added(home, str(home / "net.onnx"), *manifest)["sha256_from"] == "manifest"
    told = added(home, str(home / "net.onnx"), *manifest, "--sha256", SHA256, "--licence", "BSD")
    assert (told["name"], told["sha256_from"], told["licence"]) == ("light", "option", "BSD")


def test_what_nothing_proves_is_not_installed(home: Path) -> None:
    net = str(home / "net.onnx")
    assert refused(home, net, status=2) == "no_proof"
    assert refused(home, net, "--sha256", "ab", status=2) == "odd_sha256"
    assert refused(home, net, "--sha256", "g" * 64, status=2) == "odd_sha256"
    (home / "net.toml").write_text(MANIFEST, encoding="utf-8")
    assert refused(home, net, "--sha256", "a" * 64, status=2) == "two_sha256"
    assert refused(home, net, "--manifest", str(home / "none.toml")) == "no_file"
    (home / "net.toml").write_text("[model.light]\ncolor = 1\n", encoding="utf-8")
    assert refused(home, net) == "odd_manifest"
    (home / "net.toml").write_text("[model.light]\nlicence = 'MIT'\n", encoding="utf-8")
    assert refused(home, net, status=2) == "no_proof"
    (home / "net.toml").write_text(MANIFEST.replace("light", "fall_window"), encoding="utf-8")
    assert refused(home, net) == "name_taken"
    (home / "net.toml").write_text(MANIFEST.replace("light", '"../light"'), encoding="utf-8")
    assert refused(home, net) == "odd_manifest"
    assert not list((home / "state").rglob("*.onnx"))


def test_a_wrong_file_leaves_what_stood(home: Path) -> None:
    added(home, str(home / "net.onnx"), "--sha256", SHA256)
    (home / "net.onnx").write_bytes(NET + b"\0")
    assert refused(home, str(home / "net.onnx"), "--sha256", SHA256) == "other_sha256"
    (home / "net.onnx").write_bytes(b"no network")
    digest = hashlib.sha256(b"no network").hexdigest()
    assert refused(home, str(home / "net.onnx"), "--sha256", digest) == "does_not_run"
    assert json.loads(models(home, "verify", "--json").stdout)["ok"]
    row = ModelFolder(home / "state" / FOLDER).installed()
    assert row is not None
    assert row.sha256 == SHA256


def test_http_is_for_those_who_know_the_hash(home: Path) -> None:
    with served(Files({"/d/net.onnx": NET, "/d/net.toml": MANIFEST.encode()})) as files:
        place = f"{files.address}/d/net.onnx"
        assert refused(home, place, status=2) == "not_https"
        assert refused(home, place, "--sha256", SHA256, status=2) == "not_https"
        assert refused(home, place, "--allow-http", status=2) == "not_https"
        assert files.asked == []
        told = added(home, place, "--allow-http", "--sha256", SHA256)
        assert (told["name"], told["source"]) == ("net", place)
        assert files.asked == [("/d/net.onnx", "")]


def test_a_manifest_beside_an_address_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = certificate(home)
    monkeypatch.setenv("SSL_CERT_FILE", pair[0])
    with served(Files({"/d/net.onnx": NET, "/d/net.toml": MANIFEST.encode()}), pair) as files:
        told = added(home, f"{files.address}/d/net.onnx")
        assert (told["name"], told["sha256_from"]) == ("light", "beside")
        assert files.asked == [("/d/net.toml", ""), ("/d/net.onnx", "")]
        del files.files["/d/net.toml"]
        assert refused(home, f"{files.address}/d/net.onnx", status=2) == "no_proof"
        assert refused(home, f"{files.address}/none.onnx", "--sha256", SHA256) == "not_fetched"


def test_an_altered_file_fails_the_check(home: Path) -> None:
    added(home, str(home / "net.onnx"), "--sha256", SHA256)
    folder = ModelFolder(home / "state" / FOLDER)
    row = folder.installed()
    assert row is not None
    folder.file(row).write_bytes(NET[:-1])
    done = models(home, "verify", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert [one["error"] for one in told["models"] if not one["ok"]] == ["altered"]
    assert "the eyes refuse it" in models(home, "verify").stdout
    (folder.path / "manifest.toml").write_text("", encoding="utf-8")
    assert models(home, "verify").exit_code == 1
    assert models(home, "list").exit_code == 1
    assert models(home, "remove", "net").exit_code == 1


def test_a_model_of_the_release_that_is_not_whole_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = shipped_models()
    lost = ShippedModel("fall_window", home / "none.onnx", "ab" * 32, "MIT", "us")
    other = ShippedModel("other", home / "net.onnx", "ab" * 32, "MIT", "us")
    monkeypatch.setattr(command, "shipped_models", lambda: (lost, other, *ours[1:]))
    told = json.loads(models(home, "verify", "--json").stdout)
    assert [one["error"] for one in told["models"]][:2] == ["lost", "altered"]


def test_removing_what_is_not_there_says_so(home: Path) -> None:
    assert json.loads(models(home, "remove", "fall_window", "--json").stdout)["error"] == "shipped"
    done = models(home, "remove", "net", "--json")
    assert (done.exit_code, json.loads(done.stdout)["error"]) == (1, "none_installed")


def test_progress_is_told_each_two_seconds(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PROGRESS_S", 0.0)
    done = models(home, "add", str(home / "net.onnx"), "--sha256", SHA256)
    assert "nightlamp: 0.1 of 0.1 MB" in done.stderr
    with pytest.raises(ModelFolderError):
        ModelFolder(home / "state" / FOLDER).remove("other")


def test_the_added_detector_looks_at_a_clip_too(home: Path) -> None:
    clips = Path(__file__).parents[1] / "simulator" / "clips"
    clip = ("vision", str(clips / "fall.mp4"), "--learn", str(clips / "empty.mp4"))
    added(home, str(home / "net.onnx"), "--sha256", SHA256)
    told = nightlamp(*clip, "--json", "--models", str(home / "state" / FOLDER))
    assert told.returncode == 0, told.stderr
    (fall,) = [event for line in told.stdout.splitlines() if (event := json.loads(line)).get("event") == "fall"]
    assert fall["reasons"][-1].startswith("detector_")
    none = nightlamp(*clip, "--models", str(home))
    assert none.returncode == 1
    assert "no person detector that can be used; see nightlamp models list" in none.stderr
