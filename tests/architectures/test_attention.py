"""Transformer blocks in a convolutional network."""

import keras
import numpy as np

from hilum.architectures.classifiers import find_classifier
from hilum.architectures.classifiers.head import LOGITS
from hilum.architectures.layers import transformer_block

SIDE, CHANNELS = 5, 8


def block():
    cells = keras.Input((SIDE, SIDE, CHANNELS))
    return keras.Model(cells, transformer_block(cells, heads=2))


def test_with_attention_the_network_starts_as_the_one_without():
    built = {
        name: find_classifier(name).build(input_size_px=97, classes=3)
        for name in ("mobilenet_v2_levels", "mobilenet_v2_attention")
    }
    without, with_attention = built.values()
    kinds = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
    convolutions = [
        [layer for layer in each.layers if isinstance(layer, kinds)]
        for each in (without, with_attention)
    ]
    for source, target in zip(*convolutions, strict=True):
        target.set_weights(source.get_weights())
    films = np.random.default_rng(1).normal(size=(2, 97, 97, 1)).astype(np.float32)

    expected, found = (each.predict(films, verbose=0)[LOGITS] for each in built.values())

    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    assert with_attention.count_params() > without.count_params()


def test_a_block_starts_as_the_identity_and_then_each_cell_reads_all_others():
    keras.utils.set_random_seed(1)
    network = block()
    rng = np.random.default_rng(2)
    cells = rng.normal(size=(1, SIDE, SIDE, CHANNELS)).astype(np.float32)
    np.testing.assert_array_equal(network.predict(cells, verbose=0), cells)

    for layer in network.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.set_weights([rng.normal(size=weights.shape) for weights in layer.get_weights()])
    changed = cells.copy()
    changed[0, 0, 0] += 1.5 * rng.normal(size=CHANNELS)
    moved = np.abs(network.predict(changed, verbose=0) - network.predict(cells, verbose=0))

    assert (moved.max(axis=-1)[0] > 1e-4).all()
