"""One ONNX Runtime session: on the CPU, on as many threads as is said, of a file that was checked first."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import ModelAlteredError, ModelUnusableError

Floats = NDArray[np.float32]


class Weights(Protocol):
    """What a session is made of; `models.manifest.Model` and `models.person_detector.DetectorFile` are such."""

    @property
    def name(self) -> str:
        """As people call it."""

    @property
    def file(self) -> Path:
        """Where it lies."""

    @property
    def input(self) -> str:
        """Name of its one input."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input, without the batch."""

    @property
    def output(self) -> str:
        """Name of the output that is wanted."""

    def read(self) -> bytes:
        """The bytes, checked; raises ModelMissingError or ModelAlteredError."""


class Session:
    """A model ready to run.

    Raises ModelMissingError or ModelAlteredError when its file is not the one of the manifest, and ModelUnusableError
    when it is no network that ONNX Runtime can run.
    """

    def __init__(self, model: Weights, threads: int = 1) -> None:
        self._model = model
        self._session = _opened(model.file, model.read(), threads)
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


def form_of(file: Path, content: bytes) -> dict[str, Any]:
    """What the network in `content` takes and gives: `input` and `output` by name, `shape` of one input.

    Raises ModelUnusableError where it has another number of inputs than one, or cannot be run; `file` is named in it.
    """
    session = _opened(file, content, 1)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1:
        raise ModelUnusableError(file, f"takes {len(inputs)} inputs", "Take one that takes a picture alone.")
    return {"input": inputs[0].name, "output": outputs[0].name, "shape": list(inputs[0].shape[1:])}


def _opened(file: Path, content: bytes, threads: int) -> Any:  # noqa: ANN401 - ONNX Runtime has no types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning threads would burn the core that the next camera's frame needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no common class of their own
        fault = f"cannot be run by ONNX Runtime {onnxruntime.__version__} ({type(error).__name__})"
        raise ModelUnusableError(file, fault, "Take a file that was exported for this version.") from error
