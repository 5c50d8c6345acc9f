"""What a model said of labelled radiographs, and the figures of it that a card states."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.figures.measure import measure
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.measured import SplitMetrics


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
