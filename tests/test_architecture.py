"""The order of imports, and what the core must never load."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Lowest first; a package imports only what stands before it, and never a sibling on its own line.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("drivers",),
    ("models",),
    (
        "agent.clock", "agent.wire", "agent.wire_connection", "agent.logs", "agent.sd_notify", "agent.process_lock",
        "agent.residents", "agent.moment", "agent.places", "agent.staff", "agent.supervision", "agent.satellites",
        "agent.offload", "agent.memory", "agent.model_folder", "agent.zones", "agent.camera_facts",
    ),
    ("agent.detection",),
    ("agent.shadow",),
    ("agent.rules",),
    ("agent.alarms",),
    ("agent.judge",),
    ("agent.figures",),
    ("agent.store",),
    ("agent.annunciators", "agent.upstream", "agent.panel", "agent.eyes", "agent.vision"),
    ("agent.settings",),
    ("agent.app", "agent.replay"),
    ("agent.cli",),
    ("models.training",),  # a developer's tool, never on a gateway
)  # fmt: skip
RANKS = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Modules of one layer that may use each other: small pieces below the packages.
FREE_LAYER = 2
PURE = ("agent/detection", "agent/shadow", "agent/rules", "agent/alarms")
PURE_FORBIDS = {"asyncio", "sqlite3", "time", "datetime", "threading", "socket"}
CORE_FORBIDS = ("cv2", "onnxruntime", "requests", "agent.vision", "models", "drivers.camera")


def _modules() -> Iterator[tuple[str, Path]]:
    for package in ("drivers", "models", "agent"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _layer(name: str) -> str | None:
    parts = name.split(".")
    return next((".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in RANKS), None)


@pytest.mark.parametrize(("name", "path"), [pytest.param(*one, id=one[0]) for one in _modules()])
def test_imports_point_one_way(name: str, path: Path) -> None:
    own = _layer(name)
    if own is None:
        assert name == "agent", f"{name} stands in no layer: add it to LAYERS"
        return
    for imported in _imports(path):
        other = _layer(imported)
        if other is None or other == own:
            continue
        beside = RANKS[other] == RANKS[own] == FREE_LAYER
        assert RANKS[other] < RANKS[own] or beside, f"{name} imports {imported}"


@pytest.mark.parametrize("folder", PURE)
def test_rules_and_alarms_are_pure(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        impure = {name.partition(".")[0] for name in _imports(path)} & PURE_FORBIDS
        assert not impure, f"{path.relative_to(ROOT)} imports {impure}"


def test_drivers_camera_models_and_opencv_are_the_vision_process_s_alone() -> None:
    for name, path in _modules():
        if name.startswith(("agent.vision", "models", "drivers.camera")):
            continue
        used = [one for one in _imports(path) if re.match(r"(cv2|onnxruntime|models|drivers\.camera)(\.|$)", one)]
        assert not used, f"{name} imports {used}"


def test_the_whole_core_loads_neither_eyes_nor_network_library() -> None:
    script = "import sys, agent.app.core, agent.cli.main; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "agent.app.house" in loaded
    assert not [name for name in CORE_FORBIDS if name in loaded]


def test_no_product_code_waits_with_wait_for() -> None:
    """On Python 3.11 `asyncio.wait_for` swallows a cancellation that comes with the result."""
    for name, path in _modules():
        assert "asyncio.wait_for(" not in path.read_text(encoding="utf-8"), f"{name}: use asyncio.timeout"
