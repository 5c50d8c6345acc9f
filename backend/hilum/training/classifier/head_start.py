"""Start of a classifier's head: logistic regression on the features of the starting weights."""

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from hilum.architectures.classifiers.head import ACTIVATION_MAP, level_widths


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
        See `hilum.training.classifier.objective.Objective`. What is between 0 and 1 counts on both
        sides.
    strength : float
        Inverse of the L2 penalty on standardised features, times their number; positives and
        negatives weigh the same. Features of several depths have a probe each, and the head is
        their mean.
    """
    head = model.get_layer(ACTIVATION_MAP)
    pooled = layers.GlobalAveragePooling2D()(head.input)
    features = keras.Model(model.input, pooled).predict(inputs, verbose=0)[: len(targets)]
    parts = np.split(features, np.cumsum(level_widths(model))[:-1], axis=1)
    probes = [fit_probe(part, targets, strength / part.shape[1]) for part in parts]
    kernel = np.concatenate([kernel for kernel, _ in probes]) / len(probes)
    bias = np.mean([bias for _, bias in probes], axis=0)
    head.set_weights([kernel[np.newaxis, np.newaxis].astype(np.float32), bias.astype(np.float32)])


def fit_probe(
    features: NDArray[np.float32], targets: NDArray[np.float32], inverse_penalty: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit a logistic regression of each target on standardised features.

    Parameters
    ----------
    features : ndarray of float32, shape (n, channels)
    targets : ndarray of float32, shape (n, k)
        See `start_head`. A target that is the same in all images has a probe of zeros.

    Returns
    -------
    kernel : ndarray of float64, shape (channels, k)
        For features as they are.
    bias : ndarray of float64, shape (k,)
    """
    scaler = StandardScaler().fit(features)
    scaled = scaler.transform(features)
    kernel = np.zeros((features.shape[1], targets.shape[1]))
    bias = np.zeros(targets.shape[1])
    for column, truth in enumerate(targets.T):
        known = truth[~np.isnan(truth)]
        if not len(known) or known.max() == 0 or known.min() == 1:
            continue
        both = np.tile(scaled[~np.isnan(truth)], (2, 1))
        weights = np.concatenate([known / known.mean(), (1 - known) / (1 - known).mean()]) / 2
        is_present = np.repeat((True, False), len(known))
        probe = LogisticRegression(C=inverse_penalty, max_iter=1000)
        probe.fit(both[weights > 0], is_present[weights > 0], weights[weights > 0])
        kernel[:, column] = probe.coef_[0] / scaler.scale_
        bias[column] = probe.intercept_[0] - kernel[:, column] @ scaler.mean_
    return kernel, bias
