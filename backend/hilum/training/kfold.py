"""Cross-validation by patient: every film is measured once, by a network that never saw it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from hilum.evaluation.metrics import Predictions, split_metrics
from hilum.models.calibration import calibrated
from hilum.models.card import SplitMetrics
from hilum.training.config import TrainingConfig
from hilum.training.pneumonia import Split, fit_pneumonia, predict_logits, take
from hilum.training.pneumonia_bundle import Tuned, draft_card, tune
from hilum.training.splits import split_by_patient


class CrossValidation(BaseModel):
    """Figures of each fold at its own operating point, and of all folds' films together.

    Attributes
    ----------
    folds : list of SplitMetrics
    together : SplitMetrics
        All folds' films, at the mean of the folds' operating points.
    """

    folds: list[SplitMetrics]
    together: SplitMetrics


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """One fold, measured.

    Attributes
    ----------
    metrics : SplitMetrics
    said : Predictions
    tuned : Tuned
        On the next fold.
    """

    metrics: SplitMetrics
    said: Predictions
    tuned: Tuned


def fold_by_patient(split: Split, folds: int, *, seed: int) -> list[list[int]]:
    """Deal the films out by patient, each fold with the classes' shares.

    Returns
    -------
    list of list of int
        Indices of each fold's films; every film is in one.
    """
    names = [str(number) for number in range(1, folds)]
    parts = split_by_patient(split.samples, dict.fromkeys(names, 1 / folds), seed=seed)
    place = {sample.path: index for index, sample in enumerate(split.samples)}
    return [[place[sample.path] for sample in part] for part in parts.values()]


def cross_validate(
    config: TrainingConfig,
    data: Split,
    folds: int,
    *,
    checkpoints: Path,
    weights: Path | None = None,
    verbose: int = 2,
) -> Iterator[Fold]:
    """Train once for each fold, tune on the next, measure on it.

    Parameters
    ----------
    config : TrainingConfig
    data : Split
        All films.
    folds : int
        At least 3: one to measure on, one to tune on, the rest to train on.
    checkpoints : Path
        One folder below it for each fold; a killed run goes on from there.
    weights : Path, optional
        See `hilum.training.fit.fit_classifier`.
    verbose : int

    Yields
    ------
    Fold
    """
    parts = fold_by_patient(data, folds, seed=config.seed)
    for number, held_out in enumerate(parts):
        tuned_on = (number + 1) % folds
        rest = [i for k, part in enumerate(parts) if k not in (number, tuned_on) for i in part]
        splits = {
            "train": take(data, rest),
            "validation": take(data, parts[tuned_on]),
            "test": take(data, held_out),
        }
        fitted = fit_pneumonia(
            config,
            splits,
            checkpoints=checkpoints / f"fold-{number}",
            weights=weights,
            verbose=verbose,
        )
        logits = {
            name: predict_logits(fitted.model, splits[name], config)
            for name in ("validation", "test")
        }
        tuned = tune(
            logits["validation"],
            splits["validation"].labels,
            coverage=config.coverage,
            fitted_on="the next fold",
        )
        said = Predictions(
            calibrated(logits["test"], tuned.calibration),
            splits["test"].labels,
            splits["test"].patients,
        )
        yield Fold(split_metrics(said, draft_card(config, tuned)), said, tuned)


def gather(config: TrainingConfig, folds: Sequence[Fold]) -> CrossValidation:
    """Figures of all folds' films together, at the mean of the folds' operating points."""
    everyone = Predictions(
        np.concatenate([fold.said.probabilities for fold in folds]),
        np.concatenate([fold.said.labels for fold in folds]),
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
        folds=[fold.metrics for fold in folds],
        together=split_metrics(everyone, draft_card(config, mean)),
    )
