"""All figures of a model on labelled images, each with its 95 % interval."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.spelling import NOT_STATED, SUBGROUPS
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.decisions import decisions
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.resampling import Figure, PatientBootstrap, Weights
from hilum.evaluation.figures.task_outcomes import Said, TaskOutcomes, task_outcomes
from hilum.models.card import Card
from hilum.models.conformal import prediction_set
from hilum.models.decision import Decision
from hilum.models.measured import Interval
from hilum.models.task import Presence, Task

NAMES = (
    "auroc",
    "auprc",
    "accuracy",
    "sensitivity",
    "specificity",
    "positive_predictive_value",
    "negative_predictive_value",
    "positive_predictive_value_at_prevalence",
    "negative_predictive_value_at_prevalence",
    "f1",
    "net_benefit",
    "expected_calibration_error",
    "brier",
    "log_loss",
    "conformal_coverage_positive",
    "conformal_coverage_negative",
    "uncertain_share",
    "decided_sensitivity",
    "decided_specificity",
    "uncertain_share_positive",
    "uncertain_share_negative",
    "parts_auroc",
    "parts_accuracy",
)
"""Every figure's name in files, in the order of tables; the catalogue has ``figure.NAME``."""

FEW = 30
"""Below so many pictures a subgroup's figures say little, and a warning stands beside them."""

_NOT_IN_SUBGROUPS = frozenset(
    {
        "positive_predictive_value_at_prevalence",
        "negative_predictive_value_at_prevalence",
        "net_benefit",
    }
)


_CENTRED = frozenset({"expected_calibration_error"})
"""Figures that resampling makes larger; see `PatientBootstrap.centred_interval`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a group of pictures.

    Attributes
    ----------
    figures : mapping of str to Interval or None
        By their `NAMES`; None where undefined, absent where the model has no such thing.
    """

    images: int
    patients: int
    positives: int
    figures: dict[str, Interval | None]

    @property
    def is_small(self) -> bool:
        """Whether there are too few images for reliable figures."""
        return self.images < FEW


def measure(outcomes: Said, card: Card, task: Task, *, prevalence: float | None = None) -> Figures:
    """Every figure of a task at its operating point.

    Parameters
    ----------
    task : Task
        Of the card, or like one.
    prevalence : float, optional
        At which predictive values are stated besides, in (0, 1).

    Returns
    -------
    Figures
        On the pictures whose label of the task's finding is known.
    """
    known = task_outcomes(outcomes, card, task.finding)
    if not len(known.truth):
        return Figures(0, 0, 0, {})
    found = measure_decided(known, decided_at(task, known.score), prevalence=prevalence)
    parts = _between_parts(outcomes, card, task)
    return replace(found, figures=_in_order(found.figures | parts))


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What was decided on pictures, all of length n.

    Attributes
    ----------
    thresholds : ndarray of float64
        At and above it the score of a picture is called positive.
    sets : ndarray of bool, shape (n, 2), or None
        See `prediction_sets`.
    decisions : ndarray of str or None
        Values of `Decision`; None where there are no prediction sets.
    """

    thresholds: NDArray[np.float64]
    sets: NDArray[np.bool_] | None
    decisions: NDArray[np.str_] | None


def decided_at(task: Task, score: NDArray[np.float64]) -> Decided:
    """What a task decides on pictures with these scores, shape (n,)."""
    sets = prediction_sets(task, score)
    return Decided(
        np.full(len(score), task.operating_point.threshold),
        sets,
        None if sets is None else np.array([each.value for each in decisions(task, score)]),
    )


def measure_decided(
    known: TaskOutcomes, decided: Decided, *, prevalence: float | None = None
) -> Figures:
    """Every figure of a finding, but of its parts, by what was decided on each picture.

    Parameters
    ----------
    prevalence : float, optional
        See `measure`.
    """
    truth, score = known.truth, known.score
    bootstrap = PatientBootstrap(known.patients)
    defined = {
        **_of_score(truth, score),
        **_at_point(truth, score, decided.thresholds, prevalence),
        **_of_sets(truth, decided.sets),
        **_of_decisions(truth, decided.decisions),
    }
    found = {
        name: (bootstrap.centred_interval if name in _CENTRED else bootstrap.interval)(figure)
        for name, figure in defined.items()
    }
    return Figures(
        images=len(truth),
        patients=len(set(known.patients)),
        positives=int(truth.sum()),
        figures=_in_order(found),
    )


def _in_order(found: Mapping[str, Interval | None]) -> dict[str, Interval | None]:
    return {name: found[name] for name in NAMES if name in found}


def measure_subgroups(outcomes: Outcomes, card: Card, task: Task) -> dict[str, dict[str, Figures]]:
    """Figures of a task by age, sex and view, where the data states them.

    Returns
    -------
    mapping of str to mapping of str to Figures
        By kind of subgroup (see `SUBGROUPS`), then by group; a group's AUROC is None where
        one class is absent from it.
    """
    measured: dict[str, dict[str, Figures]] = {}
    for kind in SUBGROUPS:
        if kind not in outcomes.radiographs:
            continue
        groups = outcomes.radiographs[kind].to_numpy()
        names = sorted(set(groups), key=lambda name: (name == NOT_STATED, _order(name)))
        if names == [NOT_STATED]:
            continue
        measured[kind] = {}
        for name in names:
            figures = measure(subset(outcomes, groups == name), card, task)
            kept = {n: f for n, f in figures.figures.items() if n not in _NOT_IN_SUBGROUPS}
            measured[kind][name] = Figures(
                figures.images, figures.patients, figures.positives, kept
            )
    return measured


def subset(outcomes: Outcomes, chosen: NDArray[np.bool_]) -> Outcomes:
    """Outcomes of some of the radiographs only."""
    return Outcomes(
        outcomes.radiographs[chosen],
        outcomes.probabilities[chosen],
        (),
        outcomes.knows_patients,
    )


def prediction_sets(task: Task, score: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Which of present and absent are in each picture's prediction set.

    Parameters
    ----------
    score : ndarray, shape (n,)
        Probability of the finding.

    Returns
    -------
    ndarray of bool, shape (n, 2), or None
        Columns: present; absent. None where the task has no conformal quantiles.
    """
    if task.conformal is None:
        return None
    sets = [prediction_set(float(likely), task.conformal) for likely in score]
    labels = (Presence.PRESENT, Presence.ABSENT)
    return np.array([[label in said for label in labels] for said in sets])


