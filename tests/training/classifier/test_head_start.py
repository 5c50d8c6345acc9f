"""The head of a network as a linear probe."""

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from hilum.architectures.classifiers.head import LOGITS, with_head
from hilum.training.classifier.head_start import start_head

NAN = np.float32(np.nan)


def test_the_head_gives_what_the_regression_gives():
    rng = np.random.default_rng(5)
    inputs = rng.normal(size=(60, 8, 8, 1)).astype(np.float32)
    targets = (rng.random((60, 2)) < 0.4).astype(np.float32)
    targets[:10, 1], targets[10:12, 1] = NAN, 0.5
    image = keras.Input((8, 8, 1), name="image")
    features = keras.layers.Conv2D(4, 3, activation="relu")(image)
    model = with_head(image, features, 2, 0.2, name="probe")

    start_head(model, inputs, targets, strength=0.1)

    pooled = keras.Model(image, keras.layers.GlobalAveragePooling2D()(features))(inputs)
    scaled = StandardScaler().fit_transform(np.asarray(pooled))
    logits = np.asarray(model(inputs)[LOGITS])
    for column, rows in ((0, slice(0, 60)), (1, slice(12, 60))):
        probe = LogisticRegression(C=0.1, class_weight="balanced", max_iter=1000)
        probe.fit(scaled[rows], targets[rows, column])
        expected = probe.decision_function(scaled)
        np.testing.assert_allclose(logits[:, column], expected, rtol=1e-3, atol=1e-4)
