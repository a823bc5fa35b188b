"""Files that come, break off, go on, are others than meant, and never end."""

import hashlib
import socket
import threading
from pathlib import Path

import pytest

from agent.model_folder import fetch
from agent.model_folder.errors import ModelFolderError
from agent.model_folder.fetch import bring, is_address, is_open, sha256_of, text_at
from agent.model_folder.row import LIMIT
from tests.model_folder.certificate import certificate
from tests.model_folder.file_server import Files, served

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def silent(done: int, of: int | None) -> None:
    assert of is None or 0 < done <= of


def refused(place: str, part: Path, sha256: str = SHA256) -> ModelFolderError:
    with pytest.raises(ModelFolderError) as caught:
        bring(place, part, sha256, silent)
    return caught.value


def test_a_file_is_copied_once_its_hash_is_the_wanted_one(tmp_path: Path) -> None:
    source, part = tmp_path / "a.onnx", tmp_path / "a.part"
    source.write_bytes(CONTENT)
    told: list[tuple[int, int | None]] = []
    assert bring(str(source), part, SHA256, lambda done, of: told.append((done, of))) == len(CONTENT)
    assert part.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert sha256_of(part) == SHA256


def test_another_file_than_meant_leaves_nothing(tmp_path: Path) -> None:
    source, part = tmp_path / "a.onnx", tmp_path / "a.part"
    source.write_bytes(CONTENT[:-1])
    error = refused(str(source), part)
    assert error.code == "other_sha256"
    assert error.values["found"] == hashlib.sha256(CONTENT[:-1]).hexdigest()
    assert not part.exists()


def test_a_missing_file_and_one_that_is_a_folder_are_named(tmp_path: Path) -> None:
    assert refused(str(tmp_path / "none.onnx"), tmp_path / "p").text().startswith(f"{tmp_path / 'none.onnx'}: cannot")
    assert refused(str(tmp_path), tmp_path / "p").code == "no_file"


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    source = tmp_path / "a.onnx"
    with source.open("wb") as file:
        file.truncate(LIMIT + 1)
    assert refused(str(source), tmp_path / "p").code == "too_large"
    assert not (tmp_path / "p").exists()


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    source = tmp_path / "a.onnx"
    source.write_bytes(CONTENT)
    assert refused(str(source), tmp_path / "no folder" / "p").code == "not_written"


def test_a_download_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    part = tmp_path / "p"
    with served(Files({"/a.onnx": CONTENT}, breaks_after=100_000)) as files:
        place = f"{files.address}/a.onnx"
        error = refused(place, part)
        assert error.code == "not_fetched"
        assert f"of {len(CONTENT)} bytes came" in error.text()
        assert part.stat().st_size == 100_000
        assert bring(place, part, SHA256, silent) == len(CONTENT)
        assert files.asked == [("/a.onnx", ""), ("/a.onnx", "bytes=100000-")]
    assert part.read_bytes() == CONTENT


def test_a_server_without_ranges_begins_anew(tmp_path: Path) -> None:
    part = tmp_path / "p"
    part.write_bytes(b"something longer than what is meant" * 30_000)
    with served(Files({"/a": CONTENT}, ranges=False)) as files:
        assert bring(f"{files.address}/a", part, SHA256, silent) == len(CONTENT)
    assert part.read_bytes() == CONTENT


def test_a_part_of_another_file_is_fetched_once_more_from_the_beginning(tmp_path: Path) -> None:
    part = tmp_path / "p"
    part.write_bytes(b"x" * 1000)
    with served(Files({"/a": CONTENT})) as files:
        assert bring(f"{files.address}/a", part, SHA256, silent) == len(CONTENT)
        assert files.asked == [("/a", "bytes=1000-"), ("/a", "")]


def test_a_part_that_is_the_whole_is_not_fetched_again(tmp_path: Path) -> None:
    part = tmp_path / "p"
    part.write_bytes(CONTENT)
    with served(Files({"/a": CONTENT})) as files:
        assert bring(f"{files.address}/a", part, SHA256, silent) == len(CONTENT)
        assert files.asked == [("/a", f"bytes={len(CONTENT)}-")]


