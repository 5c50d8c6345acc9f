"""The head of a network as a linear probe."""

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from hilum.architectures.classifiers.head import LEVELS, LOGITS, level_widths, with_head
from hilum.training.classifier.head_start import start_head

NAN = np.float32(np.nan)
_CLOSE = 5e-3
"""Logits of two regressions that stop at the same tolerance, by other ways."""


@pytest.fixture(autouse=True)
def _seeded():
    keras.utils.set_random_seed(3)


def _scaled(image, features, inputs):
    pooled = keras.Model(image, keras.layers.GlobalAveragePooling2D()(features))(inputs)
    return StandardScaler().fit_transform(np.asarray(pooled))


def test_the_head_gives_what_the_regression_gives():
    rng = np.random.default_rng(5)
    inputs = rng.normal(size=(60, 8, 8, 1)).astype(np.float32)
    targets = (rng.random((60, 2)) < 0.4).astype(np.float32)
    targets[:10, 1] = NAN
    image = keras.Input((8, 8, 1), name="image")
    features = keras.layers.Conv2D(4, 3, activation="relu")(image)
    model = with_head(image, features, 2, 0.2, name="probe")

    start_head(model, inputs, targets, strength=0.4)

    scaled = _scaled(image, features, inputs)
    logits = np.asarray(model(inputs)[LOGITS])
    for column, rows in ((0, slice(0, 60)), (1, slice(10, 60))):
        # 0.4 by four features.
        probe = LogisticRegression(C=0.1, class_weight="balanced", max_iter=1000)
        probe.fit(scaled[rows], targets[rows, column])
        expected = probe.decision_function(scaled)
        np.testing.assert_allclose(logits[:, column], expected, rtol=0, atol=_CLOSE)


def test_a_target_between_counts_on_both_sides():
    rng = np.random.default_rng(6)
    inputs = rng.normal(size=(40, 8, 8, 1)).astype(np.float32)
    hard = (rng.random((40, 1)) < 0.5).astype(np.float32)
    soft = hard.copy()
    soft[:8] = 0.25
    image = keras.Input((8, 8, 1), name="image")
    features = keras.layers.Conv2D(4, 3, activation="relu")(image)
    model = with_head(image, features, 1, 0.2, name="probe")

    start_head(model, inputs, soft, strength=4)

    # The same as a quarter of them present, if each image were there four times.
    scaled = _scaled(image, features, inputs)
    copies = np.repeat(scaled, 4, axis=0)
    truth = np.repeat(hard[:, 0], 4)
    truth[:32] = np.tile([1, 0, 0, 0], 8)
    probe = LogisticRegression(C=0.25, class_weight="balanced", max_iter=1000).fit(copies, truth)
    expected = probe.decision_function(scaled)
    logits = np.asarray(model(inputs)[LOGITS])[:, 0]
    np.testing.assert_allclose(logits, expected, rtol=0, atol=_CLOSE)


def test_the_head_of_several_depths_is_the_mean_of_their_probes():
    rng = np.random.default_rng(7)
    inputs = rng.normal(size=(60, 8, 8, 1)).astype(np.float32)
    targets = (rng.random((60, 1)) < 0.4).astype(np.float32)
    image = keras.Input((8, 8, 1), name="image")
    first = keras.layers.Conv2D(4, 3, activation="relu")(image)
    second = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(first)
    joined = keras.layers.Concatenate(name=LEVELS)([first, second])
    model = with_head(image, joined, 1, 0.2, name="probe")
    assert level_widths(model) == [4, 8]

    start_head(model, inputs, targets, strength=0.8)

    logits = np.asarray(model(inputs)[LOGITS])[:, 0]
    expected = []
    for features, inverse_penalty in ((first, 0.2), (second, 0.1)):
        scaled = _scaled(image, features, inputs)
        probe = LogisticRegression(C=inverse_penalty, class_weight="balanced", max_iter=1000)
        expected.append(probe.fit(scaled, targets[:, 0]).decision_function(scaled))
    np.testing.assert_allclose(logits, np.mean(expected, axis=0), rtol=0, atol=_CLOSE)
