"""The window net as it ships (fp32) beside itself in eight bits: time and, on simulated windows, the ranking."""

import time
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.manifest import find
from tests.benchmarks.figures import quantile

REFERENCE = Path(__file__).resolve().parents[1] / "models" / "fall_window_reference.npz"


class Net:
    """One file on one thread."""

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def scores(self, windows: NDArray[np.float32]) -> NDArray[np.float64]:
        """One window at a time, as on the gateway."""
        return np.array([float(np.ravel(self._session.run(None, {self._input: one[None]})[0])[0]) for one in windows])

    def ms(self, windows: NDArray[np.float32], rounds: int) -> float:
        """Median milliseconds of this thread a window."""
        costs = []
        for number in range(rounds):
            one = windows[number % len(windows)][None]
            begun = time.thread_time()
            self._session.run(None, {self._input: one})
            costs.append(1000 * (time.thread_time() - begun))
        return quantile(costs, 0.5)


def shipped() -> bytes:
    """The window net's bytes, checked."""
    return find("fall_window").read()
