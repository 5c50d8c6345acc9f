"""Predictions of a model for labelled radiographs, and their figures for the card."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.labels import find_classes, find_truth
from hilum.errors import DatasetError
from hilum.evaluation.figures.decided import Figures
from hilum.evaluation.figures.measure import measure
from hilum.evaluation.figures.outcomes import parts_of, probability_of
from hilum.findings import Finding
from hilum.models.card import Activation, Card
from hilum.models.measured import SplitMetrics
from hilum.models.task import Presence, Task

PRESENCE = (Presence.ABSENT.value, Presence.PRESENT.value)
"""Names of the predictions of one finding."""
Confusion = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Predictions of a model for labelled images.

    Attributes
    ----------
    probabilities : ndarray of float64, shape (n, k)
        Calibrated, in the card's order of outputs.
    labels : DataFrame of `hilum.datasets.labels.LABEL_TYPE`, n rows
        A column for each finding.
    patients : sequence of str, length n
    """

    probabilities: NDArray[np.float64]
    labels: pd.DataFrame
    patients: Sequence[str]

    def where(self, chosen: NDArray[np.bool_]) -> "Predictions":
        """The chosen images."""
        return Predictions(
            self.probabilities[chosen],
            self.labels[chosen].reset_index(drop=True),
            [self.patients[int(row)] for row in np.flatnonzero(chosen)],
        )

    def of(self, card: Card, finding: Finding) -> NDArray[np.float64]:
        """Probability of a finding, shape (n,)."""
        return probability_of(self.probabilities, card, finding)

    def truth(self, card: Card, finding: Finding) -> "pd.Series[bool]":
        """Whether a finding is present; missing if unknown."""
        return find_truth(self.labels, finding, parts_of(card, finding))


def task_metrics(predictions: Predictions, card: Card, task: Task) -> SplitMetrics:
    """All figures of one split at a task's operating point.

    Raises
    ------
    DatasetError
        The finding is present, or absent, in every picture.
    """
    figures = measure(predictions, card, task)
    if figures.positives in (0, figures.images):
        raise DatasetError(
            f"{task.finding.label}: all {figures.images} pictures are of one class, so no figures "
            "can be computed."
        )
    return split_metrics(figures, _confusion(predictions, card, task))


def split_metrics(figures: Figures, confusion: Confusion) -> SplitMetrics:
    """Figures as cards state them.

    Parameters
    ----------
    figures : Figures
        On pictures with and without the finding.
    confusion : mapping of str to mapping of str to int
        Counts by label, then by prediction.
    """
    of_card = {n: f for n, f in figures.figures.items() if n in SplitMetrics.model_fields}
    return SplitMetrics.model_validate(
        {
            "patients": figures.patients,
            "images": figures.images,
            "positives": figures.positives,
            "confusion": confusion,
            **of_card,
        }
    )


def _confusion(predictions: Predictions, card: Card, task: Task) -> Confusion:
    """Confusion matrix: counts by label, then by prediction.

    For a softmax: by the only finding that is present, then by the most probable one. For a
    sigmoid: by presence, then by the operating point.
    """
    if card.activation is Activation.SOFTMAX:
        called: NDArray[np.intp] = predictions.probabilities.argmax(axis=1)
        labels = find_classes(predictions.labels, card.outputs)
        names = [finding.value for finding in card.outputs]
    else:
        truth = predictions.truth(card, task.finding)
        score = predictions.of(card, task.finding)
        called = (score >= task.operating_point.threshold).astype(np.intp)
        labels = np.where(truth.isna(), -1, truth.fillna(value=False)).astype(np.intp)
        names = list(PRESENCE)
    return counted_by(labels, called, names)


def counted_by(
    labels: NDArray[np.intp], called: NDArray[np.intp], names: Sequence[str]
) -> Confusion:
    """Count images by label, then by prediction.

    Parameters
    ----------
    labels, called : ndarray of int, shape (n,)
        Indices into the names; a label of none is left out.
    names : sequence of str
        See `PRESENCE`, for a finding that is present or absent.
    """
    return {
        true: {said: int(((labels == i) & (called == j)).sum()) for j, said in enumerate(names)}
        for i, true in enumerate(names)
    }
