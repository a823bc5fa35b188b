"""On a few clips of real falls: what was measured still holds (models/README.md: office, learned, all right)."""

from pathlib import Path

from agent.vision.evaluate import Result, read_labels, watch
from agent.vision.pipeline import open_pipeline

_SHOWN = (
    "office-fall-01-cam0",
    "office-fall-05-cam0",
    "office-fall-09-cam0",
    "office-adl-01-cam0",
    "office-adl-06-cam0",
)


def test_every_real_fall_ranks_above_daily_life(shared: Path) -> None:
    folder = shared / "data" / "falls"
    labels = {label.clip: label for label in read_labels(folder)}
    results: list[Result] = []
    for name in _SHOWN:
        label = labels[f"{name}.mp4"]
        room = sorted(o.clip for o in labels.values() if o.camera == label.camera and o is not label)
        results.append(watch(open_pipeline("camera-1"), folder / label.clip, [folder / o for o in room], label))
    falls = [result.score for result in results if result.label.fell]
    daily = [result.score for result in results if not result.label.fell]
    assert min(falls) > max(daily)
    assert all(result.right for result in results)
