"""Fit calibration, operating points and prediction sets to the radiographs of one site."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.calibration.decisions import fit_conformal
from hilum.evaluation.calibration.recalibrate import Truths, changed_probabilities, recalibrated
from hilum.evaluation.figures.outcomes import probability_of
from hilum.evaluation.figures.resampling import PatientBootstrap
from hilum.evaluation.figures.statistics import brier, expected_calibration_error, share
from hilum.findings import Finding
from hilum.models.card import Calibration, Card
from hilum.models.conformal import undecided_zone
from hilum.models.measured import Interval
from hilum.models.task import Conformal, OperatingPoint, Presence
from hilum.words.counts import counted

LEAST_IMAGES, LEAST_OF_A_LABEL = 50, 25
"""Below, a fit is refused. With four fifths of it a prediction set can still cover 95 %."""
_FOLDS = 5
_CRITERION = (
    "share of positives, which has the largest sensitivity + specificity - 1 (Youden) for "
    "calibrated probabilities; in the zone of uncertainty"
)

Probabilities = NDArray[np.float64]
Figures = dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What decides on one finding; without prediction sets the operating point alone."""

    operating_point: OperatingPoint
    conformal: Conformal | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Calibration of a card's outputs, and decisions on its findings."""

    calibration: Calibration
    decisions: dict[Finding, Decisions]


@dataclass(frozen=True, slots=True)
class SiteFit:
    """What was fitted to a site's radiographs, and what it changes there.

    Attributes
    ----------
    before, after : mapping of Finding to mapping of str to Interval
        Figures with the card's own values and with the site's, the latter cross-validated.
    """

    fit: Fit
    before: dict[Finding, Figures]
    after: dict[Finding, Figures]


@dataclass(frozen=True, slots=True, eq=False)
class _Applied:
    """One finding's probabilities and what decides on each, all of shape (n,).

    Quantiles of the prediction sets are not a number where there are none.
    """

    probability: Probabilities
    threshold: Probabilities
    absent: Probabilities
    present: Probabilities


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
        There are too few radiographs, or too few of a label, for every task.
    """
    truths = _enough(truths)
    folds = _folds(truths, patients, seed)
    before, after = {}, {}
    crossed = _crossed(probabilities, truths, folds, card, fitted_on)
    for finding, truth in truths.items():
        known = ~np.isnan(truth)
        resamples = PatientBootstrap(np.asarray(patients)[known].tolist(), seed=seed)
        task = card.task(finding)
        decisions = Decisions(task.operating_point, task.conformal)
        own = _applied(probabilities, card, finding, decisions)
        before[finding] = _figures(own, truth, known, resamples)
        after[finding] = _figures(crossed[finding], truth, known, resamples)
    return SiteFit(_fit(probabilities, truths, folds, card, fitted_on), before, after)


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


def _folds(truths: Truths, patients: Sequence[str], seed: int) -> NDArray[np.intp]:
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


def _fit(
    probabilities: Probabilities,
    truths: Truths,
    folds: NDArray[np.intp],
    card: Card,
    fitted_on: str,
) -> Fit:
    """Fit to all radiographs; decisions to what calibrations of the other folds say of each."""
    decisions = {}
    held_out = np.empty_like(probabilities)
    for fold in np.unique(folds):
        is_there = folds == fold
        rest = {finding: truth[~is_there] for finding, truth in truths.items()}
        found = recalibrated(probabilities[~is_there], rest, card, fitted_on=fitted_on)
        held_out[is_there] = changed_probabilities(probabilities[is_there], card, found)
    for finding, truth in truths.items():
        known = ~np.isnan(truth)
        is_positive = truth[known] > 0
        own = card.task(finding).conformal
        conformal = fit_conformal(
            probability_of(held_out[known], card, finding),
            is_positive,
            finding=finding,
            coverage=own.coverage if own else 0.95,
            fitted_on=fitted_on,
        )
        threshold = float(np.clip(is_positive.mean(), *undecided_zone(conformal)))
        point = OperatingPoint(threshold=threshold, criterion=_CRITERION, chosen_on=fitted_on)
        decisions[finding] = Decisions(point, conformal)
    return Fit(recalibrated(probabilities, truths, card, fitted_on=fitted_on), decisions)


def _crossed(
    probabilities: Probabilities,
    truths: Truths,
    folds: NDArray[np.intp],
    card: Card,
    fitted_on: str,
) -> dict[Finding, _Applied]:
    """What fits to the patients of the other folds say of each radiograph."""
    found = {finding: np.empty((4, len(folds))) for finding in truths}
    for fold in np.unique(folds):
        held_out = folds == fold
        rest = {finding: truth[~held_out] for finding, truth in truths.items()}
        fit = _fit(probabilities[~held_out], rest, folds[~held_out], card, fitted_on)
        changed = changed_probabilities(probabilities[held_out], card, fit.calibration)
        for finding, rows in found.items():
            there = _applied(changed, card, finding, fit.decisions[finding])
            rows[:, held_out] = there.probability, there.threshold, there.absent, there.present
    return {finding: _Applied(*rows) for finding, rows in found.items()}


def _applied(
    probabilities: Probabilities, card: Card, finding: Finding, decisions: Decisions
) -> _Applied:
    probability = probability_of(probabilities, card, finding)
    sets = decisions.conformal
    quantiles = sets.quantiles if sets else dict.fromkeys(Presence, np.nan)
    values = (
        decisions.operating_point.threshold,
        quantiles[Presence.ABSENT],
        quantiles[Presence.PRESENT],
    )
    return _Applied(probability, *(np.full_like(probability, value) for value in values))


def _figures(
    applied: _Applied,
    truth: NDArray[np.float64],
    known: NDArray[np.bool_],
    resamples: PatientBootstrap,
) -> Figures:
    """Figures that a calibration and its decisions change."""
    is_positive = truth[known] > 0
    probability = applied.probability[known]
    called = probability >= applied.threshold[known]
    has_absent = probability <= applied.absent[known]
    has_present = 1 - probability <= applied.present[known]
    found = {
        "expected_calibration_error": resamples.centred_interval(
            lambda w: expected_calibration_error(is_positive, probability, w)
        ),
        "brier": resamples.interval(lambda w: brier(is_positive, probability, w)),
        "sensitivity": resamples.interval(lambda w: share(is_positive, called, w)),
        "specificity": resamples.interval(lambda w: share(~is_positive, ~called, w)),
    }
    if not np.isnan(applied.absent).any():
        everyone, is_undecided = np.ones_like(is_positive), has_absent == has_present
        found |= {
            "conformal_coverage_positive": resamples.interval(
                lambda w: share(is_positive, has_present, w)
            ),
            "conformal_coverage_negative": resamples.interval(
                lambda w: share(~is_positive, has_absent, w)
            ),
            "uncertain_share": resamples.interval(lambda w: share(everyone, is_undecided, w)),
        }
    return {name: figure for name, figure in found.items() if figure is not None}
