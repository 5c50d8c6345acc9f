"""Soft targets by an ensemble of linear probes, which a network learns beside the labels."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from hilum.architectures.classifiers import find_classifier
from hilum.architectures.classifiers.head import ACTIVATION_MAP, level_widths
from hilum.training.classifier.films import Films, PlainBatches
from hilum.training.classifier.fit import load_starting_weights
from hilum.training.classifier.head_start import fit_probe
from hilum.training.devices import device_count
from hilum.training.findings.config import FindingsConfig

_INNER_FOLDS = 5

Features = Sequence[NDArray[np.float32]]
"""For each member of the ensemble, features of all images, shape (n, channels)."""


def frozen_features(films: Films, config: FindingsConfig, weights: Path) -> Features:
    """Features of the starting weights, at several sizes of the input and several depths.

    Parameters
    ----------
    weights : Path
        The file that `TrainingConfig.starting_weights` names.

    Raises
    ------
    DatasetError
        See `load_starting_weights`.
    """
    architecture = find_classifier(config.architecture)
    found: list[NDArray[np.float32]] = []
    for side in config.teacher_sides:
        how = config.preprocessing.model_copy(update={"input_size_px": side})
        network = architecture.build(input_size_px=side, classes=1)
        load_starting_weights(network, config.architecture, weights)
        pooled = layers.GlobalAveragePooling2D()(network.get_layer(ACTIVATION_MAP).input)
        inputs = PlainBatches(films, how, batch_size=config.batch_size, multiple=device_count())
        features = keras.Model(network.input, pooled).predict(inputs, verbose=0)
        widths = np.cumsum(level_widths(network))[:-1]
        found += np.split(features[: len(films.boxes)], widths, axis=1)
    return found


def taught_targets(
    targets: NDArray[np.float32],
    features: Features,
    patients: Sequence[str],
    config: FindingsConfig,
) -> NDArray[np.float32]:
    """Weighted means of the targets and of what the ensemble predicts of each image.

    The ensemble that predicts an image has not seen its patient. Its predictions are calibrated
    (Platt scaling), so that they have the frequencies of the targets. Where labels are noisy, such
    targets teach a network more than the labels alone (Hinton et al., arXiv 1503.02531).

    Parameters
    ----------
    targets : ndarray of float32, shape (n, k)
        Of the images to train on; not a number where unknown, which stays so.
    features : sequence of ndarray, each of shape (n, channels)
        Of these images.
    patients : sequence of str, length n

    Returns
    -------
    ndarray of float32, shape (n, k)
    """
    logits = np.zeros(targets.shape)
    folds = GroupKFold(_INNER_FOLDS, shuffle=True, random_state=config.seed)
    for seen, held_out in folds.split(targets, groups=patients):
        for each in features:
            kernel, bias = fit_probe(each[seen], targets[seen], config.head_start / each.shape[1])
            logits[held_out] += (each[held_out] @ kernel + bias) / len(features)
    predicted = np.stack(
        [_calibrated(*column) for column in zip(logits.T, targets.T, strict=True)], axis=1
    )
    mean = (1 - config.distilled) * targets + config.distilled * predicted
    return np.asarray(mean, dtype=np.float32)


def _calibrated(logit: NDArray[np.float64], truth: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probabilities of one finding by Platt scaling, shape (n,)."""
    is_known = ~np.isnan(truth)
    known = truth[is_known]
    both = np.tile(logit[is_known], 2)[:, np.newaxis]
    weights = np.concatenate([known, 1 - known])
    is_present = np.repeat((True, False), len(known))
    platt = LogisticRegression(C=1e3).fit(
        both[weights > 0], is_present[weights > 0], weights[weights > 0]
    )
    return np.asarray(platt.predict_proba(logit[:, np.newaxis])[:, 1])
