"""What runs a bundle's network: OpenVINO by default, ONNX Runtime or Keras by setting."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hilum.errors import BundleError
from hilum.extras import how_to_get
from hilum.models.bundle import COMPILED_FILE, KERAS_FILE, Bundle
from hilum.models.card import BundleCard

Outputs = dict[str, NDArray[np.float32]]
AnyBundle = Bundle[BundleCard]

SINGLE_OUTPUT = "logits"
"""The name under which a network's only output is found."""


class RuntimeName(StrEnum):
    """The runtimes that can be asked for."""

    OPENVINO = "openvino"
    ONNXRUNTIME = "onnxruntime"
    KERAS = "keras"


class Runtime(Protocol):
    """A loaded network, safe to call from several threads."""

    def infer(self, batch: NDArray[np.float32]) -> Outputs:
        """Outputs by name for pictures of shape (n, side, side, 1)."""
        ...


def load_runtime(
    bundle: AnyBundle, name: RuntimeName, outputs: Mapping[str, tuple[int, ...]]
) -> Runtime:
    """Load a bundle's network.

    Parameters
    ----------
    bundle : Bundle
    name : RuntimeName
    outputs : mapping of str to tuple of int
        Shape of each output for one picture, as the reader of the bundle expects it.

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
        found = runtime.infer(np.zeros((1, side, side, 1), dtype=np.float32))
    except ImportError as exc:
        words = f"The runtime {name.value!r} cannot be loaded"
        raise BundleError(f"{words}: {how_to_get(exc.name or name.value)}.") from exc
    except (RuntimeError, ValueError, OSError) as exc:
        raise BundleError(f"Model {bundle.card.name!r} cannot be loaded by {name.value}.") from exc
    shapes = {output: values.shape[1:] for output, values in found.items()}
    if shapes != dict(outputs):
        raise BundleError(
            f"Model {bundle.card.name!r}: its network does not answer what its card says. "
            "Restore the bundle."
        )
    return runtime


class _OpenVino:
    def __init__(self, bundle: AnyBundle) -> None:
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

    def infer(self, batch: NDArray[np.float32]) -> Outputs:
        # An infer request is not to be shared between threads: each has its own.
        request = getattr(self._requests, "request", None)
        if request is None:
            request = self._requests.request = self._compiled.create_infer_request()
        request.infer([batch])
        return _by_name(
            (output.get_any_name(), np.array(request.get_tensor(output).data))
            for output in self._compiled.outputs
        )


class _OnnxRuntime:
    def __init__(self, bundle: AnyBundle) -> None:
        import onnxruntime

        with _onnx_errors_as_runtime_errors():
            self._session = onnxruntime.InferenceSession(
                str(bundle.folder / COMPILED_FILE), providers=["CPUExecutionProvider"]
            )
        self._input = self._session.get_inputs()[0].name
        self._outputs = [output.name for output in self._session.get_outputs()]

    def infer(self, batch: NDArray[np.float32]) -> Outputs:
        with _onnx_errors_as_runtime_errors():
            values = self._session.run(None, {self._input: batch})
        return _by_name(zip(self._outputs, values, strict=True))


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
    def __init__(self, bundle: AnyBundle) -> None:
        import keras

        self._model = keras.saving.load_model(bundle.folder / KERAS_FILE, compile=False)
        self._lock = threading.Lock()

    def infer(self, batch: NDArray[np.float32]) -> Outputs:
        with self._lock:
            values = self._model.predict_on_batch(batch)
        return _by_name(values.items() if isinstance(values, dict) else [(SINGLE_OUTPUT, values)])


def _by_name(outputs: Iterable[tuple[str, Any]]) -> Outputs:
    """Float32 outputs by name; exporters name the only output of a network as they like."""
    named = {name: np.asarray(values, dtype=np.float32) for name, values in outputs}
    if len(named) == 1:
        return {SINGLE_OUTPUT: next(iter(named.values()))}
    return named


_RUNTIMES: dict[RuntimeName, Callable[[AnyBundle], Runtime]] = {
    RuntimeName.OPENVINO: _OpenVino,
    RuntimeName.ONNXRUNTIME: _OnnxRuntime,
    RuntimeName.KERAS: _Keras,
}
