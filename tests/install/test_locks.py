"""The two locks: hashes on every pin, no host, one within the other."""

import re

import pytest

from tests.install.machine import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*==\S+", re.MULTILINE)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes(name: str) -> None:
    pieces = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", _text(name), flags=re.MULTILINE).strip())
    assert len(pieces) > 40
    assert not [piece.split()[0] for piece in pieces if not PIN.match(piece) or "--hash=sha256:" not in piece]


@pytest.mark.parametrize("name", LOCKS)
def test_no_index_or_host_is_named(name: str) -> None:
    options = re.findall(r"^\s*(--[a-z-]+)", _text(name), re.MULTILINE)
    assert set(options) == {"--hash"}
    assert "://" not in _text(name)


def test_the_tests_lock_holds_the_runtime_s_pins() -> None:
    runtime, tests = (set(PIN.findall(_text(name))) for name in LOCKS)
    assert runtime < tests


def test_the_build_backend_is_among_the_pins() -> None:
    """Else an editable install would fetch it, and a changed pyproject.toml would need the network."""
    assert {"hatchling", "editables"} <= {pin.partition("==")[0] for pin in PIN.findall(_text(LOCKS[0]))}
