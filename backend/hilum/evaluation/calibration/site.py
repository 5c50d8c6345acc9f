"""Fit calibration, operating points and prediction sets to the radiographs of one site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.calibration.decisions import fit_conformal
from hilum.evaluation.calibration.recalibrate import Truths, changed_probabilities, recalibrated
from hilum.evaluation.figures.curves import curves
from hilum.evaluation.figures.measure import Decided, Figures, decided_at, measure_decided
from hilum.evaluation.figures.outcomes import probability_of
from hilum.evaluation.figures.task_outcomes import TaskOutcomes
from hilum.findings import Finding
from hilum.models.card import Calibration, Card
from hilum.models.conformal import undecided_zone
from hilum.models.measured import Curves
from hilum.models.task import OperatingPoint, Task
from hilum.words.counts import counted

LEAST_IMAGES, LEAST_OF_A_LABEL = 50, 25
"""Below, a fit is refused. With four fifths of it a prediction set can still cover 95 %."""
_FOLDS = 5
_COVERAGE = 0.95
_CRITERION = (
    "share of positives, which has the largest sensitivity + specificity - 1 (Youden) for "
    "calibrated probabilities; in the zone of uncertainty"
)

Probabilities = NDArray[np.float64]
Folds = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fit:
    """Calibration of a card's outputs, and its tasks with the operating points and sets for it."""

    calibration: Calibration
    tasks: dict[Finding, Task]


@dataclass(frozen=True, slots=True)
class SiteFit:
    """What was fitted to a site's radiographs, and what it changes there.

    Attributes
    ----------
    before, after : mapping of Finding to Figures
        With the card's own values and with the site's, the latter cross-validated.
    curves : mapping of Finding to Curves
        Of the cross-validated probabilities.
    """

    fit: Fit
    before: dict[Finding, Figures]
    after: dict[Finding, Figures]
    curves: dict[Finding, Curves]


def fit_site(
    probabilities: Probabilities,
    truths: Truths,
    patients: Sequence[str],
    card: Card,
    *,
    fitted_on: str,
    seed: int = 0,
) -> SiteFit:
    """Fit a card's calibration and decisions to a site's radiographs.

    The figures afterwards are cross-validated over patients: each radiograph is measured with
    what was fitted to the patients of the other folds.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n, k)
        By the card's own calibration, in the card's order of outputs.
    truths : mapping of Finding to ndarray
        See `hilum.evaluation.calibration.recalibrate.Truths`; of all the card's tasks.
    patients : sequence of str, length n
    fitted_on : str
        Name of the radiographs, for the profile.

    Raises
    ------
    DatasetError
        There are too few radiographs, or too few of a label, for every task; or too few patients.
    """
    truths = _enough(truths)
    folds = _folds(truths, patients, seed)
    fits = [
        (held_out, _fit(probabilities[~held_out], _rows(truths, ~held_out), folds[~held_out],
                        card, fitted_on))
        for held_out in _held_out(folds)
    ]  # fmt: skip
    crossed = np.empty_like(probabilities)
    for held_out, fit in fits:
        crossed[held_out] = changed_probabilities(probabilities[held_out], card, fit.calibration)
    before, after, drawn = {}, {}, {}
    for finding, truth in truths.items():
        own = _known(probabilities, truth, patients, card, finding)
        before[finding] = measure_decided(own, decided_at(card.task(finding), own.score))
        known = _known(crossed, truth, patients, card, finding)
        decided = _together(known, [(held_out, fit.tasks[finding]) for held_out, fit in fits])
        after[finding] = measure_decided(known, decided)
        drawn[finding] = curves(known.truth, known.score)
    return SiteFit(_fit(probabilities, truths, folds, card, fitted_on), before, after, drawn)


