"""What runs a bundle's network: OpenVINO by default, ONNX Runtime or Keras by setting."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hilum.errors import BundleError
from hilum.models.bundle import COMPILED_FILE, KERAS_FILE, Bundle


class RuntimeName(StrEnum):
    """The runtimes that can be asked for."""

    OPENVINO = "openvino"
    ONNXRUNTIME = "onnxruntime"
    KERAS = "keras"


class Runtime(Protocol):
    """A loaded network, safe to call from several threads."""

    def infer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits of shape (n, classes) for pictures of shape (n, side, side, 1)."""
        ...


def load_runtime(bundle: Bundle, name: RuntimeName = RuntimeName.OPENVINO) -> Runtime:
    """Load a bundle's network.

    Parameters
    ----------
    bundle : Bundle
    name : RuntimeName

    Returns
    -------
    Runtime

    Raises
    ------
    BundleError
        The runtime is not installed or cannot load the file, or the network does not answer
        as the card says.
    """
    side = bundle.card.preprocessing.input_size_px
    try:
        runtime = _RUNTIMES[name](bundle)
        logits = runtime.infer(np.zeros((1, side, side, 1), dtype=np.float32))
    except ImportError as exc:
        raise BundleError(f"The runtime {name.value!r} is not installed here.") from exc
    except (RuntimeError, ValueError, OSError) as exc:
        raise BundleError(f"Model {bundle.card.name!r} cannot be loaded by {name.value}.") from exc
    if logits.shape != (1, len(bundle.card.findings)):
        raise BundleError(
            f"Model {bundle.card.name!r}: its network does not answer one number for each "
            "finding of its card. Restore the bundle."
        )
    return runtime


class _OpenVino:
    def __init__(self, bundle: Bundle) -> None:
        import openvino as ov

        core = ov.Core()
        side = bundle.card.preprocessing.input_size_px
        model = core.read_model(bundle.folder / COMPILED_FILE)
        model.reshape([-1, side, side, 1])
        # Full float32: the default on new processors is bf16, whose probabilities differ from
        # those that the card's figures were measured with. One stream a core: networks this
        # small gain nothing from a second core, but a second reading does.
        options = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": os.cpu_count() or 1}
        self._compiled = core.compile_model(model, "CPU", options)
        self._requests = threading.local()

    def infer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        # An infer request is not to be shared between threads: each has its own.
        request = getattr(self._requests, "request", None)
        if request is None:
            request = self._requests.request = self._compiled.create_infer_request()
        request.infer([batch])
        return np.array(request.get_output_tensor(0).data, dtype=np.float32)


class _OnnxRuntime:
    def __init__(self, bundle: Bundle) -> None:
        import onnxruntime

        with _onnx_errors_as_runtime_errors():
            self._session = onnxruntime.InferenceSession(
                str(bundle.folder / COMPILED_FILE), providers=["CPUExecutionProvider"]
            )
        self._input = self._session.get_inputs()[0].name

    def infer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with _onnx_errors_as_runtime_errors():
            logits = self._session.run(None, {self._input: batch})[0]
        return np.asarray(logits, dtype=np.float32)


@contextmanager
def _onnx_errors_as_runtime_errors() -> Iterator[None]:
    """ONNX Runtime's errors share no base but `Exception`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    try:
        yield
    except (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NotImplemented,
        state.RuntimeException,
    ) as exc:
        raise RuntimeError(str(exc)) from exc


class _Keras:
    def __init__(self, bundle: Bundle) -> None:
        import keras

        self._model = keras.saving.load_model(bundle.folder / KERAS_FILE, compile=False)
        self._lock = threading.Lock()

    def infer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._lock:
            return np.asarray(self._model.predict_on_batch(batch), dtype=np.float32)


_RUNTIMES: dict[RuntimeName, Callable[[Bundle], Runtime]] = {
    RuntimeName.OPENVINO: _OpenVino,
    RuntimeName.ONNXRUNTIME: _OnnxRuntime,
    RuntimeName.KERAS: _Keras,
}
