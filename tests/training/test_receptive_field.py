"""Where cells look: by arithmetic, and by what really moves them."""

import keras
import numpy as np
import pytest

from hilum.models.network import (
    ACTIVATION_MAP,
    LOGITS,
    build_network,
    build_squeezenet,
    with_fine_map,
)
from hilum.training.receptive_field import cells_of


def test_squeezenets_cells_by_arithmetic():
    # conv 3/2, pool 3/2, pool 3/2, pool 3/2, none padded: 1, then 1 + 2, + 4, + 8; steps of 16.
    network = build_squeezenet(input_size_px=160, classes=3)
    assert cells_of(network, "activation_map") == (15.0, 16.0)
    assert network.get_layer("activation_map").output.shape[1:3] == (9, 9)


def test_a_fine_map_has_the_coarse_ones_cells_and_those_between():
    keras.utils.set_random_seed(3)
    coarse = build_squeezenet(input_size_px=160, classes=3)
    fine = with_fine_map(coarse)
    assert cells_of(fine, ACTIVATION_MAP) == (15.0, 8.0)
    pictures = np.random.default_rng(4).normal(0, 1, (2, 160, 160, 1)).astype(np.float32)
    few, many = (network.predict(pictures, verbose=0) for network in (coarse, fine))
    assert many[ACTIVATION_MAP].shape == (2, 17, 17, 3)
    np.testing.assert_allclose(many[ACTIVATION_MAP][:, ::2, ::2], few[ACTIVATION_MAP], atol=1e-5)
    np.testing.assert_allclose(many[LOGITS], many[ACTIVATION_MAP].mean(axis=(1, 2)), atol=1e-5)


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


@pytest.mark.parametrize("build", ["squeezenet", "residual"])
def test_the_middle_of_what_moves_a_cell_is_where_it_is_said_to_look(build):
    keras.utils.set_random_seed(0)
    if build == "squeezenet":
        network = build_squeezenet(input_size_px=160, classes=2)
    else:
        network = build_network(input_size_px=160, classes=2, width=8)
    origin, step = cells_of(network, "activation_map")
    for cell in ((2, 3), (3, 2)):
        influence = _influence(network, cell)
        rows, columns = np.indices(influence.shape)
        middle = [(influence * each).sum() / influence.sum() for each in (rows, columns)]
        # Random weights draw it a little aside; half a step would show.
        assert middle == pytest.approx(origin + step * np.array(cell), abs=0.3 * step)
