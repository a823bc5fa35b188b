"""config/upstream.toml."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from agent.settings.read import TomlFile
from agent.upstream.addresses import https_or_loopback
from agent.upstream.settings import UpstreamSettings

SHIPPED = Path(__file__).parents[2] / "config" / "upstream.toml"


def test_the_shipped_file_holds_the_defaults(tmp_path: Path) -> None:
    assert TomlFile(SHIPPED).parse(UpstreamSettings) == UpstreamSettings()
    lines = SHIPPED.read_text(encoding="utf-8").partition("# [[call]]")[0].splitlines()
    settings = [line[2:] for line in lines if line.startswith("# ") and " = " in line]
    (tmp_path / "upstream.toml").write_text("\n".join(settings), encoding="utf-8")
    file = TomlFile(tmp_path / "upstream.toml")
    assert file.parse(UpstreamSettings) is not None, file.problems
    assert {line.split(" = ")[0] for line in settings} == {field.name for field in fields(UpstreamSettings)} - {"call"}


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("", True),
        ("https://platform.example.org/v1", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost/x", True),
        ("http://[::1]:9/", True),
        ("http://platform.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("ftp://127.0.0.1", False),
        ("https://", False),
        ("https://user:secret@platform.example.org", False),
        ("https://platform.example.org:port", False),
        ("platform.example.org", False),
    ],
)
def test_only_https_leaves_the_machine(url: str, allowed: bool) -> None:
    assert https_or_loopback(url) is allowed


def test_a_plain_url_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "upstream.toml").write_text('\nurl = "http://platform.example.org"\nbatch = 0\n', encoding="utf-8")
    file = TomlFile(tmp_path / "upstream.toml")
    assert file.parse(UpstreamSettings) is None
    assert [(problem.line, problem.key) for problem in sorted(file.problems)] == [(2, "url"), (3, "batch")]


def test_the_core_may_import_settings_and_link_without_the_network() -> None:
    code = (
        "import sys, agent.upstream.settings, agent.upstream.link, agent.store.store\n"
        "print([name for name in ('requests', 'urllib3', 'cv2', 'onnxruntime') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
