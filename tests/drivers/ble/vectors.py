"""Published example frames, where the workshop's folder has them."""

import json
from pathlib import Path
from typing import Any


def vectors(shared: Path, name: str, decoder: str) -> list[dict[str, Any]]:
    """The vectors of one file for one decoder; never none."""
    text = (shared / "protocols" / "vectors" / f"{name}.json").read_text(encoding="utf-8")
    found = [one for one in json.loads(text) if one["decoder"] == decoder]
    assert found, f"no vectors for {decoder} in {name}"
    return found
