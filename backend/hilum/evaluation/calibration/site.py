"""Fit calibration, operating points and prediction sets to the radiographs of one site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.calibration.decisions import Scored, fit_conformal
from hilum.evaluation.calibration.recalibrate import Truths, changed_probabilities, recalibrated
from hilum.evaluation.figures.decided import Decided, decided_at
from hilum.evaluation.figures.outcomes import probability_of
from hilum.evaluation.figures.task_outcomes import TaskOutcomes
from hilum.findings import Finding
from hilum.models.card import Calibration, Card
from hilum.models.conformal import undecided_zone
from hilum.models.task import OperatingPoint, Task
from hilum.words.counts import counted

LEAST_IMAGES, LEAST_PATIENTS = 50, 25
"""Radiographs labelled for a finding, and patients with it and without it; fewer are refused.

A fold of five leaves 20 patients of each label, and a prediction set can cover 95 % from 19 on.
"""
_FOLDS = 5
_COVERAGE = 0.95
_CRITERION = (
    "share of positives, which has the largest sensitivity + specificity - 1 (Youden) for "
    "calibrated probabilities; in the zone of uncertainty"
)

Probabilities = NDArray[np.float64]
Chosen = NDArray[np.bool_]


SaidAndDecided = tuple[TaskOutcomes, Decided]


@dataclass(frozen=True, slots=True, eq=False)
class TaskFit:
    """Operating point and prediction sets of a finding at the site, and its decisions there.

    Attributes
    ----------
    task : Task
        With the operating point and the prediction sets of the site.
    before : (TaskOutcomes, Decided)
        With the card's own values.
    after : (TaskOutcomes, Decided)
        With the site's, cross-validated: each radiograph by what was fitted to the patients of
        the other folds.
    """

    task: Task
    before: SaidAndDecided
    after: SaidAndDecided


@dataclass(frozen=True, slots=True, eq=False)
class SiteFit:
    """Calibration and tasks fitted to a site's radiographs.

    Attributes
    ----------
    tasks : mapping of Finding to TaskFit
        Without those that too few radiographs are labelled for.
    """

    calibration: Calibration
    tasks: dict[Finding, TaskFit]


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
        There are too few radiographs, or too few patients of a label, for every task.
    """
    films = _Films(probabilities, _enough(truths, patients), np.asarray(patients), card, fitted_on)
    tasks = {finding: _fit_task(films, finding, seed) for finding in films.truths}
    return SiteFit(films.calibration(), tasks)


def fit_values(
    probabilities: Probabilities,
    truths: Truths,
    patients: Sequence[str],
    card: Card,
    *,
    fitted_on: str,
    seed: int = 0,
) -> tuple[Calibration, dict[Finding, Task]]:
    """Fit as `fit_site` does, without the cross-validation."""
    films = _Films(probabilities, _enough(truths, patients), np.asarray(patients), card, fitted_on)
    tasks = {
        finding: _decide(films, finding, _folds(truth, films.patients, seed))
        for finding, truth in films.truths.items()
    }
    return films.calibration(), tasks


@dataclass(frozen=True, slots=True, eq=False)
class _Films:
    """Radiographs to fit to, n of them; see `fit_site`."""

    probabilities: Probabilities
    truths: Truths
    patients: NDArray[np.str_]
    card: Card
    fitted_on: str

    def where(self, chosen: Chosen) -> "_Films":
        truths = {finding: truth[chosen] for finding, truth in self.truths.items()}
        return _Films(
            self.probabilities[chosen], truths, self.patients[chosen], self.card, self.fitted_on
        )

    def calibration(self) -> Calibration:
        return recalibrated(self.probabilities, self.truths, self.card, fitted_on=self.fitted_on)

    def changed(self, calibration: Calibration) -> Probabilities:
        return changed_probabilities(self.probabilities, self.card, calibration)


