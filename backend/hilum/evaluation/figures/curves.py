"""Points of a model's curves, thinned for plotting in a page."""

import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures.statistics import net_benefit
from hilum.models.measured import Curves

_MOST_POINTS = 101
_RELIABILITY_BINS = 10
_HISTOGRAM_BINS = 20
_ACTION_THRESHOLDS = np.linspace(0.02, 0.98, 49)
_STEP = 1e-6
"""Thresholds are written with six digits."""


def curves(is_positive: NDArray[np.bool_], probability: NDArray[np.float64]) -> Curves:
    """All curves of one split, in the form of the card.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
        With both values.
    probability : ndarray, shape (n,), in [0, 1]

    Returns
    -------
    Curves
        ROC and precision-recall of at most 101 points each, evenly along the curve.
    """
    return Curves.model_validate(
        {
            "roc": _roc(is_positive, probability),
            "precision_recall": _precision_recall(is_positive, probability),
            "reliability": _reliability(is_positive, probability),
            "histogram": _histogram(is_positive, probability),
            "decision": _decision(is_positive, probability),
        }
    )


def _thresholds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distinct thresholds, falling; rounded down, so that their pictures stay positive."""
    steps = np.unique(np.floor(probability / _STEP).astype(np.int64))[::-1]
    return np.asarray(steps * _STEP, dtype=np.float64)


def _rates(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64], at: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """True and false positives at each threshold."""
    ill, well = np.sort(probability[is_positive]), np.sort(probability[~is_positive])
    return len(ill) - np.searchsorted(ill, at), len(well) - np.searchsorted(well, at)


def _thinned(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
    """Indices of at most 101 points, evenly along the curve, both ends among them."""
    if len(x) <= _MOST_POINTS:
        return np.arange(len(x))
    length = np.append(0.0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y))))
    wanted = np.linspace(0, length[-1], _MOST_POINTS)
    chosen = np.searchsorted(length, wanted - 1e-9)
    chosen[-1] = len(x) - 1
    return np.unique(chosen)


def _roc(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64]
) -> list[dict[str, float]]:
    at = np.unique(np.concatenate([[0.0, 1.0], _thresholds(probability)]))[::-1]
    found, alarmed = _rates(is_positive, probability, at)
    sensitivity = found / is_positive.sum()
    specificity = 1 - alarmed / (~is_positive).sum()
    return [
        {
            "threshold": round(float(at[i]), 6),
            "sensitivity": round(float(sensitivity[i]), 5),
            "specificity": round(float(specificity[i]), 5),
        }
        for i in _thinned(specificity, sensitivity)
    ]


def _precision_recall(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64]
) -> list[dict[str, float]]:
    found, alarmed = _rates(is_positive, probability, _thresholds(probability))
    recall, precision = found / is_positive.sum(), found / (found + alarmed)
    return [
        {"recall": round(float(recall[i]), 5), "precision": round(float(precision[i]), 5)}
        for i in _thinned(recall, precision)
    ]


def _reliability(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64]
) -> list[dict[str, float | int]]:
    index = np.minimum((probability * _RELIABILITY_BINS).astype(int), _RELIABILITY_BINS - 1)
    inside = [index == b for b in range(_RELIABILITY_BINS)]
    return [
        {
            "predicted": round(float(probability[one].mean()), 5),
            "observed": round(float(is_positive[one].mean()), 5),
            "count": int(one.sum()),
        }
        for one in inside
        if one.any()
    ]


def _histogram(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64]
) -> dict[str, list[float] | list[int]]:
    edges = np.linspace(0, 1, _HISTOGRAM_BINS + 1)
    return {
        "edges": [round(float(edge), 2) for edge in edges],
        "positive": np.histogram(probability[is_positive], edges)[0].tolist(),
        "negative": np.histogram(probability[~is_positive], edges)[0].tolist(),
    }


def _decision(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64]
) -> list[dict[str, float]]:
    everyone = np.ones(len(probability))
    return [
        {
            "threshold": round(float(at), 2),
            "model": round(float(net_benefit(is_positive, probability, at)[0]), 5),
            "treat_all": round(float(net_benefit(is_positive, everyone, at)[0]), 5),
        }
        for at in _ACTION_THRESHOLDS
    ]
