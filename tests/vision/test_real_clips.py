"""On a few clips of real falls: what was measured still holds (models/README.md: office, learned, all right)."""

from pathlib import Path

from agent.vision.evaluate import watch_one
from agent.vision.labels import read_labels
from agent.vision.player import open_eyes

_SHOWN = (
    "office-fall-01-cam0",
    "office-fall-05-cam0",
    "office-fall-09-cam0",
    "office-adl-01-cam0",
    "office-adl-06-cam0",
)


def test_every_real_fall_ranks_above_daily_life(shared: Path) -> None:
    folder = shared / "data" / "falls"
    every = read_labels(folder / "labels.csv")
    labels = {label.clip: label for label in every}
    results = [watch_one(folder, every, False, open_eyes, labels[f"{name}.mp4"]) for name in _SHOWN]
    falls = [result.score for result in results if result.label.fell]
    daily = [result.score for result in results if not result.label.fell]
    assert min(falls) > max(daily)
    assert all(result.right for result in results)
