"""Predictions of a model for one finding, on the images with a known label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.models.card import Card


class Said(Protocol):
    """Predictions for labelled images: `Outcomes` or `predictions.Predictions`."""

    @property
    def patients(self) -> Sequence[str]: ...
    def of(self, card: Card, finding: Finding) -> NDArray[np.float64]: ...
    def truth(self, card: Card, finding: Finding) -> "pd.Series[bool]": ...


@dataclass(frozen=True, slots=True, eq=False)
class TaskOutcomes:
    """Predictions of a model for one finding, on the images with a known label.

    Attributes
    ----------
    truth : ndarray of bool, shape (n,)
    score : ndarray of float64, shape (n,)
    patients : tuple of str, length n
    rows : ndarray of int, shape (n,)
        Positions among all pictures.
    """

    truth: NDArray[np.bool_]
    score: NDArray[np.float64]
    patients: tuple[str, ...]
    rows: NDArray[np.intp]


def task_outcomes(outcomes: Said, card: Card, finding: Finding) -> TaskOutcomes:
    """Labels and probabilities of one finding, for the images with a known label."""
    truth = outcomes.truth(card, finding)
    rows = np.flatnonzero(truth.notna())
    return TaskOutcomes(
        truth.iloc[rows].to_numpy(dtype=bool),
        outcomes.of(card, finding)[rows],
        tuple(outcomes.patients[int(row)] for row in rows),
        rows,
    )
