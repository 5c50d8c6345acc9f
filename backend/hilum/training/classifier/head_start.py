"""Start of a classifier's head: logistic regression on the features of the starting weights."""

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from hilum.architectures.classifiers.head import ACTIVATION_MAP


def start_head(
    model: keras.Model,
    inputs: NDArray[np.float32] | keras.utils.PyDataset,
    targets: NDArray[np.float32],
    *,
    strength: float,
) -> None:
    """Put a linear probe into the head of a network.

    Fine-tuning from a probe distorts the features less than from a random head (Kumar et al.,
    ICLR 2022), which counts where images are few.

    Parameters
    ----------
    model : keras.Model
        With the head of `hilum.architectures.classifiers.head`.
    inputs : ndarray of float32, shape (n, side, side, channels), or PyDataset
    targets : ndarray of float32, shape (n, k)
        See `hilum.training.classifier.objective.Objective`; only 0 and 1 are learned from.
    strength : float
        Inverse of the L2 penalty on standardised features; positives and negatives weigh the same.
    """
    head = model.get_layer(ACTIVATION_MAP)
    pooled = layers.GlobalAveragePooling2D()(head.input)
    features = keras.Model(model.input, pooled).predict(inputs, verbose=0)[: len(targets)]
    scaler = StandardScaler().fit(features)
    scaled = scaler.transform(features)
    kernel = np.zeros((features.shape[1], targets.shape[1]))
    bias = np.zeros(targets.shape[1])
    for column, truth in enumerate(targets.T):
        is_known = np.isin(truth, (0, 1))
        probe = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)
        probe.fit(scaled[is_known], truth[is_known])
        kernel[:, column] = probe.coef_[0] / scaler.scale_
        bias[column] = probe.intercept_[0] - kernel[:, column] @ scaler.mean_
    head.set_weights([kernel[np.newaxis, np.newaxis].astype(np.float32), bias.astype(np.float32)])
