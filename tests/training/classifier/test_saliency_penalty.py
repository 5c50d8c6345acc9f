"""The penalty on evidence outside lungs and heart, worked out by hand."""

import keras
import numpy as np
import pytest

from hilum.training.classifier.saliency_penalty import SaliencyPenalty

LOSS = SaliencyPenalty(origin_px=1.5, step_px=4.0)
"""Two by two cells on an input of eight pixels: each looks at its own quarter."""


def chest(*cells):
    """1 in the quarters (row, column) that are named."""
    seen = np.zeros((1, 8, 8, 1), dtype=np.float32)
    for row, column in cells:
        seen[0, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4] = 1
    return seen


def map_of(cell, values):
    """Zero everywhere but in one cell."""
    maps = np.zeros((1, 2, 2, 3), dtype=np.float32)
    maps[0, *cell] = values
    return maps


def test_evidence_in_the_chest_costs_nothing_and_outside_its_size():
    maps = map_of((0, 0), [3.0, 0.0, 0.0])

    inside, outside = (
        float(LOSS(where, maps)) for where in (chest((0, 0), (0, 1), (1, 0), (1, 1)), chest((1, 1)))
    )

    # Against the mean of the classes, 1: |2|, |-1| and |-1|, 4 / 3 on average, in one of 4 cells.
    assert inside == pytest.approx(0, abs=1e-6)
    assert outside == pytest.approx(4 / 3 / 4)


def test_what_all_classes_share_is_no_evidence():
    assert float(LOSS(chest(), map_of((1, 0), [5.0, 5.0, 5.0]))) == pytest.approx(0, abs=1e-6)


def test_the_whole_penalty_where_nothing_of_the_chest_is_seen():
    maps = np.tile(np.array([3.0, 0.0, 0.0], dtype=np.float32), (1, 2, 2, 1))

    assert float(LOSS(chest(), maps)) == pytest.approx(4 / 3)


def test_it_is_saved_with_the_network_that_it_trained(tmp_path):
    image = keras.Input((8, 8, 1))
    model = keras.Model(image, keras.layers.Conv2D(3, 4, strides=4)(image))
    model.compile("sgd", LOSS)
    model.save(tmp_path / "model.keras")

    found = keras.saving.load_model(tmp_path / "model.keras").loss

    assert found.cells == LOSS.cells
