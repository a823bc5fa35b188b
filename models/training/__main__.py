"""``python -m models.training all``: from nothing to the committed weights; or one step of it.

clips: simulate and keep windows. net: train and export. threshold: set it on held-out simulated clips and write the
manifest. measure LABELS.csv: the shipped net on real labelled clips, written into the manifest. lookalikes: what looks
like a fall, item by item, by the shipped eyes. hours: what they tell in so many hours of an ordinary room. demo: the
demo clips. posture: the posture net from nothing to its row of the manifest, and the stories that its tests play.
"""

import argparse
from pathlib import Path

from models.manifest import find
from models.training import dataset, threshold
from models.training.progress import say

WEIGHTS = Path(__file__).parents[1] / "weights" / "fall_window.onnx"


def main() -> None:
    """Run the steps that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument(
        "step", choices=["all", "clips", "net", "threshold", "measure", "lookalikes", "hours", "demo", "posture"]
    )
    parser.add_argument("labels", nargs="?", type=Path, help="for measure: the table of labelled clips beside it")
    parser.add_argument("--clips", type=int, default=4000, help="simulated clips to learn from")
    parser.add_argument("--held-out", type=int, default=800, help="simulated clips to set the threshold on")
    parser.add_argument("--each", type=int, default=200, help="for lookalikes: clips of an item, and falls as many")
    parser.add_argument("--hours", type=int, default=8, help="for hours: rooms, an hour in each")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.step in {"all", "clips"}:
        dataset.make(options.seed, options.clips, options.processes)
    if options.step in {"all", "net"}:
        _train(options)
    if options.step in {"all", "threshold"}:
        _set_threshold(options)
    if options.step == "measure":
        _measure(options.labels, options.processes)
    if options.step == "lookalikes":
        from models.training import lookalikes

        say(lookalikes.table(lookalikes.measure(options.each, options.seed, options.processes)))
    if options.step == "hours":
        from models.training import hours

        say(hours.table(hours.measure(options.hours, options.seed, options.processes)))
    if options.step == "posture":
        from models.training import floor_stories, posture

        posture.make(options.seed, options.processes)
        floor_stories.render()
    if options.step == "demo":
        from models.training import demo  # needs a renderer

        demo.render()


def _train(options: argparse.Namespace) -> None:
    from models.training import net, publish  # torch takes seconds to import

    windows = dataset.load(options.seed, options.clips)
    network = net.train(windows, options.seed, options.epochs, options.processes)
    net.export(network, WEIGHTS)
    publish.reference(network, windows)


def _set_threshold(options: argparse.Namespace) -> None:
    from models.training import publish

    scored = threshold.score(threshold.weights_at(WEIGHTS), options.held_out, options.processes)
    chosen = threshold.choose(scored)
    measured = threshold.figures(scored, chosen)
    for name, value in measured.items():
        say(f"{name}: {value}")
    training = (
        f"python -m models.training all --seed {options.seed} --clips {options.clips} --epochs {options.epochs}"
        f" --held-out {options.held_out}"
    )
    publish.manifest(WEIGHTS, training, options.seed, chosen, measured)
    say(f"threshold {chosen}")


def _measure(labels: Path, processes: int) -> None:
    from agent.vision.evaluate import measure
    from agent.vision.figures import report, table
    from models.training import publish

    model = find("fall_window")
    measured = {name: value for name, value in model.measured.items() if name.startswith("simulated")}
    for cold in (False, True):
        figures = report(measure(labels, cold, processes=processes), cold, model.threshold)
        say(table(figures))
        for row in figures.groups:
            span = f"{row.low:.2f}..{row.high:.2f}"
            measured[f"{figures.protocol} {row.group} {row.kind}"] = f"{row.count}/{row.clips} ({span})"
        for name, (value, low, high) in figures.auc.items():
            measured[f"{figures.protocol} AUC {name}"] = f"{value:.3f} ({low:.3f}..{high:.3f})"
        for name, (value, low, high) in (("median", figures.delay_median_s), ("p90", figures.delay_p90_s)):
            measured[f"{figures.protocol} delay {name}"] = f"{value:.1f} s ({low:.1f}..{high:.1f})"
    publish.manifest(model.file, model.training, model.seed, model.threshold, measured)


if __name__ == "__main__":
    main()
