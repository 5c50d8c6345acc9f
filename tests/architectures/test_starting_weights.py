"""Published weights, in files of their kind that are made here."""

from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from hilum.architectures.classifiers.densenet_121.network import build_densenet
from hilum.architectures.classifiers.densenet_121.starting_weights import start_densenet
from hilum.architectures.classifiers.head import ACTIVATION_MAP
from hilum.architectures.classifiers.mobilenet_v2.network import build_mobilenet
from hilum.architectures.classifiers.mobilenet_v2.starting_weights import start_mobilenet
from hilum.architectures.classifiers.squeezenet.network import build_squeezenet
from hilum.architectures.classifiers.squeezenet.starting_weights import start_squeezenet
from hilum.errors import DatasetError

SIDE = 64


def convert(model, folder) -> Path:
    """As TensorFlow Lite has it, weights as integers of 8 bits."""
    model.export(folder / "saved", verbose=False)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved"))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    (folder / "w.tflite").write_bytes(converter.convert())
    return folder / "w.tflite"


def features_of(model):
    return keras.Model(model.input, model.get_layer(ACTIVATION_MAP).input)


@pytest.fixture(scope="module")
def colour():
    """A network of colour pictures with random numbers, biases too."""
    model = build_mobilenet(input_size_px=SIDE, classes=5, channels=3)
    rng = np.random.default_rng(7)
    for layer in model.layers:
        # Scaled by what a kernel sums over, or the picture would be lost on the way.
        is_depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        summed = slice(0, 2 if is_depthwise else 3)
        scales = [(2 / np.prod(w.shape[summed])) ** 0.5 if w.ndim > 1 else 0.1
                  for w in layer.weights]  # fmt: skip
        layer.set_weights(
            [rng.normal(0, s, w.shape) for s, w in zip(scales, layer.weights, strict=True)]
        )
    return model


@pytest.fixture(scope="module")
def published(colour, tmp_path_factory) -> Path:
    maps = keras.Model(colour.input, colour.get_layer(ACTIVATION_MAP).output)
    return convert(maps, tmp_path_factory.mktemp("published"))


def test_a_grey_film_gives_what_the_published_network_makes_of_it(colour, published):
    model = build_mobilenet(input_size_px=SIDE, classes=3)
    head = model.get_layer(ACTIVATION_MAP).get_weights()
    before = features_of(model)
    standardised = np.random.default_rng(1).normal(size=(2, SIDE, SIDE, 1)).astype(np.float32)
    at_random = before(standardised).numpy()

    start_mobilenet(model, published)

    # Grey levels deviate by about 60 of 127.5 in the published network, by 1 in ours.
    photograph = np.repeat(standardised * (60 / 127.5), 3, axis=-1)
    expected = features_of(colour)(photograph).numpy()
    found = features_of(model)(standardised).numpy()
    # Weights of 8 bits leave less than this; another scale of the picture, or another layer, more.
    assert np.linalg.norm(found - expected) < 0.1 * np.linalg.norm(expected)
    assert np.corrcoef(at_random.ravel(), expected.ravel())[0, 1] < 0.9
    for was, now in zip(head, model.get_layer(ACTIVATION_MAP).get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)


def test_each_kernel_is_the_published_one_to_a_step_of_its_integers(colour, published):
    model = build_mobilenet(input_size_px=SIDE, classes=3, channels=3)

    start_mobilenet(model, published)

    layers = [layer for layer in model.layers if layer.weights and layer.name != ACTIVATION_MAP]
    theirs = [layer for layer in colour.layers if layer.weights and layer.name != ACTIVATION_MAP]
    assert len(layers) == 1 + 2 + 12 * 3
    for ours, published_layer in zip(layers, theirs, strict=True):
        (kernel, bias), (true_kernel, true_bias) = ours.get_weights(), published_layer.get_weights()
        assert np.abs(kernel - true_kernel).max() <= np.abs(true_kernel).max() / 250
        np.testing.assert_allclose(bias, true_bias, atol=1e-6)


