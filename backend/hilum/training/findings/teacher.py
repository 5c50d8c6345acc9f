"""Soft targets by an ensemble of linear probes, which a network learns beside the labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from hilum.training.classifier.head_start import fit_probe
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.features import Features

_INNER_FOLDS = 5

_LEAST_EXAMPLES = 50
"""Images with, and without, a finding that predictions of it need."""


def taught_targets(
    targets: NDArray[np.float32],
    features: Features,
    patients: Sequence[str],
    config: FindingsConfig,
) -> NDArray[np.float32]:
    """Weighted means of the targets and of what the ensemble predicts of each image.

    Where labels are noisy, such targets teach a network more than the labels alone (Hinton et al.,
    arXiv 1503.02531).

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
    predicted = held_out_probabilities(targets, features, patients, config)
    mean = (1 - config.distilled) * targets + config.distilled * predicted
    return np.asarray(mean, dtype=np.float32)


def predicted_rereads(
    rereads: NDArray[np.float32],
    features: Features,
    patients: Sequence[str],
    config: FindingsConfig,
) -> NDArray[np.float32]:
    """What radiologists would say of the images that they did not read again, by the ensemble.

    Parameters
    ----------
    rereads : ndarray of float32, shape (n, k)
        See `hilum.training.findings.data.reread_targets`.
    features, patients
        See `taught_targets`.

    Returns
    -------
    ndarray of float32, shape (n, k)
        Probabilities; not a number where radiologists read the image, and of findings with too few
        examples to learn from.
    """
    counts = [(rereads == answer).sum(axis=0) for answer in (0, 1)]
    columns = np.flatnonzero(np.min(counts, axis=0) >= _LEAST_EXAMPLES)
    found = np.full_like(rereads, np.nan)
    if len(columns):
        found[:, columns] = held_out_probabilities(rereads[:, columns], features, patients, config)
    return np.where(np.isnan(rereads), found, np.float32(np.nan))


def held_out_probabilities(
    targets: NDArray[np.float32],
    features: Features,
    patients: Sequence[str],
    config: FindingsConfig,
) -> NDArray[np.float64]:
    """What an ensemble of probes that has not seen the patient predicts of each image.

    Calibrated (Platt scaling), so that predictions have the frequencies of the targets.

    Parameters
    ----------
    targets, features, patients
        See `taught_targets`.

    Returns
    -------
    ndarray of float64, shape (n, k)
    """
    logits = np.zeros(targets.shape)
    folds = GroupKFold(_INNER_FOLDS, shuffle=True, random_state=config.seed)
    for seen, held_out in folds.split(targets, groups=patients):
        for each in features:
            kernel, bias = fit_probe(each[seen], targets[seen], config.head_start / each.shape[1])
            logits[held_out] += (each[held_out] @ kernel + bias) / len(features)
    return np.stack(
        [_calibrated(*column) for column in zip(logits.T, targets.T, strict=True)], axis=1
    )


def _calibrated(logit: NDArray[np.float64], truth: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probabilities of one finding by Platt scaling, shape (n,)."""
    is_known = ~np.isnan(truth)
    known = truth[is_known]
    if known.max() == 0 or known.min() == 1:
        return np.full(len(logit), known[0], dtype=np.float64)
    both = np.tile(logit[is_known], 2)[:, np.newaxis]
    weights = np.concatenate([known, 1 - known])
    is_present = np.repeat((True, False), len(known))
    platt = LogisticRegression(C=1e3).fit(
        both[weights > 0], is_present[weights > 0], weights[weights > 0]
    )
    return np.asarray(platt.predict_proba(logit[:, np.newaxis])[:, 1])
