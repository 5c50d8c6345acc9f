"""Error rates of decisions and rates of uncertain ones, as measured."""

from dataclasses import dataclass

from hilum.models.decision import uncertain_between
from hilum.models.measured import Interval, SplitMetrics
from hilum.models.operating_point import rates_at
from hilum.models.task import OperatingPoint, Task


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of the decisions at an operating point.

    Attributes
    ----------
    sensitivity : Interval
        Share of radiographs with the finding that are decided positive. The interval has no
        width if only the value is known.
    specificity : Interval
        Share of those without it that are decided negative.
    uncertain_positive, uncertain_negative : Interval or None
        Shares of those with and without it that are uncertain; None at a requested point, where
        no decision is uncertain.
    split : str
        ``test``, or ``site`` with a site profile; ``validation`` for rates from the curve.
    patients : int or None
    """

    sensitivity: Interval
    specificity: Interval
    uncertain_positive: Interval | None
    uncertain_negative: Interval | None
    split: str
    patients: int | None


@dataclass(frozen=True, slots=True)
class CoverageFigures:
    """Measured coverage of prediction sets, on radiographs not used for fitting.

    Attributes
    ----------
    films : str
        ``test``, ``site``, or the name of an acquisition left out of training.
    positive, negative : float
        Shares of radiographs with and without the finding, in [0, 1].
    """

    films: str
    positive: float
    negative: float
    patients: int


def decision_rates(task: Task, point: OperatingPoint) -> Rates | None:
    """Rates of the decisions that are made at an operating point; None where not measured.

    Returns
    -------
    Rates or None
    """
    zone = uncertain_between(task.conformal, point)
    test = task.metrics.get(task.measured_on)
    if test is not None and point.threshold == task.operating_point.threshold:
        if zone is None:
            rates = test.sensitivity, test.specificity
            return Rates(*rates, None, None, task.measured_on, test.patients)
        measured = _measured(test, task.measured_on)
        if measured is not None:
            return measured
    low, high = zone or (point.threshold, point.threshold)
    above, below = rates_at(task, high), rates_at(task, low)
    if above is None or below is None:
        return None
    validation = task.metrics.get(task.chosen_on)
    return Rates(
        sensitivity=_exactly(above[0]),
        specificity=_exactly(below[1]),
        uncertain_positive=_exactly(below[0] - above[0]) if zone else None,
        uncertain_negative=_exactly(above[1] - below[1]) if zone else None,
        split=task.chosen_on,
        patients=validation.patients if validation else None,
    )


def coverage_figures(task: Task) -> tuple[CoverageFigures, ...]:
    """Measured coverage of a task's prediction sets: test patients first, then acquisitions."""
    splits = {task.measured_on: task.metrics.get(task.measured_on), **task.across_acquisitions}
    return tuple(
        CoverageFigures(
            films,
            metrics.conformal_coverage_positive.value,
            metrics.conformal_coverage_negative.value,
            metrics.patients,
        )
        for films, metrics in splits.items()
        if metrics and metrics.conformal_coverage_positive and metrics.conformal_coverage_negative
    )


def _measured(test: SplitMetrics, split: str) -> Rates | None:
    sensitivity, specificity = test.decided_sensitivity, test.decided_specificity
    if sensitivity is None or specificity is None:
        return None
    uncertain = test.uncertain_share_positive, test.uncertain_share_negative
    return Rates(sensitivity, specificity, *uncertain, split, test.patients)


def _exactly(value: float) -> Interval:
    return Interval(value=value, low=value, high=value)
