"""Published weights, in files of their layout that are made here."""

import h5py
import numpy as np
import pytest

from hilum.errors import DatasetError
from hilum.models.network import build_squeezenet
from hilum.training.starting_weights import start_squeezenet


def published(path, model, *, without=None, changed=None):
    """A file as keras-squeezenet publishes them, of random numbers; what it holds, by layer."""
    rng = np.random.default_rng(7)
    held = {}
    with h5py.File(path, "w") as file:
        for layer in model.layers:
            if not layer.weights or layer.name in (without, "activation_map"):
                continue
            kernel, bias = (rng.normal(size=weights.shape) for weights in layer.weights)
            if layer.name == "conv1":
                kernel = rng.normal(size=(3, 3, 3, 64))
            if layer.name == changed:
                kernel = kernel[..., :-1]
            held[layer.name] = kernel, bias
            group = layer.name.replace("_", "/")
            file[f"{group}/{layer.name}_W:0"], file[f"{group}/{layer.name}_b:0"] = kernel, bias
    return held


@pytest.fixture
def model():
    return build_squeezenet(input_size_px=64, classes=3)


def test_every_layer_but_the_head_starts_from_the_file(model, tmp_path):
    head = model.get_layer("activation_map").get_weights()
    held = published(tmp_path / "w.h5", model)

    start_squeezenet(model, tmp_path / "w.h5")

    assert len(held) == 1 + 8 * 3
    for name, (kernel, bias) in held.items():
        found = model.get_layer(name).get_weights()
        # Grey levels deviate by about 60 in the published network, by 1 in ours.
        expected = 60 * kernel.sum(axis=2, keepdims=True) if name == "conv1" else kernel
        np.testing.assert_allclose(found[0], expected, rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(found[1], bias, rtol=1e-5, atol=1e-6)
    for before, after in zip(head, model.get_layer("activation_map").get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("how", [{"without": "fire5_expand3x3"}, {"changed": "fire5_expand3x3"}])
def test_a_layer_that_is_missing_or_of_another_shape_is_named(model, tmp_path, how):
    published(tmp_path / "w.h5", model, **how)

    with pytest.raises(DatasetError, match=r"w\.h5 .*fire5_expand3x3"):
        start_squeezenet(model, tmp_path / "w.h5")


def test_a_file_of_something_else_is_told(model, tmp_path):
    (tmp_path / "w.h5").write_bytes(b"no weights")

    with pytest.raises(DatasetError, match="no readable HDF5"):
        start_squeezenet(model, tmp_path / "w.h5")
