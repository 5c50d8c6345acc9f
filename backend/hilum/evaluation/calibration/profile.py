"""A site profile from predictions for the site's labelled radiographs."""

from datetime import date

import numpy as np

from hilum.evaluation.calibration.recalibrate import Truths
from hilum.evaluation.calibration.site import TaskFit, fit_site
from hilum.evaluation.comparisons.table import told
from hilum.evaluation.figures.curves import curves
from hilum.evaluation.figures.decided import Decided, measure_change, measure_decided
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.predictions import PRESENCE, counted_by, split_metrics
from hilum.evaluation.figures.task_outcomes import TaskOutcomes
from hilum.evaluation.figures.words import figure_words
from hilum.models.bundle import Bundle
from hilum.models.card import Card
from hilum.models.measured import SplitMetrics
from hilum.models.site_profile import SiteProfile, SiteTask
from hilum.words.counts import counted

_TOLD = (
    "auroc",
    "sensitivity",
    "specificity",
    "expected_calibration_error",
    "conformal_coverage_positive",
    "conformal_coverage_negative",
    "uncertain_share",
)
"""Figures in the table, by their names."""


def make_site_profile(
    outcomes: Outcomes, bundle: Bundle[Card], *, site: str, created: date
) -> SiteProfile:
    """Fit a site profile.

    Radiographs that the service would refuse are left out: it makes no decisions on them.

    Parameters
    ----------
    outcomes : Outcomes
        By the bundle's own calibration.
    site : str
        See `SiteProfile`.
    created : date

    Raises
    ------
    DatasetError
        There are too few radiographs, or too few patients of a label, for every task.
    """
    refused = {each.name for each in outcomes.refused}
    kept = ~outcomes.radiographs["name"].isin(refused).to_numpy()
    card = bundle.card
    truths = {finding: truth[kept] for finding, truth in truths_of(outcomes, card).items()}
    patients = outcomes.radiographs["patient"][kept].tolist()
    fit = fit_site(
        outcomes.probabilities[kept], truths, patients, card, fitted_on=f"radiographs of {site}"
    )
    return SiteProfile(
        site=site,
        created=created,
        model=card.name,
        version=card.version,
        sha256=bundle.sha256,
        images=len(patients),
        patients=len(set(patients)),
        calibration=fit.calibration,
        tasks={finding: _site_task(task) for finding, task in fit.tasks.items()},
    )


def truths_of(outcomes: Outcomes, card: Card) -> Truths:
    """Labels of each radiograph for the findings that a card decides on."""
    truths = {}
    for task in card.tasks:
        truth = outcomes.truth(card, task.finding).astype("Float64")
        truths[task.finding] = np.asarray(truth.to_numpy(na_value=np.nan), dtype=np.float64)
    return truths


def _site_task(fit: TaskFit) -> SiteTask:
    assert fit.task.conformal is not None
    said, _ = fit.after
    return SiteTask(
        operating_point=fit.task.operating_point,
        conformal=fit.task.conformal,
        before=_metrics(*fit.before),
        metrics=_metrics(*fit.after),
        changes=measure_change(*fit.before, *fit.after),
        curves=curves(said.truth, said.score),
    )


def _metrics(said: TaskOutcomes, decided: Decided) -> SplitMetrics:
    called = said.score >= decided.thresholds
    counts = counted_by(said.truth.astype(np.intp), called.astype(np.intp), PRESENCE)
    return split_metrics(measure_decided(said, decided), counts)


def site_table(profile: SiteProfile, card: Card) -> str:
    """Figures before and after a site calibration, as Markdown tables.

    Parameters
    ----------
    card : Card
        Of the bundle.

    Returns
    -------
    str
        A table for each task, with 95 % intervals in brackets; and the tasks that keep the
        bundle's values.
    """
    words = figure_words()
    films, patients = counted(profile.images, "radiograph"), counted(profile.patients, "patient")
    lines = [
        f"{card.name} {card.version} on {films} of {patients} of {profile.site}.",
        "The figures after calibration are cross-validated over patients.",
    ]
    for finding, task in profile.tasks.items():
        before, after = task.before, task.metrics
        point = card.task(finding).operating_point.threshold
        head = (
            f"{finding.label} in {counted(after.images, 'radiograph')} of "
            f"{counted(after.patients, 'patient')}, {after.positives} positive"
        )
        lines += ["", f"| {head} | before | after | change |", "|---|---|---|---|"]
        lines += [
            f"| {words[name]} | {told(getattr(before, name))} | {told(getattr(after, name))} "
            f"| {told(task.changes.get(name), '+')} |"
            for name in _TOLD
        ]
        lines.append(f"| Operating point | {point:.3f} | {task.operating_point.threshold:.3f} | |")
    kept = [each.finding.label.lower() for each in card.tasks if each.finding not in profile.tasks]
    if kept:
        missing = f"Too few radiographs are labelled for: {', '.join(kept)}."
        lines += ["", f"{missing} These findings keep the bundle's values."]
    return "\n".join(lines)
