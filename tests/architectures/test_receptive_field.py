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
