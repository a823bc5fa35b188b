"""One ONNX Runtime session: on the CPU, on as many threads as is said, of a file that was checked first."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import ModelAlteredError
from models.manifest import Model

Floats = NDArray[np.float32]


class Session:
    """A model ready to run.

    Raises ModelMissingError or ModelAlteredError when its file is not the one of the manifest.
    """

    def __init__(self, model: Model, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Spinning threads would burn the core that the next camera's frame needs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._model = model
        self._session = onnxruntime.InferenceSession(model.read(), options, providers=["CPUExecutionProvider"])
        given = self._session.get_inputs()[0]
        if given.name != model.input or tuple(given.shape[1:]) != model.shape:
            fault = f"takes {given.name} {given.shape}, the manifest says {model.input} {model.shape}"
            raise ModelAlteredError(model.file, fault, "Correct the manifest.")

    def run(self, batch: Floats) -> Floats:
        """The output for a batch (n, *shape); raises ValueError for any other shape."""
        if batch.ndim != len(self._model.shape) + 1 or batch.shape[1:] != self._model.shape:
            raise ValueError(f"{self._model.name} takes (n, {self._model.shape}), not {batch.shape}")
        outputs = self._session.run([self._model.output], {self._model.input: batch.astype(np.float32, copy=False)})
        return np.asarray(outputs[0], np.float32)
