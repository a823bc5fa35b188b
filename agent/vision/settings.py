"""What the core tells the vision process when it starts it: the JSON file named by `--config`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.camera_facts import CameraFacts, facts_from
from agent.vision.scene import UNSET
from drivers.camera.source import Source, source_of


@dataclass(frozen=True, slots=True)
class CameraTask:
    """One camera. `min_fps`: frames a second below which it cannot be watched.

    `facts` are what staff have set of it, `watch` is whether it may be looked through; a line may change both.
    """

    id: str
    source: Source
    min_fps: float
    loop: bool
    facts: CameraFacts = UNSET
    watch: bool = True


@dataclass(frozen=True, slots=True)
class VisionSettings:
    """`socket`: where the core listens; `lock`: taken while we live; `memory_mib`: the most that we may need.

    `models`: the folder of those that the home has added. `kept`: descriptor of the memory file in which rooms outlive
    us; None: they do not.
    """

    socket: Path
    lock: Path
    memory_mib: int
    models: Path | None
    kept: int | None
    cameras: tuple[CameraTask, ...]


def read_settings(path: Path) -> VisionSettings:
    """The settings in `path`, checked by the core that wrote them; raises OSError, ValueError, KeyError."""
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return VisionSettings(
        socket=Path(config["socket"]),
        lock=Path(config["lock"]),
        memory_mib=config["memory_mib"],
        models=Path(config["models"]) if config["models"] else None,
        kept=config["kept"],
        cameras=tuple(
            CameraTask(row["id"], source_of(row["source"]), row["min_fps"], row["loop"], facts_from(row), row["watch"])
            for row in config["cameras"]
        ),
    )