def _order(name: str) -> tuple[int, str]:
    """Age bands by age, other groups by name."""
    digits = "".join(c if c.isdigit() else " " for c in name).split()
    return (-1 if name.startswith("under") else int(digits[0]) if digits else 0, name)


def _of_score(truth: NDArray[np.bool_], score: NDArray[np.float64]) -> dict[str, Figure]:
    functions: Mapping[str, Callable[..., NDArray[np.float64]]] = {
        "auroc": stats.auroc,
        "auprc": stats.auprc,
        "expected_calibration_error": stats.expected_calibration_error,
        "brier": stats.brier,
        "log_loss": stats.log_loss,
    }
    return {name: partial(function, truth, score) for name, function in functions.items()}


def _at_point(
    truth: NDArray[np.bool_],
    score: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    prevalence: float | None,
) -> dict[str, Figure]:
    called = score >= thresholds
    sensitivity = partial(stats.share, truth, called)
    specificity = partial(stats.share, ~truth, ~called)
    figures: dict[str, Figure] = {
        "accuracy": partial(stats.accuracy, truth, called),
        "sensitivity": sensitivity,
        "specificity": specificity,
        "positive_predictive_value": partial(stats.share, called, truth),
        "negative_predictive_value": partial(stats.share, ~called, ~truth),
        "f1": partial(stats.f1, truth, called),
    }
    threshold = float(thresholds[0])
    if threshold < 1 and (thresholds == threshold).all():
        figures["net_benefit"] = partial(stats.net_benefit, truth, score, threshold)
    if prevalence is not None:
        for column, name in enumerate(
            ("positive_predictive_value_at_prevalence", "negative_predictive_value_at_prevalence")
        ):

            def value(weights: Weights, column: int = column) -> NDArray[np.float64]:
                rates = sensitivity(weights), specificity(weights)
                return stats.predictive_values(*rates, prevalence)[column]

            figures[name] = value
    return figures


def _of_sets(truth: NDArray[np.bool_], sets: NDArray[np.bool_] | None) -> dict[str, Figure]:
    if sets is None:
        return {}
    return {
        "conformal_coverage_positive": partial(stats.share, truth, sets[:, 0]),
        "conformal_coverage_negative": partial(stats.share, ~truth, sets[:, 1]),
    }


def _of_decisions(truth: NDArray[np.bool_], decided: NDArray[np.str_] | None) -> dict[str, Figure]:
    if decided is None:
        return {}
    is_uncertain = decided == Decision.UNCERTAIN
    return {
        "uncertain_share": partial(stats.share, np.ones_like(is_uncertain), is_uncertain),
        "decided_sensitivity": partial(stats.share, truth, decided == Decision.POSITIVE),
        "decided_specificity": partial(stats.share, ~truth, decided == Decision.NEGATIVE),
        "uncertain_share_positive": partial(stats.share, truth, is_uncertain),
        "uncertain_share_negative": partial(stats.share, ~truth, is_uncertain),
    }


def _between_parts(outcomes: Said, card: Card, task: Task) -> dict[str, Interval | None]:
    """AUROC and accuracy between two parts of a finding, on images with exactly one of them."""
    if len(task.parts) != 2:
        return {}
    is_present = np.stack(
        [outcomes.truth(card, part).fillna(value=False).to_numpy(dtype=bool) for part in task.parts]
    )
    rows = np.flatnonzero(is_present.sum(axis=0) == 1)
    truth = is_present[0, rows]
    if len(set(truth.tolist())) < 2:
        return {}
    first, second = (outcomes.of(card, part)[rows] for part in task.parts)
    leaning = first / np.maximum(first + second, 1e-12)
    bootstrap = PatientBootstrap([outcomes.patients[int(i)] for i in rows])
    return {
        "parts_auroc": bootstrap.interval(partial(stats.auroc, truth, leaning)),
        "parts_accuracy": bootstrap.interval(partial(stats.accuracy, truth, leaning >= 0.5)),
    }
