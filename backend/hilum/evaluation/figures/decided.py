"""Figures of one finding, each with its 95 % interval, from the decision on each image."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.decisions import decisions
from hilum.evaluation.figures.resampling import Figure, PatientBootstrap, Weights
from hilum.evaluation.figures.task_outcomes import TaskOutcomes
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
"""Figures of a subgroup with fewer pictures than this are marked as imprecise."""

_CENTRED = frozenset({"expected_calibration_error"})
"""Figures that resampling makes larger; see `PatientBootstrap.centred_interval`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a group of pictures.

    Attributes
    ----------
    figures : mapping of str to Interval or None
        By `NAMES`; None if undefined, absent if the figure does not apply to the model.
    """

    images: int
    patients: int
    positives: int
    figures: dict[str, Interval | None]

    @property
    def is_small(self) -> bool:
        """Whether there are too few images for reliable figures."""
        return self.images < FEW


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """Decisions on images, all of length n.

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
    """Decisions of a task on images with these scores, shape (n,)."""
    sets = prediction_sets(task, score)
    return Decided(
        np.full(len(score), task.operating_point.threshold),
        sets,
        None if sets is None else np.array([each.value for each in decisions(task, score)]),
    )


def measure_decided(
    known: TaskOutcomes, decided: Decided, *, prevalence: float | None = None
) -> Figures:
    """Every figure of a finding except those of its parts, from the decision on each image.

    Parameters
    ----------
    prevalence : float, optional
        See `measure`.
    """
    bootstrap = PatientBootstrap(known.patients)
    found = {
        name: (bootstrap.centred_interval if name in _CENTRED else bootstrap.interval)(figure)
        for name, figure in _defined(known, decided, prevalence).items()
    }
    return Figures(
        images=len(known.truth),
        patients=len(set(known.patients)),
        positives=int(known.truth.sum()),
        figures=in_order(found),
    )


def measure_change(
    before: TaskOutcomes, decided_before: Decided, after: TaskOutcomes, decided_after: Decided
) -> dict[str, Interval]:
    """Changes of each figure, with paired 95 % intervals.

    Parameters
    ----------
    before, after : TaskOutcomes
        Of the same pictures, in the same order.

    Returns
    -------
    mapping of str to Interval
        After minus before, for the figures that both have.
    """
    bootstrap = PatientBootstrap(before.patients)
    first, second = _defined(before, decided_before), _defined(after, decided_after)

    def difference(weights: Weights, name: str) -> NDArray[np.float64]:
        return second[name](weights) - first[name](weights)

    found = {
        name: bootstrap.interval(partial(difference, name=name)) for name in first if name in second
    }
    return {name: change for name, change in in_order(found).items() if change is not None}


def _defined(
    known: TaskOutcomes, decided: Decided, prevalence: float | None = None
) -> dict[str, Figure]:
    truth, score = known.truth, known.score
    return {
        **_of_score(truth, score),
        **_at_point(truth, score, decided.thresholds, prevalence),
        **_of_sets(truth, decided.sets),
        **_of_decisions(truth, decided.decisions),
    }


def in_order(found: Mapping[str, Interval | None]) -> dict[str, Interval | None]:
    """Figures in the order of `NAMES`."""
    return {name: found[name] for name in NAMES if name in found}


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