def _enough(truths: Truths) -> Truths:
    """The tasks that can be fitted."""
    counts = {
        finding: (int(np.nansum(truth)), int(np.nansum(1 - truth)))
        for finding, truth in truths.items()
    }
    kept = {
        finding: truths[finding]
        for finding, of_label in counts.items()
        if sum(of_label) >= LEAST_IMAGES and min(of_label) >= LEAST_OF_A_LABEL
    }
    if not kept:
        found = "; ".join(
            f"{finding.label.lower()}: {present} with and {absent} without it"
            for finding, (present, absent) in counts.items()
        )
        raise DatasetError(
            f"There are too few labelled radiographs ({found}). Label at least "
            f"{counted(LEAST_IMAGES, 'radiograph')}, {LEAST_OF_A_LABEL} or more with the finding "
            f"and {LEAST_OF_A_LABEL} or more without it."
        )
    return kept


def _folds(truths: Truths, patients: Sequence[str], seed: int) -> Folds:
    """A fold of each radiograph, the same for all of a patient, shape (n,).

    Patients with and without the first finding are dealt evenly.
    """
    names, index = np.unique(np.asarray(patients), return_inverse=True)
    if len(names) < LEAST_OF_A_LABEL:
        raise DatasetError(
            f"The radiographs are of {counted(len(names), 'patient')}. Label radiographs of at "
            f"least {LEAST_OF_A_LABEL}."
        )
    truth = np.nan_to_num(next(iter(truths.values())))
    positives = np.bincount(index, weights=truth) / np.bincount(index)
    order = np.lexsort((np.random.default_rng(seed).random(len(names)), positives))
    folds = np.empty(len(names), dtype=np.intp)
    folds[order] = np.arange(len(names)) % _FOLDS
    return np.asarray(folds[index])


def _held_out(folds: Folds) -> Iterator[NDArray[np.bool_]]:
    for fold in np.unique(folds):
        yield folds == fold


def _rows(truths: Truths, chosen: NDArray[np.bool_]) -> Truths:
    return {finding: truth[chosen] for finding, truth in truths.items()}


def _fit(
    probabilities: Probabilities, truths: Truths, folds: Folds, card: Card, fitted_on: str
) -> Fit:
    """Fit to all radiographs; decisions to what calibrations of the other folds say of each."""
    crossed = np.empty_like(probabilities)
    for held_out in _held_out(folds):
        rest = _rows(truths, ~held_out)
        found = recalibrated(probabilities[~held_out], rest, card, fitted_on=fitted_on)
        crossed[held_out] = changed_probabilities(probabilities[held_out], card, found)
    tasks = {}
    for finding, truth in truths.items():
        known, task = ~np.isnan(truth), card.task(finding)
        is_positive = truth[known] > 0
        conformal = fit_conformal(
            probability_of(crossed[known], card, finding),
            is_positive,
            finding=finding,
            coverage=task.conformal.coverage if task.conformal else _COVERAGE,
            fitted_on=fitted_on,
        )
        threshold = float(np.clip(is_positive.mean(), *undecided_zone(conformal)))
        point = OperatingPoint(threshold=threshold, criterion=_CRITERION, chosen_on=fitted_on)
        changed = {"operating_point": point, "conformal": conformal, "calibrated": True}
        tasks[finding] = task.model_copy(update=changed)
    return Fit(recalibrated(probabilities, truths, card, fitted_on=fitted_on), tasks)


def _known(
    probabilities: Probabilities,
    truth: NDArray[np.float64],
    patients: Sequence[str],
    card: Card,
    finding: Finding,
) -> TaskOutcomes:
    rows = np.flatnonzero(~np.isnan(truth))
    return TaskOutcomes(
        truth[rows] > 0,
        probability_of(probabilities, card, finding)[rows],
        tuple(patients[row] for row in rows.tolist()),
        rows,
    )


def _together(known: TaskOutcomes, tasks: Sequence[tuple[NDArray[np.bool_], Task]]) -> Decided:
    """What the tasks decide, each on the radiographs that it was not fitted to."""
    thresholds = np.empty(len(known.score))
    sets = np.empty((len(known.score), 2), dtype=bool)
    decisions = np.empty(len(known.score), dtype="U16")
    for held_out, task in tasks:
        there = held_out[known.rows]
        found = decided_at(task, known.score[there])
        thresholds[there], sets[there], decisions[there] = (
            found.thresholds, found.sets, found.decisions,
        )  # fmt: skip
    return Decided(thresholds, sets, decisions)
