"""Compare ways to compile a bundle's Keras network with the shipped ``model.onnx``.

Run: ``python -m benchmarks.exporters`` (needs the extra ``train``). For each shipped bundle and
each exporter: the largest difference of any output on the same random inputs, the size, and the
time of one input on one thread, the exporters in turn. CONTRIBUTING says why tf2onnx stays.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import onnxruntime
import openvino as ov

MODELS = Path(__file__).resolve().parents[1] / "ml_model"
INPUTS, TIMES = 6, 60

Run = Callable[[np.ndarray], list[np.ndarray]]


def by_openvino(path: Path) -> Run:
    """Load a network in OpenVINO, on one thread."""
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    compiled = ov.Core().compile_model(path, "CPU", options)
    return lambda batch: list(compiled([batch]).values())


def by_onnxruntime(path: Path) -> Run:
    """Load a network in ONNX Runtime, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    (name,) = (each.name for each in session.get_inputs())
    return lambda batch: session.run(None, {name: batch})


def keras_onnx(model: keras.Model, folder: Path) -> Path:
    """Export as the bundles are: with the TensorFlow backend, Keras uses tf2onnx."""
    shape = (None, *model.input_shape[1:])
    signature = [keras.InputSpec(shape=shape, dtype="float32", name="image")]
    model.export(folder / "a.onnx", format="onnx", verbose=False, input_signature=signature)
    return folder / "a.onnx"


def keras_openvino(model: keras.Model, folder: Path) -> Path:
    """Export in OpenVINO's own format by Keras."""
    model.export(str(folder / "b.xml"), format="openvino", verbose=False)
    return folder / "b.xml"


def openvino_convert(model: keras.Model, folder: Path) -> Path:
    """Convert by OpenVINO's frontend for Keras."""
    ov.save_model(ov.convert_model(model), folder / "c.xml", compress_to_fp16=False)
    return folder / "c.xml"


def difference(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    """Largest difference between outputs that are matched by shape."""
    left = {each.shape: each for each in other}
    return max(float(np.abs(each - left[each.shape]).max()) for each in one)


def size_mb(path: Path) -> float:
    """Size of a network's files."""
    parts = [path, path.with_suffix(".bin")] if path.suffix == ".xml" else [path]
    return sum(part.stat().st_size for part in parts) / 1e6


def main() -> None:
    """Print a row for each bundle and exporter."""
    for name in ("pneumonia", "anatomy"):
        model = keras.saving.load_model(MODELS / name / "model.keras", compile=False)
        batch = np.random.default_rng(0).normal(0, 1, (INPUTS, *model.input_shape[1:]))
        batch = batch.astype(np.float32)
        shipped = MODELS / name / "model.onnx"
        with TemporaryDirectory() as folder:
            paths = {"shipped model.onnx": shipped}
            for export in (keras_onnx, keras_openvino, openvino_convert):
                paths[export.__name__] = export(model, Path(folder))
            runs = {
                (who, runtime.__name__): runtime(path)
                for who, path in paths.items()
                for runtime in (by_openvino, by_onnxruntime)
                if runtime is by_openvino or path.suffix == ".onnx"
            }
            expected = by_openvino(shipped)(batch)
            best = dict.fromkeys(runs, float("inf"))
            for _ in range(TIMES):
                for key, run in runs.items():
                    start = time.perf_counter()
                    run(batch[:1])
                    best[key] = min(best[key], time.perf_counter() - start)
            for (who, runtime), run in runs.items():
                sys.stdout.write(
                    f"{name}, {who}, {runtime}: difference {difference(run(batch), expected):.1e}, "
                    f"{1000 * best[who, runtime]:.1f} ms, {size_mb(paths[who]):.2f} MB\n"
                )


if __name__ == "__main__":
    main()