def _enough(truths: Truths, patients: Sequence[str]) -> Truths:
    """The tasks that can be fitted."""
    found = {finding: _counts(truth, np.asarray(patients)) for finding, truth in truths.items()}
    kept = {
        finding: truths[finding]
        for finding, (images, *of_label) in found.items()
        if images >= LEAST_IMAGES and min(of_label) >= LEAST_PATIENTS
    }
    if not kept:
        told = "; ".join(
            f"{finding.label.lower()}: {counted(images, 'labelled radiograph')}, "
            f"{counted(present, 'patient')} with it and {absent} without it"
            for finding, (images, present, absent) in found.items()
        )
        raise DatasetError(
            f"There are too few labelled radiographs ({told}). Label at least {LEAST_IMAGES} "
            f"radiographs, of at least {LEAST_PATIENTS} patients with the finding and "
            f"{LEAST_PATIENTS} without it."
        )
    return kept


def _counts(truth: NDArray[np.float64], patients: NDArray[np.str_]) -> tuple[int, int, int]:
    """Radiographs with a known label, patients with the finding, and patients without it."""
    present, absent = (len(np.unique(patients[truth == label])) for label in (1, 0))
    return int((~np.isnan(truth)).sum()), present, absent


def _folds(truth: NDArray[np.float64], patients: NDArray[np.str_], seed: int) -> NDArray[np.intp]:
    """A fold of each radiograph, the same for all of a patient, shape (n,).

    Patients with the finding are dealt evenly, and so are those without it.
    """
    names, index = np.unique(patients, return_inverse=True)
    known = ~np.isnan(truth)
    count = np.bincount(index[known], minlength=len(names))
    positives = np.bincount(index[known], weights=truth[known], minlength=len(names))
    # Patients without a known label come last.
    share = np.where(count > 0, positives / np.maximum(count, 1), 2)
    order = np.lexsort((np.random.default_rng(seed).random(len(names)), share))
    folds = np.empty(len(names), dtype=np.intp)
    folds[order] = np.arange(len(names)) % _FOLDS
    return np.asarray(folds[index])


def _held_out(folds: NDArray[np.intp]) -> Iterator[Chosen]:
    for fold in np.unique(folds):
        yield folds == fold


def _decide(films: _Films, finding: Finding, folds: NDArray[np.intp]) -> Task:
    """Fit operating point and prediction sets to cross-fitted probabilities."""
    crossed = np.empty_like(films.probabilities)
    for held_out in _held_out(folds):
        crossed[held_out] = films.where(held_out).changed(films.where(~held_out).calibration())
    card, task = films.card, films.card.task(finding)
    known = _known(crossed, films, finding)
    conformal = fit_conformal(
        [Scored(known.score, known.truth)],
        finding=finding,
        coverage=task.conformal.coverage if task.conformal else _COVERAGE,
        fitted_on=films.fitted_on,
    )
    threshold = float(np.clip(known.truth.mean(), *undecided_zone(conformal)))
    point = OperatingPoint(threshold=threshold, criterion=_CRITERION, chosen_on=films.fitted_on)
    changed = {"operating_point": point, "conformal": conformal, "calibrated": True}
    return card.task(finding).model_copy(update=changed)


def _fit_task(films: _Films, finding: Finding, seed: int) -> TaskFit:
    folds = _folds(films.truths[finding], films.patients, seed)
    crossed = np.empty_like(films.probabilities)
    tasks = []
    for held_out in _held_out(folds):
        rest = films.where(~held_out)
        crossed[held_out] = films.where(held_out).changed(rest.calibration())
        tasks.append((held_out, _decide(rest, finding, folds[~held_out])))
    before, after = (
        _known(probabilities, films, finding) for probabilities in (films.probabilities, crossed)
    )
    return TaskFit(
        task=_decide(films, finding, folds),
        before=(before, decided_at(films.card.task(finding), before.score)),
        after=(after, _together(after, tasks)),
    )


def _known(probabilities: Probabilities, films: _Films, finding: Finding) -> TaskOutcomes:
    truth = films.truths[finding]
    rows = np.flatnonzero(~np.isnan(truth))
    return TaskOutcomes(
        truth[rows] > 0,
        probability_of(probabilities, films.card, finding)[rows],
        tuple(films.patients[rows].tolist()),
        rows,
    )


def _together(known: TaskOutcomes, tasks: Sequence[tuple[Chosen, Task]]) -> Decided:
    """Decisions of the tasks, each on the radiographs that it was not fitted to."""
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
