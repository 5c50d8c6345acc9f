"""Calibration, operating points and prediction sets of the findings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.labels import LABEL_TYPE
from hilum.evaluation.calibration.decisions import Scored, choose_point, tune_decision
from hilum.evaluation.calibration.fit import fit_sigmoid_calibration
from hilum.evaluation.figures.predictions import Predictions
from hilum.models.calibration import calibrated
from hilum.models.card import Activation, Calibration
from hilum.models.task import AssessmentRule, IntendedPatients, Task
from hilum.populations import Population
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import FindingsData

FOLDS = "folds"
"""Split of the card: all films, each predicted by the network of its fold."""

LEAST_AUROC, LEAST_POSITIVES = 0.70, 15
"""Below, a finding is not assessed: of the lower end of the AUROC's interval, and of the films."""

_LEAST_OF_A_GROUP = 30
"""Films with, and without, the finding that a view needs to count as a group of its own."""


@dataclass(frozen=True, slots=True)
class FindingsTuned:
    """What turns logits into decisions."""

    calibration: Calibration
    tasks: tuple[Task, ...]


def tune_findings(
    config: FindingsConfig, data: FindingsData, logits: NDArray[np.float32], *, fitted_on: str
) -> FindingsTuned:
    """Fit calibration, and choose operating points and prediction sets for the worst view.

    Parameters
    ----------
    data : FindingsData, n images
        Not used in training of the networks that predicted them.
    logits : ndarray of float32, shape (n, k)
    fitted_on : str
        Name of the images, for the card.
    """
    truth = known_labels(data)
    calibration = fit_sigmoid_calibration(logits, truth, fitted_on=fitted_on)
    probabilities = calibrated(logits, calibration, Activation.SIGMOID)
    tasks = [
        _task(config, at, _groups(probabilities[:, at], truth[:, at], data.radiographs), fitted_on)
        for at in range(len(config.findings))
    ]
    return FindingsTuned(calibration, tuple(tasks))


def _task(config: FindingsConfig, at: int, groups: list[Scored], fitted_on: str) -> Task:
    finding = config.findings[at]
    fewest = min(min(g.is_positive.sum(), (~g.is_positive).sum()) for g in groups)
    if np.ceil((fewest + 1) * config.coverage) <= fewest:
        point, conformal = tune_decision(
            groups, finding=finding, coverage=config.coverage, fitted_on=fitted_on
        )
    else:
        point, conformal = choose_point(groups, fitted_on=fitted_on), None
    return Task(
        finding=finding,
        operating_point=point,
        conformal=conformal,
        intended=IntendedPatients(population=Population.ADULTS),
        assessment=AssessmentRule(
            split=FOLDS, least_auroc=LEAST_AUROC, least_positives=LEAST_POSITIVES
        ),
    )


def _groups(
    probability: NDArray[np.float64], truth: NDArray[np.float64], radiographs: pd.DataFrame
) -> list[Scored]:
    """Films by view, where each view has enough; else all together."""
    is_known = ~np.isnan(truth)
    everyone = Scored(probability[is_known], truth[is_known] == 1)
    if "view" not in radiographs:
        return [everyone]
    views = radiographs["view"].astype(str).to_numpy()
    groups = []
    for view in ("PA", "AP"):
        chosen = is_known & (views == view)
        groups.append(Scored(probability[chosen], truth[chosen] == 1))
    fewest = min(min(g.is_positive.sum(), (~g.is_positive).sum()) for g in groups)
    return groups if fewest >= _LEAST_OF_A_GROUP else [everyone]


def known_labels(data: FindingsData) -> NDArray[np.float64]:
    """1 present, 0 absent, else not a number: an uncertain label is neither, shape (n, k)."""
    return np.where(np.isin(data.targets, (0, 1)), data.targets, np.nan).astype(np.float64)


def calibrated_by_others(
    data: FindingsData, logits: NDArray[np.float32], folds: Sequence[NDArray[np.intp]]
) -> NDArray[np.float64]:
    """Probabilities of each fold's images by a calibration fitted on the other folds' adults.

    Parameters
    ----------
    logits : ndarray of float32, shape (n, k)
        Of each image by the network of its fold.
    folds : sequence of ndarray of int
        Rows of each fold.

    Returns
    -------
    ndarray of float64, shape (n, k)
    """
    truth, is_adult = known_labels(data), are_adults(data.radiographs)
    found = np.full(logits.shape, np.nan)
    for rows in folds:
        others = np.setdiff1d(np.flatnonzero(is_adult), rows)
        fitted = fit_sigmoid_calibration(logits[others], truth[others], fitted_on="other folds")
        found[rows] = calibrated(logits[rows], fitted, Activation.SIGMOID)
    return found


def predictions_of(
    config: FindingsConfig, data: FindingsData, probabilities: NDArray[np.float64]
) -> Predictions:
    """Predictions of adults' films, or of films without age, with their labels."""
    labels = pd.DataFrame(
        {
            finding.value: pd.array(
                [None if value not in (0, 1) else bool(value) for value in column.tolist()],
                dtype=LABEL_TYPE,
            )
            for finding, column in zip(config.findings, data.targets.T, strict=True)
        }
    )
    everyone = Predictions(probabilities, labels, data.patients)
    return everyone.where(are_adults(data.radiographs))


def are_adults(radiographs: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each film is of an adult, or of a patient without age; shape (n,)."""
    if "age" not in radiographs:
        return np.ones(len(radiographs), dtype=bool)
    children = ("under 1 year", "1 to 5 years", "6 to 17 years")
    return ~radiographs["age"].isin(children).to_numpy(dtype=bool)