def test_a_layer_of_another_shape_is_named(tmp_path):
    image = keras.Input((SIDE, SIDE, 3))
    stem = keras.layers.Conv2D(32, 3, strides=2, padding="same", activation="relu6")(image)
    wide = keras.layers.Conv2D(40, 1, activation="relu")(stem)
    path = convert(keras.Model(image, wide), tmp_path)

    with pytest.raises(DatasetError, match=r"w\.tflite .* convolution 2 of \d+"):
        start_mobilenet(build_mobilenet(input_size_px=SIDE, classes=3), path)


def test_a_file_of_something_else_is_told(colour, tmp_path):
    (tmp_path / "w.tflite").write_bytes(b"no weights")

    with pytest.raises(DatasetError, match=r"w\.tflite is no network"):
        start_mobilenet(colour, tmp_path / "w.tflite")


@pytest.fixture(scope="module")
def coloured_densenet():
    """DenseNet-121 of colour pictures with random numbers, statistics of its norms too."""
    model = keras.applications.DenseNet121(
        include_top=False, weights=None, input_shape=(SIDE, SIDE, 3)
    )
    rng = np.random.default_rng(7)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, w.shape) for w in layer.weights])
    return model


def save_as_published(model, path) -> None:
    """Write the layout of Keras 1 and 2, in which `keras.applications` publishes weights."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"weights_{at}".encode() for at in range(len(layer.weights))]
            group.attrs["weight_names"] = names
            for name, weights in zip(names, layer.get_weights(), strict=True):
                group[name.decode()] = weights


def test_a_grey_film_gives_what_the_published_densenet_makes_of_it(coloured_densenet, tmp_path):
    path = tmp_path / "densenet_notop.h5"
    save_as_published(coloured_densenet, path)
    model = build_densenet(input_size_px=SIDE, classes=3)
    before = features_of(model)
    standardised = np.random.default_rng(1).normal(size=(2, SIDE, SIDE, 1)).astype(np.float32)
    expected = coloured_densenet(np.repeat(standardised, 3, axis=-1)).numpy()
    at_random = before(standardised).numpy()

    start_densenet(model, path)

    found = before(standardised).numpy()
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * scale)
    assert np.abs(at_random - expected).max() > 0.1 * scale


def test_a_grey_film_gives_what_the_published_squeezenet_makes_of_it(tmp_path):
    colour = build_squeezenet(input_size_px=SIDE, classes=2, channels=3)
    published = keras.Model(colour.input, colour.get_layer(ACTIVATION_MAP).input)
    save_as_published(published, tmp_path / "squeezenet_notop.h5")
    model = build_squeezenet(input_size_px=SIDE, classes=3)
    standardised = np.random.default_rng(1).normal(size=(2, SIDE, SIDE, 1)).astype(np.float32)
    # Grey levels of photographs deviate by about 60 of 255.
    expected = published(np.repeat(60 * standardised, 3, axis=-1)).numpy()
    at_random = features_of(model)(standardised).numpy()

    start_squeezenet(model, tmp_path / "squeezenet_notop.h5")

    found = features_of(model)(standardised).numpy()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * expected.max())
    assert np.abs(at_random - expected).max() > 0.1 * expected.max()


@pytest.mark.parametrize("file", ["mobilenet.tflite", "small.h5"])
def test_a_file_of_another_network_is_told(file, tmp_path):
    if file == "small.h5":
        small = keras.Sequential([keras.Input((SIDE, SIDE, 3)), keras.layers.Conv2D(4, 3)])
        save_as_published(small, tmp_path / file)
    else:
        (tmp_path / file).write_bytes(b"TFL3")
    model = build_squeezenet(input_size_px=SIDE, classes=3)

    with pytest.raises(DatasetError, match=rf"{file} has no weights of SqueezeNet"):
        start_squeezenet(model, tmp_path / file)
