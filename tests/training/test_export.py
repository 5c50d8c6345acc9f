"""Weights of the compiled form in half precision."""

import shutil

import numpy as np
import onnx
import openvino

from hilum.models.bundle import COMPILED_FILE
from hilum.training.export import halve_weights


def _answer(path, pixels):
    compiled = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return [np.asarray(each) for each in compiled(pixels).values()]


def test_large_weights_are_halved_and_the_answers_stay(models_dir, tmp_path):
    whole, half = models_dir / "pneumonia" / COMPILED_FILE, tmp_path / COMPILED_FILE
    shutil.copyfile(whole, half)

    halve_weights(half)

    kinds = {
        (each.data_type, np.prod(each.dims) >= 1024)
        for each in onnx.load(half).graph.initializer
        if each.data_type in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)
    }
    assert kinds == {(onnx.TensorProto.FLOAT, False), (onnx.TensorProto.FLOAT16, True)}
    assert half.stat().st_size < 0.75 * whole.stat().st_size
    pixels = np.random.default_rng(0).normal(size=(2, 64, 64, 1)).astype(np.float32)
    for before, after in zip(_answer(whole, pixels), _answer(half, pixels), strict=True):
        # Half precision has 11 bits: each weight is right to 1 in 2048.
        assert 0 < np.abs(after - before).max() < 0.01 * np.abs(before).max()
