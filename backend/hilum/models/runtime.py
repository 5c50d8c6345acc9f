"""Runtimes for a bundle's network: OpenVINO by default, ONNX Runtime or Keras by setting."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hilum.errors import BundleError
from hilum.extras import how_to_get
from hilum.models.bundle import KERAS_FILE, Bundle
from hilum.models.card import BundleCard, CompiledForm, NetworkInput
from hilum.models.in_progress import READINGS

Outputs = dict[str, NDArray[np.float32]]
AnyBundle = Bundle[BundleCard]

_MOST_THREADS = 4
"""Of a single reading, on machines with more cores; measured with two only."""

SINGLE_OUTPUT = "logits"
"""The name under which a network's only output is found."""


class RuntimeName(StrEnum):
    """Available runtimes."""

    OPENVINO = "openvino"
    OPENVINO_BFLOAT16 = "openvino-bfloat16"
    """Networks whose card has a form in bfloat16 run in it; faster on processors that have it."""
    ONNXRUNTIME = "onnxruntime"
    KERAS = "keras"

    @property
    def verified(self) -> "RuntimeName":
        """The runtime in float32, in which the expected values of cards are compared."""
        return RuntimeName.OPENVINO if self is RuntimeName.OPENVINO_BFLOAT16 else self


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
    outputs : mapping of str to tuple of int
        Shape of each output for one picture, as the reader of the bundle expects it.

    Raises
    ------
    BundleError
        The runtime is not installed or cannot load the file, or the network's outputs do not
        match the card.
    """
    side = bundle.card.preprocessing.input_size_px
    try:
        runtime = _laid_out(_RUNTIMES[name](bundle), bundle.card)
        found = runtime.infer(np.zeros((1, side, side, 1), dtype=np.float32))
    except ImportError as exc:
        words = f"The runtime {name.value!r} cannot be loaded"
        raise BundleError(f"{words}: {how_to_get(exc.name or name.value)}.") from exc
    except (RuntimeError, ValueError, OSError) as exc:
        raise BundleError(
            f"Model {bundle.card.name!r} cannot be loaded by {name.value}. Restore the bundle."
        ) from exc
    shapes = {output: values.shape[1:] for output, values in found.items()}
    if shapes != dict(outputs):
        raise BundleError(
            f"Model {bundle.card.name!r}: the outputs of its network do not match its card. "
            "Restore the bundle."
        )
    return runtime


class _LaidOut:
    """A network that takes another array than (n, side, side, 1) with values from -clip to clip."""

    def __init__(self, runtime: Runtime, how: NetworkInput, clip: float) -> None:
        self._runtime, self._how, self._clip = runtime, how, clip

    def infer(self, batch: NDArray[np.float32]) -> Outputs:
        if self._how.range is not None:
            low, high = self._how.range
            batch = low + (high - low) * (batch + self._clip) / (2 * self._clip)
        batch = np.repeat(batch, self._how.channels, axis=3).astype(np.float32, copy=False)
        if self._how.layout == "NCHW":
            batch = batch.transpose(0, 3, 1, 2)
        return self._runtime.infer(np.ascontiguousarray(batch))


def _laid_out(runtime: Runtime, card: BundleCard) -> Runtime:
    how = card.input
    return runtime if how == NetworkInput() else _LaidOut(runtime, how, card.preprocessing.clip)


def _input_shape(card: BundleCard) -> list[int]:
    """Shape of one picture; with a fixed size, OpenVINO allocates memory once."""
    side, channels = card.preprocessing.input_size_px, card.input.channels
    return [1, side, side, channels] if card.input.layout == "NHWC" else [1, channels, side, side]


def _form(card: BundleCard, precision: str | None = None) -> CompiledForm:
    """File to run: the first compiled form, or the source if that is not a Keras model.

    Parameters
    ----------
    precision : str, optional
        The first form of this precision is preferred.
    """
    if card.compiled:
        preferred = (form for form in card.compiled if form.precision == precision)
        return next(preferred, card.compiled[0])
    if card.source == KERAS_FILE:
        raise ValueError("there is no compiled form")
    return CompiledForm(file=card.source)


def _available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _OpenVino:
    def __init__(self, bundle: AnyBundle, precision: str | None = None) -> None:
        import openvino as ov

        core = ov.Core()
        form = _form(bundle.card, precision)
        model = core.read_model(bundle.folder / form.file)
        shape = _input_shape(bundle.card)
        if not model.input().get_partial_shape().compatible(ov.PartialShape(shape)):
            raise BundleError(
                f"Model {bundle.card.name!r}: its network does not take the input that its card "
                f"describes, an array of shape {shape}. Restore the bundle."
            )
        model.reshape(shape)
        # Full float32 unless the card says else: the default on new processors is bf16, whose
        # probabilities differ from those that the card's figures were measured with.
        precision = "bf16" if form.precision == "bfloat16" else "f32"
        options: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision}
        # Several readings at a time are fastest on one core each, a single one on all of them. The
        # outputs are the same.
        cores = _available_cores()
        shared = {"NUM_STREAMS": cores}
        self._shared = self._single = core.compile_model(model, "CPU", options | shared)
        if cores > 1:
            single = {"NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": min(cores, _MOST_THREADS)}
            self._single = core.compile_model(model, "CPU", options | single)
        self._requests = threading.local()

    def _request(self) -> Any:
        """Infer request of this thread: one is not to be shared between threads."""
        name = "single" if READINGS.is_single else "shared"
        request = getattr(self._requests, name, None)
        if request is None:
            compiled = self._single if name == "single" else self._shared
            request = compiled.create_infer_request()
            setattr(self._requests, name, request)
        return request

    def infer(self, batch: NDArray[np.float32]) -> Outputs:
        request = self._request()
        outputs = request.model_outputs
        found: list[list[NDArray[np.float32]]] = [[] for _ in outputs]
        for picture in batch:
            request.infer([picture[np.newaxis]])
            for values, output in zip(found, outputs, strict=True):
                values.append(np.array(request.get_tensor(output).data))
        return _by_name(
            (output.get_any_name(), np.concatenate(values))
            for output, values in zip(outputs, found, strict=True)
        )


class _OnnxRuntime:
    def __init__(self, bundle: AnyBundle) -> None:
        import onnxruntime

        with _onnx_errors_as_runtime_errors():
            self._session = onnxruntime.InferenceSession(
                str(bundle.folder / _form(bundle.card).file), providers=["CPUExecutionProvider"]
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
        if bundle.card.source != KERAS_FILE:
            raise ValueError("its source is not of Keras")
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
    RuntimeName.OPENVINO_BFLOAT16: partial(_OpenVino, precision="bfloat16"),
    RuntimeName.ONNXRUNTIME: _OnnxRuntime,
    RuntimeName.KERAS: _Keras,
}
