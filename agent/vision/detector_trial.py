"""``python -m agent.vision.detector_trial FILE JSON``: whether FILE runs as a person detector, told as JSON."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from agent.vision.confinement import confine

MEMORY_MIB = 768  # the least that a gateway gives the eyes
_RUNS = 3


def main(arguments: list[str]) -> int:
    """Print what the file takes and gives; 1 with one line on stderr where it cannot be used."""
    file, told = Path(arguments[0]), json.loads(arguments[1])
    confine(MEMORY_MIB)
    from models.errors import ModelError  # only now: see `confine`

    try:
        answer = _tried(file, told)
    except (ModelError, ValueError) as error:
        sys.stderr.write(f"{str(error).replace(chr(10), ' ')}\n")
        return 1
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _tried(file: Path, told: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    from models.person_detector import DetectorFile, PersonDetector
    from models.session import form_of

    content = file.read_bytes()
    form = form_of(file, content)
    form |= {key: told[key] for key in ("input", "output", "shape") if key in told}
    how = {key: told[key] for key in ("colours", "mean", "scale", "padding", "person") if key in told}
    shape = tuple(form["shape"])
    if len(shape) != 3 or not all(isinstance(side, int) and side > 0 for side in shape):
        raise ValueError(
            f"its input {form['input']} is {list(form['shape'])}, wanted is one of fixed size: [3, height, width]"
        )
    detector = PersonDetector(
        DetectorFile(told["name"], file, told["sha256"], form["input"], form["output"], shape, **how)
    )
    picture = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        detector.find(picture)
        times.append(time.perf_counter() - began)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**form, "shape": list(shape), "ms": round(min(times) * 1000, 1), "memory_mib": round(peak_kib / 1024)}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
