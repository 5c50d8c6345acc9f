"""Fit a calibration again, from calibrated probabilities of a few radiographs."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logit, logsumexp

from hilum.findings import Finding
from hilum.models.card import Activation, Calibration, Card

_LOG_TEMPERATURE_SD, _SHIFT_SD = 0.5, 2.0
"""Of the normal distributions that keep the fit near the card's own where radiographs are few."""
_LEAST = 1e-9

Truths = Mapping[Finding, NDArray[np.float64]]
"""By the finding of a task, shape (n,): 1 present, 0 absent, not a number where unknown."""


def recalibrated(
    probabilities: NDArray[np.float64], truths: Truths, card: Card, *, fitted_on: str
) -> Calibration:
    """Calibration that a card needs in place of its own, for radiographs like these.

    On top of the card's own calibration, one temperature and a shift of each task's logits, the
    same for all parts of a finding (Platt scaling; Platt, Advances in Large Margin
    Classifiers, 1999). Both have the highest posterior density with normal priors around no
    change, so that few radiographs change little.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n, k)
        By the card's own calibration, in the card's order of outputs.
    truths : mapping of Finding to ndarray
        See `Truths`; of the tasks to fit.
    fitted_on : str
        Name of the radiographs, for the card.
    """
    kept = np.clip(probabilities, _LEAST, 1 - _LEAST)
    temperature, shift = (
        _softmax_change(np.log(kept), truths, card)
        if card.activation is Activation.SOFTMAX
        else _sigmoid_change(logit(kept), truths, card)
    )
    own = card.calibration
    bias = np.asarray(own.bias) / temperature + shift
    return Calibration(
        temperature=tuple((np.asarray(own.temperature) * temperature).tolist()),
        bias=tuple(bias.tolist()),
        fitted_on=fitted_on,
    )


def changed_probabilities(
    probabilities: NDArray[np.float64], card: Card, calibration: Calibration
) -> NDArray[np.float64]:
    """Probabilities with another calibration than the card's, shape (n, k)."""
    temperature = np.asarray(calibration.temperature) / np.asarray(card.calibration.temperature)
    shift = np.asarray(calibration.bias) - np.asarray(card.calibration.bias) / temperature
    kept = np.clip(probabilities, _LEAST, 1 - _LEAST)
    if card.activation is Activation.SIGMOID:
        return np.asarray(np.exp(-np.logaddexp(0, -(logit(kept) / temperature + shift))))
    changed = np.log(kept) / temperature + shift
    return np.asarray(np.exp(changed - logsumexp(changed, axis=1, keepdims=True)))


Change = tuple[NDArray[np.float64], NDArray[np.float64]]


def _softmax_change(logits: NDArray[np.float64], truths: Truths, card: Card) -> Change:
    """One temperature for all outputs, and a shift for those of each task."""
    findings = list(truths)
    members = np.zeros((len(findings), len(card.outputs)))
    for row, finding in enumerate(findings):
        members[row, card.columns(finding)] = 1

    def loss(parameters: NDArray[np.float64]) -> float:
        changed = logits / np.exp(parameters[0]) + parameters[1:] @ members
        total = logsumexp(changed, axis=1)
        found = _prior(parameters)
        for row, finding in enumerate(findings):
            inside = members[row] > 0
            present = logsumexp(changed[:, inside], axis=1) - total
            absent = logsumexp(changed[:, ~inside], axis=1) - total
            truth = truths[finding]
            found -= np.nansum(truth * present + (1 - truth) * absent)
        return float(found)

    found = minimize(loss, np.zeros(1 + len(findings)), method="BFGS").x
    return np.full(len(card.outputs), np.exp(found[0])), np.asarray(found[1:] @ members)


def _sigmoid_change(logits: NDArray[np.float64], truths: Truths, card: Card) -> Change:
    """A temperature and a shift for the output of each task."""
    temperature, shift = np.ones(len(card.outputs)), np.zeros(len(card.outputs))
    for finding, truth in truths.items():
        column = card.outputs.index(finding)

        def loss(
            parameters: NDArray[np.float64],
            truth: NDArray[np.float64] = truth,
            said: NDArray[np.float64] = logits[:, column],
        ) -> float:
            changed = said / np.exp(parameters[0]) + parameters[1]
            return float(np.nansum(np.logaddexp(0, changed) - truth * changed) + _prior(parameters))

        found = minimize(loss, np.zeros(2), method="BFGS").x
        temperature[column], shift[column] = np.exp(found[0]), found[1]
    return temperature, shift


def _prior(parameters: NDArray[np.float64]) -> float:
    scale = np.array([_LOG_TEMPERATURE_SD, *[_SHIFT_SD] * (len(parameters) - 1)])
    return float(np.square(parameters / scale).sum() / 2)
