"""``python -m models.training.quantized``: the shipped window net in eight bits, and what that costs in ranking.

Weights and activations (static, by channel), calibrated on windows that the net has learned from, ranked on those of
the tenth of the clips that it has not (models/training/net.py). Both files stay in `scratch`: which of the two ships
is decided by the benchmark `vision` (`python -m tests.benchmarks vision`), on the machine that it is for.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from agent.vision.statistics import area, area_under_curve, paired
from models.manifest import Model, find
from models.session import Session
from models.training import dataset
from models.training.progress import say
from models.training.threshold import weights_at

INT8 = dataset.SCRATCH / "fall_window_int8.onnx"
HELD_OUT = dataset.SCRATCH / "fall_window_held_out.npz"
HELD_OUT_EACH = 10  # models.training.net: every tenth clip is watched, not learned from
_CALIBRATED_ON = 400  # windows
_BATCH = 64


def main() -> None:
    """Make the net, rank with both, say the difference."""
    parser = argparse.ArgumentParser(prog="python -m models.training.quantized", description=__doc__)
    parser.add_argument("--clips", type=int, default=4000, help="simulated clips that the net was trained with")
    parser.add_argument("--seed", type=int, default=1, help="their set")
    options = parser.parse_args()
    windows = dataset.load(options.seed, options.clips)
    held = windows.clips % HELD_OUT_EACH == 0
    shipped = find("fall_window")
    quantize(shipped, windows.pictures[~held], INT8)
    pictures, falls = windows.pictures[held], windows.falls[held]
    np.savez_compressed(HELD_OUT, windows=pictures, falls=falls)
    whole, small = (scores(Session(model), pictures) for model in (shipped, weights_at(INT8)))
    for name, given in (("fp32", whole), ("int8", small)):
        value, low, high = area_under_curve(given[falls].tolist(), given[~falls].tolist())
        say(f"{name}: AUC {value:.4f} ({low:.4f}..{high:.4f}) on {len(falls)} held-out windows, {falls.sum()} falls")
    pairs = [(small[falls], whole[falls]), (small[~falls], whole[~falls])]
    value, low, high = paired(pairs, lambda ours, theirs: area(*ours) - area(*theirs))
    say(f"int8 less fp32: {value:+.4f} ({low:+.4f}..{high:+.4f})")
    say(f"largest difference of a score {float(np.abs(small - whole).max()):.3f}")
    say(f"{shipped.file.stat().st_size} bytes in fp32, {INT8.stat().st_size} in int8")


def quantize(model: Model, pictures: NDArray[np.uint8], to: Path) -> None:
    """Write `model` with eight-bit weights and activations, their ranges taken from some of `pictures`."""
    random = np.random.default_rng(0)
    chosen = pictures[random.choice(len(pictures), min(_CALIBRATED_ON, len(pictures)), replace=False)]
    prepared = to.with_suffix(".prepared.onnx")
    quant_pre_process(str(model.file), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(to),
        _Windows(model.input, chosen),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    prepared.unlink()


def scores(session: Session, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What a net says of each window."""
    batches = [pictures[n : n + _BATCH].astype(np.float32) / 255 for n in range(0, len(pictures), _BATCH)]
    return np.concatenate([session.run(batch) for batch in batches]).astype(np.float64).ravel()


class _Windows(CalibrationDataReader):
    def __init__(self, name: str, pictures: NDArray[np.uint8]) -> None:
        self._windows = iter([{name: one[None].astype(np.float32) / 255} for one in pictures])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next window for calibration, None at the end."""
        return next(self._windows, None)


if __name__ == "__main__":
    main()
