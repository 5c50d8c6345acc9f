"""Figures of a classifier, each computed for many resamples at once.

Every function takes weights of shape (r, n), how often each of n pictures is in each of r
resamples, and returns an array of shape (r,), nan where the figure is undefined; without
weights each picture counts once, and the shape is (1,). One definition thus serves the figure
and its interval (`hilum.evaluation.figures.resampling`). scikit-learn has the same figures, one
resample a call: the tests hold these to it.
"""

import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures.resampling import Weights

Flags = NDArray[np.bool_]
Scores = NDArray[np.float64]


def share(among: Flags, of: Flags, weights: Weights | None = None) -> Scores:
    """Share of the pictures `among` that are also `of`.

    With truth and call as flags: sensitivity is the share of called among true, specificity of
    not called among not true, the positive predictive value of true among called (Altman and
    Bland, BMJ 308, 1994).

    Parameters
    ----------
    among, of : ndarray of bool, shape (n,)
    weights : ndarray, shape (r, n), optional

    Returns
    -------
    ndarray, shape (r,), in [0, 1]
    """
    w = _weights(weights, len(among))
    return _ratio(w @ (among & of), w @ among)


def accuracy(is_positive: Flags, called: Flags, weights: Weights | None = None) -> Scores:
    """Share of correct decisions, in [0, 1]."""
    return share(np.ones_like(is_positive), is_positive == called, weights)


def f1(is_positive: Flags, called: Flags, weights: Weights | None = None) -> Scores:
    """Harmonic mean of sensitivity and positive predictive value, in [0, 1].

    The coefficient of Dice (Ecology 26, 1945) of labelled and decided positives.
    """
    w = _weights(weights, len(called))
    return _ratio(2 * (w @ (is_positive & called)), w @ is_positive + w @ called)


def predictive_values(
    sensitivity: Scores, specificity: Scores, prevalence: float
) -> tuple[Scores, Scores]:
    """Positive and negative predictive value at a stated prevalence, by Bayes' theorem.

    Parameters
    ----------
    sensitivity, specificity : ndarray, shape (r,), in [0, 1]
    prevalence : float
        Share of positives where the model is used, in [0, 1]; not that of the pictures.

    Returns
    -------
    tuple of ndarray, each of shape (r,)
    """
    true_alarm, missed = sensitivity * prevalence, (1 - sensitivity) * prevalence
    cleared, false_alarm = specificity * (1 - prevalence), (1 - specificity) * (1 - prevalence)
    return _ratio(true_alarm, true_alarm + false_alarm), _ratio(cleared, cleared + missed)


def auroc(is_positive: Flags, score: Scores, weights: Weights | None = None) -> Scores:
    """Area under the ROC curve, as the Mann-Whitney statistic; ties count one half.

    Hanley and McNeil, Radiology 143(1), 1982.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    score : ndarray, shape (n,)
    weights : ndarray, shape (r, n), optional

    Returns
    -------
    ndarray, shape (r,), in [0, 1]
    """
    ill, well = _by_score(is_positive, score, _weights(weights, len(score)))
    # From the highest score down: those below a score are all but those so far.
    below = well.sum(axis=1, keepdims=True) - np.cumsum(well, axis=1)
    won = (ill * (below + well / 2)).sum(axis=1)
    return _ratio(won, ill.sum(axis=1) * well.sum(axis=1))


def auprc(is_positive: Flags, score: Scores, weights: Weights | None = None) -> Scores:
    """Area under the precision-recall curve, as average precision: steps, no interpolation.

    Linear interpolation of that curve is too optimistic (Davis and Goadrich, ICML 2006). Chance
    level is the share of positives, not one half.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    score : ndarray, shape (n,)
    weights : ndarray, shape (r, n), optional

    Returns
    -------
    ndarray, shape (r,), in [0, 1]
    """
    ill, well = _by_score(is_positive, score, _weights(weights, len(score)))
    found, called = np.cumsum(ill, axis=1), np.cumsum(ill + well, axis=1)
    precision = found / np.maximum(called, 1e-12)
    return _ratio((ill * precision).sum(axis=1), found[:, -1])


def brier(is_positive: Flags, probability: Scores, weights: Weights | None = None) -> Scores:
    """Mean squared gap between probability and truth (Brier, Monthly Weather Review 78, 1950)."""
    w = _weights(weights, len(probability))
    return _ratio(w @ (probability - is_positive) ** 2, w.sum(axis=1))


def log_loss(is_positive: Flags, probability: Scores, weights: Weights | None = None) -> Scores:
    """Mean negative logarithm of the probability given to the truth, in nats.

    Probabilities are kept 1e-7 from 0 and 1, so that one certain error stays finite.
    """
    w = _weights(weights, len(probability))
    given = np.where(is_positive, probability, 1 - probability)
    return _ratio(w @ -np.log(np.clip(given, 1e-7, 1.0)), w.sum(axis=1))


def expected_calibration_error(
    is_positive: Flags, probability: Scores, weights: Weights | None = None, *, bins: int = 15
) -> Scores:
    """Mean gap between predicted and observed share, over equal-width bins (Guo et al., 2017)."""
    w = _weights(weights, len(probability))
    index = np.minimum((probability * bins).astype(int), bins - 1)
    gap = np.zeros((len(probability), bins))
    gap[np.arange(len(probability)), index] = probability - is_positive
    return _ratio(np.abs(w @ gap).sum(axis=1), w.sum(axis=1))


def net_benefit(
    is_positive: Flags, probability: Scores, threshold: float, weights: Weights | None = None
) -> Scores:
    """Net benefit of acting at a probability (Vickers and Elkin, Med Decis Making 26, 2006).

    True positives minus false ones, the false weighted by threshold / (1 - threshold), the odds
    at which a person would just act; a share of all pictures. Never acting gives 0.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    probability : ndarray, shape (n,), in [0, 1]
    threshold : float, in [0, 1)
    weights : ndarray, shape (r, n), optional

    Returns
    -------
    ndarray, shape (r,), at most the share of positives
    """
    w = _weights(weights, len(probability))
    called = probability >= threshold
    gain = (called & is_positive) - (called & ~is_positive) * (threshold / (1 - threshold))
    return _ratio(w @ gain, w.sum(axis=1))


def cohens_kappa(first: Flags, second: Flags, weights: Weights | None = None) -> Scores:
    """Agreement of two readers beyond chance (Cohen, Educ Psychol Meas 20, 1960), in [-1, 1].

    Undefined if both give all pictures the same single label.
    """
    w = _weights(weights, len(first))
    total = w.sum(axis=1)
    agreed = _ratio(w @ (first == second), total)
    one, other = _ratio(w @ first, total), _ratio(w @ second, total)
    by_chance = one * other + (1 - one) * (1 - other)
    return _ratio(agreed - by_chance, 1 - by_chance)


def _weights(weights: Weights | None, count: int) -> Weights:
    return np.ones((1, count)) if weights is None else weights


def _by_score(is_positive: Flags, score: Scores, weights: Weights) -> tuple[Scores, Scores]:
    """Weight of positives and negatives at each distinct score, from the highest down."""
    order = np.argsort(-score, kind="stable")
    ranked, ill = score[order], is_positive[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    sorted_weights = weights[:, order]
    return (
        np.add.reduceat(sorted_weights * ill, starts, axis=1),
        np.add.reduceat(sorted_weights * ~ill, starts, axis=1),
    )


def _ratio(part: Scores, whole: Scores) -> Scores:
    defined = whole > 0
    return np.where(defined, part / np.where(defined, whole, 1.0), np.nan)
