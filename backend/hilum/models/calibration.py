"""Conversion of logits to calibrated probabilities."""

import numpy as np
from numpy.typing import NDArray

from hilum.models.card import Activation, Calibration


def calibrated(
    logits: NDArray[np.float32], calibration: Calibration, activation: Activation
) -> NDArray[np.float64]:
    """Apply a card's calibration and activation.

    Parameters
    ----------
    logits : ndarray, shape (n, k)

    Returns
    -------
    ndarray of float64, shape (n, k)
        Probabilities; of a softmax each row sums to 1.
    """
    scaled = calibrated_logits(logits, calibration)
    if activation is Activation.SIGMOID:
        # Without an overflow, whatever the sign.
        return np.asarray(np.exp(-np.logaddexp(0, -scaled)))
    scaled -= scaled.max(axis=1, keepdims=True)
    odds = np.exp(scaled)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def calibrated_logits(logits: NDArray[np.float32], calibration: Calibration) -> NDArray[np.float64]:
    """Apply a card's calibration to logits, or to maps with logits as means.

    Parameters
    ----------
    logits : ndarray, shape (..., k)

    Returns
    -------
    ndarray of float64, shape (..., k)
    """
    temperature, bias = np.asarray(calibration.temperature), np.asarray(calibration.bias)
    return np.asarray(logits.astype(np.float64) / temperature + bias)
