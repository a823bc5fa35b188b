"""``python -m models.training``: from nothing to the committed weights, or one step of it."""

import argparse
from pathlib import Path

from models.training import dataset

WEIGHTS = Path(__file__).parents[1] / "weights"
TRAIN_SEED = 1


def main() -> None:
    """Run the step that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("step", choices=["all", "clips", "net", "threshold", "demo"])
    parser.add_argument("--clips", type=int, default=4000, help="simulated clips to learn from (default 4000)")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=TRAIN_SEED)
    options = parser.parse_args()
    if options.step in {"all", "clips"}:
        dataset.make(options.seed, options.clips, options.processes)
    if options.step in {"all", "net"}:
        from models.training import net

        trained = net.train(dataset.load(options.seed, options.clips), options.seed, options.epochs, options.processes)
        net.export(trained, WEIGHTS / "fall_window.onnx")


if __name__ == "__main__":
    main()
