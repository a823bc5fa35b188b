"""A try run of a file that is to be a detector, in a process of its own: it may crash, hang or eat memory there."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.model_folder.errors import ModelFolderError

TRIAL_S = 120.0  # a Pi 4 loads and runs YOLOX-nano in two
_MODULE = "agent.vision.detector_trial"
_LAST_WORDS = 300


def try_run(file: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """What the file takes and gives: input, output, shape; raises ModelFolderError where it is no such detector."""
    return {key: value for key, value in measured(file, told).items() if key in ("input", "output", "shape")}


def measured(file: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """As `try_run`, with `ms` of one run and `memory_mib` that the process needed."""
    command = [sys.executable, "-m", _MODULE, str(file), json.dumps(dict(told))]
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=TRIAL_S, check=False, errors="replace"
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except subprocess.TimeoutExpired:
        raise ModelFolderError("does_not_run", place=file, why=f"no answer within {TRIAL_S:g} s") from None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        said = done.stderr.strip().splitlines()[-1:] or [f"it ended with status {done.returncode}"]
        why = said[0].removeprefix(f"{file}: ")[:_LAST_WORDS].rstrip(".")
        raise ModelFolderError("does_not_run", place=file, why=why)
    return answer
