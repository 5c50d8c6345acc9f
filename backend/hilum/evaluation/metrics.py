"""Figures of a classifier, each with a 95 % interval by bootstrap over patients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.figures import measure
from hilum.findings import Finding
from hilum.models.card import Card, Interval, SplitMetrics

_RESAMPLES = 1000


def auroc(is_positive: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Area under the ROC curve, as the Mann-Whitney statistic; ties count one half.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    score : ndarray, shape (n,)

    Returns
    -------
    float
        In [0, 1]; nan where a class is absent.
    """
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = mean_rank[inverse][is_positive].sum()
    return float((rank_sum - positives * (positives + 1) / 2) / (positives * negatives))


def expected_calibration_error(
    is_positive: NDArray[np.bool_], probability: NDArray[np.float64], *, bins: int = 15
) -> float:
    """Mean gap between predicted and observed share, over equal-width bins (Guo et al., 2017).

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    probability : ndarray, shape (n,), in [0, 1]
    bins : int

    Returns
    -------
    float
        In [0, 1].
    """
    index = np.minimum((probability * bins).astype(int), bins - 1)
    gap = np.bincount(index, weights=probability - is_positive, minlength=bins)
    return float(np.abs(gap).sum() / len(probability))


def youden_threshold(is_positive: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Threshold with the largest sensitivity + specificity - 1 (Youden, Cancer 1950).

    The middle between the score that reaches it and the next lower one, so that it does not
    hang on one picture.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    score : ndarray, shape (n,); at or above the threshold is called positive

    Returns
    -------
    float
    """
    order = np.argsort(-score, kind="stable")
    ranked, hits = score[order], is_positive[order]
    sensitivity = np.cumsum(hits) / max(1, hits.sum())
    false_rate = np.cumsum(~hits) / max(1, (~hits).sum())
    last_of_ties = np.append(ranked[1:] != ranked[:-1], True)
    best = int(np.argmax(np.where(last_of_ties, sensitivity - false_rate, -np.inf)))
    below = ranked[best + 1] if best + 1 < len(ranked) else ranked[best]
    return float((ranked[best] + below) / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """What a model said of labelled pictures.

    Attributes
    ----------
    probabilities : ndarray of float64, shape (n, classes)
        Calibrated, in the card's order of findings.
    labels : ndarray of int, shape (n,)
        Index of the true finding.
    patients : sequence of str, length n
    """

    probabilities: NDArray[np.float64]
    labels: NDArray[np.intp]
    patients: Sequence[str]

    def of(self, card: Card, finding: Finding) -> NDArray[np.float64]:
        """Probability of a finding or of a composite of findings, shape (n,)."""
        return np.asarray(self.probabilities[:, _parts(card, finding)].sum(axis=1))

    def has(self, card: Card, finding: Finding) -> NDArray[np.bool_]:
        """Whether the truth is the finding, or one of a composite's parts, shape (n,)."""
        return np.isin(self.labels, _parts(card, finding))


def _parts(card: Card, finding: Finding) -> list[int]:
    return [card.findings.index(part) for part in card.composites.get(finding, (finding,))]


def bootstrap(
    figure: Callable[[NDArray[np.intp]], float], patients: Sequence[str], *, seed: int = 0
) -> Interval:
    """A figure with its 95 % percentile interval, resampling patients with replacement.

    Parameters
    ----------
    figure : callable
        Takes indices of pictures, which may repeat, and returns the figure on them.
    patients : sequence of str
        Patient of each picture. Pictures of one patient stay together.
    seed : int

    Returns
    -------
    Interval
    """
    _, group = np.unique(np.asarray(patients), return_inverse=True)
    order = np.argsort(group, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(group))[:-1])
    rng = np.random.default_rng(seed)
    drawn = [
        figure(np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))]))
        for _ in range(_RESAMPLES)
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Interval(value=figure(np.arange(len(group))), low=float(low), high=float(high))


def split_metrics(predictions: Predictions, card: Card) -> SplitMetrics:
    """All figures of one split at the card's operating point.

    Parameters
    ----------
    predictions : Predictions
    card : Card

    Returns
    -------
    SplitMetrics

    Raises
    ------
    DatasetError
        The target is present, or absent, in every picture.
    """
    figures = measure(predictions, card)
    if figures.positives in (0, figures.images):
        raise DatasetError(
            f"All {figures.images} pictures are of one class: nothing can be told apart."
        )
    of_card = {n: f for n, f in figures.figures.items() if n in SplitMetrics.model_fields}
    return SplitMetrics.model_validate(
        {
            "patients": figures.patients,
            "images": figures.images,
            "confusion": _confusion(predictions, card),
            **of_card,
        }
    )


def _confusion(predictions: Predictions, card: Card) -> dict[str, dict[str, int]]:
    """Counts by true finding, then by the most probable one."""
    called = predictions.probabilities.argmax(axis=1)
    return {
        true.value: {
            said.value: int(((predictions.labels == i) & (called == j)).sum())
            for j, said in enumerate(card.findings)
        }
        for i, true in enumerate(card.findings)
    }
