"""Calibration of logits, on patients not used for training."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.models.card import Calibration
from hilum.models.task import Conformal, Presence


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


def fit_conformal(
    probability: NDArray[np.float64],
    is_positive: NDArray[np.bool_],
    *,
    finding: Finding,
    coverage: float,
    fitted_on: str,
) -> Conformal:
    """Quantiles of class-conditional split conformal prediction (Vovk, ACML 2012).

    Parameters
    ----------
    probability : ndarray, shape (n,), in [0, 1]
        Of the finding.
    is_positive : ndarray of bool, shape (n,)
    coverage : float
        In (0, 1).
    fitted_on : str
        Name of the split, for the card.

    Raises
    ------
    DatasetError
        A class has too few pictures for the coverage.
    """
    quantiles = {}
    for label, scores in (
        (Presence.ABSENT, probability[~is_positive]),
        (Presence.PRESENT, 1 - probability[is_positive]),
    ):
        # The finite-sample correction: the ceil((n + 1) coverage)-th smallest score; or the
        # middle between it and the next, so that it does not hang on one picture's last digits.
        rank = int(np.ceil((len(scores) + 1) * coverage))
        if rank > len(scores):
            raise DatasetError(
                f"{len(scores)} pictures with {finding.label.lower()} {label.value} are too few to "
                f"aim at {coverage:.0%} coverage."
            )
        quantiles[label] = float(np.sort(scores)[rank - 1 : rank + 1].mean())
    return Conformal(coverage=coverage, quantiles=quantiles, fitted_on=fitted_on)
