"""From the network's logits to probabilities that mean what they say."""

import numpy as np
from numpy.typing import NDArray

from hilum.models.card import Calibration


def calibrated(logits: NDArray[np.float32], calibration: Calibration) -> NDArray[np.float64]:
    """Apply a card's calibration.

    Parameters
    ----------
    logits : ndarray, shape (n, k)
    calibration : Calibration

    Returns
    -------
    ndarray of float64, shape (n, k)
        Probabilities; each row sums to 1.
    """
    scaled = logits.astype(np.float64) / calibration.temperature + np.asarray(calibration.bias)
    scaled -= scaled.max(axis=1, keepdims=True)
    odds = np.exp(scaled)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
