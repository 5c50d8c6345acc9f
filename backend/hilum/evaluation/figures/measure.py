"""All figures of a model on labelled images: its tasks, parts and subgroups."""

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.spelling import NOT_STATED, SUBGROUPS
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.decided import Figures, decided_at, in_order, measure_decided
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.resampling import PatientBootstrap
from hilum.evaluation.figures.task_outcomes import Said, task_outcomes
from hilum.models.card import Card
from hilum.models.measured import Interval
from hilum.models.task import Task

_NOT_IN_SUBGROUPS = frozenset(
    {
        "positive_predictive_value_at_prevalence",
        "negative_predictive_value_at_prevalence",
        "net_benefit",
    }
)


def measure(outcomes: Said, card: Card, task: Task, *, prevalence: float | None = None) -> Figures:
    """Every figure of a task at its operating point.

    Parameters
    ----------
    task : Task
        Of the card, or like one.
    prevalence : float, optional
        Additional prevalence for predictive values, in (0, 1).

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
    return replace(found, figures=in_order(found.figures | parts))


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


def _order(name: str) -> tuple[int, str]:
    """Age bands by age, other groups by name."""
    digits = "".join(c if c.isdigit() else " " for c in name).split()
    return (-1 if name.startswith("under") else int(digits[0]) if digits else 0, name)


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
