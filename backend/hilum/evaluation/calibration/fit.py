"""Calibration of logits, on patients not used for training."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from hilum.models.card import Calibration


def fit_calibration(
    logits: NDArray[np.float32], labels: NDArray[np.intp], *, fitted_on: str
) -> Calibration:
    """Temperature and biases of a softmax with the lowest negative log-likelihood.

    Parameters
    ----------
    logits : ndarray, shape (n, k)
    labels : ndarray of int, shape (n,)
    fitted_on : str
        Name of the split, for the card.
    """
    logits = logits.astype(np.float64)
    rows = np.arange(len(labels))

    def loss(parameters: NDArray[np.float64]) -> float:
        # The temperature by its logarithm: it cannot fall below zero. The bias is kept small
        # by a weak prior, for classes that a small split happens to tell apart perfectly.
        scaled = logits / np.exp(parameters[0]) + parameters[1:]
        top = scaled.max(axis=1)
        total = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float(np.mean(total - scaled[rows, labels]) + 1e-3 * np.square(parameters).sum())

    found = minimize(loss, np.zeros(1 + logits.shape[1]), method="BFGS").x
    bias = found[1:] - found[1:].mean()
    return Calibration(
        temperature=(float(np.exp(found[0])),) * len(bias),
        bias=tuple(map(float, bias)),
        fitted_on=fitted_on,
    )


def fit_sigmoid_calibration(
    logits: NDArray[np.float32], truth: NDArray[np.float64], *, fitted_on: str
) -> Calibration:
    """Temperature and bias of each sigmoid with the lowest negative log-likelihood.

    Platt scaling (Advances in Large Margin Classifiers, 1999).

    Parameters
    ----------
    logits : ndarray, shape (n, k)
    truth : ndarray, shape (n, k)
        1: present, 0: absent, not a number: unknown.
    fitted_on : str
        Name of the split, for the card.
    """
    found = [
        _fit_sigmoid(logits[known, column].astype(np.float64), truth[known, column])
        for column in range(logits.shape[1])
        for known in [np.flatnonzero(~np.isnan(truth[:, column]))]
    ]
    return Calibration(
        temperature=tuple(temperature for temperature, _ in found),
        bias=tuple(bias for _, bias in found),
        fitted_on=fitted_on,
    )


def _fit_sigmoid(logits: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[float, float]:
    def loss(parameters: NDArray[np.float64]) -> float:
        # As above: the temperature by its logarithm, and a weak prior on both.
        scaled = logits / np.exp(parameters[0]) + parameters[1]
        losses = np.logaddexp(0, scaled) - truth * scaled
        return float(np.mean(losses) + 1e-3 * np.square(parameters).sum())

    found = minimize(loss, np.zeros(2), method="BFGS").x
    return float(np.exp(found[0])), float(found[1])
