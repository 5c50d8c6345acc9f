"""Cross-validation: each film is measured by a network not trained on its patient."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel

from hilum.datasets.folds import Plan
from hilum.evaluation.calibration.decisions import Scored, tune_decision
from hilum.evaluation.figures.predictions import Predictions, task_metrics
from hilum.findings import Finding
from hilum.models import Screener
from hilum.models.calibration import calibrated
from hilum.models.card import Activation
from hilum.models.measured import SplitMetrics
from hilum.training.classifier.pneumonia import (
    Split,
    changed_split,
    fit_pneumonia,
    predict_logits,
    take,
)
from hilum.training.classifier.pneumonia_bundle import draft_card
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.classifier.tune import Tuned, predictions_of, scored, scored_of, tune

_OWN = "patients of the fold's own"


class CrossValidation(BaseModel):
    """Figures of each fold at its own operating point, and of all folds' films together.

    Attributes
    ----------
    folds : dict of str to SplitMetrics
        By the plans' names.
    together : SplitMetrics
        All folds' films, at the mean of the folds' operating points.
    """

    folds: dict[str, SplitMetrics]
    together: SplitMetrics


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """One fold, measured.

    Attributes
    ----------
    name : str
        The plan's.
    tuned_on : Scored
        Films of the fold's own that its decisions were fitted to.
    """

    name: str
    metrics: SplitMetrics
    said: Predictions
    tuned: Tuned
    tuned_on: Scored


def cross_validate(
    config: PneumoniaConfig,
    data: Split,
    plans: Sequence[Plan],
    screener: Screener | None,
    *,
    checkpoints: Path,
    weights: Path | None = None,
    verbose: int = 2,
) -> Iterator[Fold]:
    """Train once for each plan, tune as the bundle is tuned, and measure.

    Parameters
    ----------
    data : Split
        All films.
    screener : Screener or None
        See `hilum.training.classifier.pneumonia.changed_split`.
    checkpoints : Path
        One folder below it for each plan; a killed run goes on from there.
    weights : Path, optional
        See `hilum.training.classifier.fit.fit_classifier`.

    Yields
    ------
    Fold
    """
    for plan in plans:
        tuned_on = [take(data, plan.tune)]
        fitted = fit_pneumonia(
            config,
            {"train": take(data, plan.train), "validation": tuned_on[0]},
            checkpoints=checkpoints / plan.name,
            weights=weights,
            verbose=verbose,
        )
        if config.changed_copies:
            tuned_on.append(changed_split(tuned_on[0], config, screener))
        logits = np.concatenate([predict_logits(fitted.model, part, config) for part in tuned_on])
        labels = np.concatenate([part.labels for part in tuned_on])
        tuned = tune(logits, labels, coverage=config.coverage, fitted_on=_OWN)
        measured_on = take(data, plan.measure)
        said = predictions_of(
            predict_logits(fitted.model, measured_on, config), tuned.calibration, measured_on
        )
        own = scored(calibrated(logits, tuned.calibration, Activation.SOFTMAX), labels)
        yield Fold(plan.name, _metrics(said, config, tuned), said, tuned, own)


def decided_across(config: PneumoniaConfig, folds: Sequence[Fold]) -> list[Fold]:
    """The folds with decisions chosen for the other folds' acquisitions too, and measured again.

    As a bundle's decisions are chosen with `Acquisitions`, but without the acquisition that is
    measured.

    Parameters
    ----------
    folds : sequence of Fold
        Each measured on an acquisition that its network was not trained on.
    """
    return [
        _decided(config, fold, [other for other in folds if other is not fold]) for fold in folds
    ]


def _decided(config: PneumoniaConfig, fold: Fold, others: Sequence[Fold]) -> Fold:
    point, conformal = tune_decision(
        [fold.tuned_on, *(scored_of(other.said, config.coverage_elsewhere) for other in others)],
        finding=Finding.PNEUMONIA,
        coverage=config.coverage,
        fitted_on=f"{_OWN}, and {', '.join(f'{other.name} numbers' for other in others)}",
    )
    tuned = replace(fold.tuned, operating_point=point, conformal=conformal)
    return replace(fold, tuned=tuned, metrics=_metrics(fold.said, config, tuned))


def gather(config: PneumoniaConfig, folds: Sequence[Fold]) -> CrossValidation:
    """Figures of all folds' films together, at the mean of the folds' operating points."""
    everyone = Predictions(
        np.concatenate([fold.said.probabilities for fold in folds]),
        pd.concat([fold.said.labels for fold in folds], ignore_index=True),
        [patient for fold in folds for patient in fold.said.patients],
    )
    first = folds[0].tuned
    threshold = float(np.mean([fold.tuned.operating_point.threshold for fold in folds]))
    quantiles = {
        label: float(np.mean([fold.tuned.conformal.quantiles[label] for fold in folds]))
        for label in first.conformal.quantiles
    }
    mean = replace(
        first,
        operating_point=first.operating_point.model_copy(update={"threshold": threshold}),
        conformal=first.conformal.model_copy(update={"quantiles": quantiles}),
    )
    return CrossValidation(
        folds={fold.name: fold.metrics for fold in folds},
        together=_metrics(everyone, config, mean),
    )


def _metrics(said: Predictions, config: PneumoniaConfig, tuned: Tuned) -> SplitMetrics:
    card = draft_card(config, tuned)
    return task_metrics(said, card, card.main_task)
