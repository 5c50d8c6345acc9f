"""Where cells look: by arithmetic, and by what really moves them."""

import keras
import numpy as np
import pytest

from hilum.architectures.classifiers.mobilenet_v2.network import build_mobilenet
from hilum.architectures.classifiers.residual.network import build_residual
from hilum.architectures.receptive_field import cells_of


def test_mobilenets_cells_by_arithmetic():
    # On a side of 16 n + 1 every padding is even: cells from the first pixel to the last, less
    # the outermost.
    network = build_mobilenet(input_size_px=161, classes=3)
    assert cells_of(network, "activation_map") == (16.0, 16.0)
    assert network.get_layer("activation_map").output.shape[1:3] == (9, 9)


def test_where_paddings_are_uneven_cells_lie_further_on():
    # Paddings come at the end where a side is even: 1 + 2 + 4 + 8, and 16 for what is cut off.
    network = build_mobilenet(input_size_px=160, classes=3)
    assert cells_of(network, "activation_map") == (31.0, 16.0)
    assert network.get_layer("activation_map").output.shape[1:3] == (8, 8)


def _influence(network: keras.Model, cell: tuple[int, int]) -> np.ndarray:
    """How strongly each input pixel moves one cell, over random pictures."""
    import tensorflow as tf

    maps = keras.Model(network.input, network.get_layer("activation_map").output)
    side = network.input.shape[1]
    pictures = tf.constant(np.random.default_rng(0).normal(0, 1, (2, side, side, 1)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        wanted = tf.reduce_sum(maps(pictures)[:, cell[0], cell[1], 0])
    return np.abs(tape.gradient(wanted, pictures).numpy()).sum(axis=(0, 3))


@pytest.mark.parametrize("build", ["mobilenet_v2", "residual"])
def test_the_middle_of_what_moves_a_cell_is_where_it_is_said_to_look(build):
    keras.utils.set_random_seed(0)
    if build == "mobilenet_v2":
        network = build_mobilenet(input_size_px=160, classes=2)
    else:
        network = build_residual(input_size_px=160, classes=2, width=8)
    origin, step = cells_of(network, "activation_map")
    for cell in ((2, 3), (3, 2)):
        influence = _influence(network, cell)
        rows, columns = np.indices(influence.shape)
        middle = [(influence * each).sum() / influence.sum() for each in (rows, columns)]
        # Random weights draw it a little aside; half a step would show.
        assert middle == pytest.approx(origin + step * np.array(cell), abs=0.3 * step)


def _network(*between: keras.layers.Layer) -> keras.Model:
    image = keras.Input((32, 32, 1))
    x = image
    for layer in between:
        x = layer(x)
    return keras.Model(image, keras.layers.Conv2D(1, 1, name="activation_map")(x))


def test_padding_moves_the_first_cell_out_and_cropping_moves_it_in():
    # Cells of a 2 x 2 pooling lie 0.5 px in, a step of 2 px apart.
    pooling = keras.layers.MaxPooling2D(2)
    assert cells_of(_network(pooling), "activation_map") == (0.5, 2.0)
    padded = _network(keras.layers.MaxPooling2D(2), keras.layers.ZeroPadding2D(3))
    assert cells_of(padded, "activation_map") == (0.5 - 3 * 2, 2.0)
    cropped = _network(keras.layers.MaxPooling2D(2), keras.layers.Cropping2D(1))
    assert cells_of(cropped, "activation_map") == (0.5 + 2, 2.0)


@pytest.mark.parametrize(
    "unknown",
    [keras.layers.UpSampling2D(2), keras.layers.Permute((2, 1, 3))],
    ids=["upsampling", "permutation"],
)
def test_a_layer_whose_effect_is_not_known_is_named(unknown):
    with pytest.raises(TypeError, match=f"type {type(unknown).__name__}"):
        cells_of(_network(unknown), "activation_map")


def test_branches_of_different_steps_are_an_error():
    image = keras.Input((32, 32, 1))
    strided = keras.layers.Conv2D(1, 1, strides=2)(image)
    cropped = keras.layers.Cropping2D(8)(image)
    met = keras.layers.Add(name="met")([strided, cropped])

    with pytest.raises(ValueError, match=r"1.0, 2.0\] pixels meet in layer met"):
        cells_of(keras.Model(image, met), "met")