def test_a_wrong_file_from_the_network_is_fetched_once_and_refused(tmp_path: Path) -> None:
    with served(Files({"/a": CONTENT + b"!"})) as files:
        assert refused(f"{files.address}/a", tmp_path / "p").code == "other_sha256"
        assert len(files.asked) == 1
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("endless", [False, True])
def test_a_download_has_a_limit_told_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endless: bool) -> None:
    monkeypatch.setattr(fetch, "LIMIT", len(CONTENT) - 1)
    with served(Files({"/a": CONTENT}, endless=endless)) as files:
        assert refused(f"{files.address}/a", tmp_path / "p").code == "too_large"
    assert not (tmp_path / "p").exists()


def test_a_download_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "WHOLE_S", 0.0)
    with served(Files({"/a": CONTENT})) as files:
        assert "not whole after 0 s" in refused(f"{files.address}/a", tmp_path / "p").text()


def test_no_server_and_no_such_file_are_told(tmp_path: Path) -> None:
    with served(Files()) as files:
        gone = f"{files.address}/a.onnx"
        assert "HTTP 404" in refused(gone, tmp_path / "p").text()
    assert "refused" in refused(gone, tmp_path / "p").text()


def test_https_is_proved_and_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificate(tmp_path)
    with served(Files({"/a": CONTENT})) as other, served(Files({"/a": CONTENT}), files) as secure:
        secure.moved = {"/here": "/a", "/there": f"{other.address}/a"}
        assert refused(f"{secure.address}/a", tmp_path / "p").code == "not_fetched"  # nobody vouches for it yet
        monkeypatch.setenv("SSL_CERT_FILE", files[0])
        assert bring(f"{secure.address}/here", tmp_path / "p", SHA256, silent) == len(CONTENT)
        (tmp_path / "p").unlink()
        assert refused(f"{secure.address}/there", tmp_path / "p").code == "not_https"
        assert other.asked == []


def test_a_small_text_is_read_or_not_there(tmp_path: Path) -> None:
    assert text_at(str(tmp_path / "a.toml")) is None
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ModelFolderError, match="is no UTF-8"):
        text_at(str(tmp_path / "a.toml"))
    with pytest.raises(ModelFolderError, match="cannot be read"):
        text_at(str(tmp_path))
    with served(Files({"/a.toml": "名".encode()})) as files:
        assert text_at(f"{files.address}/a.toml") == "名"
        assert text_at(f"{files.address}/b.toml") is None
        address = files.address
    with pytest.raises(ModelFolderError, match="not fetched"):
        text_at(f"{address}/a.toml")


@pytest.mark.parametrize(
    ("place", "address", "open_"),
    [("https://a/b", True, False), ("http://a/b", True, True), ("ftp://a", False, False), ("a/b.onnx", False, False)],
)
def test_what_is_an_address(place: str, address: bool, open_: bool) -> None:
    assert (is_address(place), is_open(place)) == (address, open_)


@pytest.mark.parametrize("place", ["https://[::1/x.onnx", "http://127.0.0.1:1/\u540d.onnx", "http://a b/x.onnx"])
def test_half_an_address_is_told_as_one(place: str, tmp_path: Path) -> None:
    told = refused(place, tmp_path / "p")
    assert told.code in ("odd_address", "not_fetched")
    assert told.text().startswith(place)


def test_what_a_server_says_is_shown_in_one_line_without_control_letters(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answered = threading.Thread(target=_answer_rubbish, args=(server,))
        answered.start()
        told = refused(f"http://127.0.0.1:{server.getsockname()[1]}/x.onnx", tmp_path / "p")
        answered.join()
    assert told.code == "not_fetched"
    assert "rubbish" in told.text()
    assert told.text().isprintable()


def _answer_rubbish(server: socket.socket) -> None:
    caller, _ = server.accept()
    with caller:
        caller.recv(65536)
        caller.sendall(b"\x1b[2J\x01rubbish\r\n\r\n")
