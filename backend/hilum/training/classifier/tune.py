"""Calibration, operating point and prediction sets of a fitted network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.chest_xray import CLASSES
from hilum.datasets.labels import columns_of_one, find_classes
from hilum.evaluation.calibration.decisions import Scored, tune_decision
from hilum.evaluation.calibration.fit import fit_calibration
from hilum.evaluation.figures.predictions import Predictions
from hilum.findings import Finding
from hilum.models.calibration import calibrated
from hilum.models.card import Activation, Calibration
from hilum.models.task import Conformal, OperatingPoint
from hilum.training.classifier.pneumonia import Split

NORMAL, BACTERIAL, VIRAL = map(
    CLASSES.index, (Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)
)


Acquisitions = Mapping[str, Predictions]
"""By the name of an acquisition: predictions of a network of the same recipe that was trained on
other acquisitions. Operating point and prediction sets are chosen for the worst of them."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What turns a network's logits into decisions."""

    calibration: Calibration
    operating_point: OperatingPoint
    conformal: Conformal


def tune(
    logits: NDArray[np.float32],
    labels: NDArray[np.intp],
    *,
    coverage: float,
    fitted_on: str,
    elsewhere: Sequence[Scored] = (),
) -> Tuned:
    """Fit calibration, operating point and conformal sets on patients not used for training.

    Parameters
    ----------
    logits : ndarray, shape (n, k)
    labels : ndarray of int, shape (n,)
    coverage : float
        Coverage of the conformal sets. Split conformal prediction guarantees it for films that are
        exchangeable with these; several films of a patient and changed copies are not independent,
        so that the coverage measured on other films counts.
    fitted_on : str
        Name of the films, for the card.
    elsewhere : sequence of Scored
        Groups of films of other acquisitions, which operating point and sets also have to suit.
    """
    calibration = fit_calibration(logits, labels, fitted_on=fitted_on)
    own = scored(calibrated(logits, calibration, Activation.SOFTMAX), labels)
    point, conformal = tune_decision(
        [own, *elsewhere],
        finding=Finding.PNEUMONIA,
        coverage=coverage,
        fitted_on=fitted_on,
    )
    return Tuned(calibration, point, conformal)


def scored(probabilities: NDArray[np.float64], labels: NDArray[np.intp]) -> Scored:
    """Probability of pneumonia by those of `CLASSES`, and whether there is one."""
    return Scored(1 - probabilities[:, NORMAL], labels != NORMAL)


def scored_of(said: Predictions, coverage: float | None = None) -> Scored:
    """See `scored` and `Scored.coverage`; of films with labels of `CLASSES`."""
    found = scored(said.probabilities, find_classes(said.labels, CLASSES))
    return found._replace(coverage=coverage)


def predictions_of(
    logits: NDArray[np.float32], calibration: Calibration, films: Split
) -> Predictions:
    """Calibrated predictions of a network for films, with their labels."""
    labels = columns_of_one([CLASSES[label] for label in films.labels])
    return Predictions(calibrated(logits, calibration, Activation.SOFTMAX), labels, films.patients)
