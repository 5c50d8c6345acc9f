"""Folds of the patients, and predictions for each fold by a network not trained on it."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from hilum.datasets.labelled import LabelledSet
from hilum.datasets.leakage import find_leaks_among, refuse_leaks
from hilum.errors import DatasetError
from hilum.training.classifier.fit import fit_classifier, predicted_logits
from hilum.training.classifier.objective import each_by_itself
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import FindingsData, mixed_targets, reread_targets
from hilum.training.findings.decisions import are_adults
from hilum.training.findings.features import FEATURES_FILE, Features, kept_features
from hilum.training.findings.teacher import predicted_rereads, taught_targets
from hilum.training.resumable import Fitted
from hilum.words.counts import first_few


@dataclass(frozen=True, slots=True, eq=False)
class FindingsFold:
    """A network and its predictions for the fold that it was not trained on.

    Attributes
    ----------
    held_out : ndarray of int
        Indices of the fold's images.
    logits : ndarray of float32, shape (len(held_out), k)
    """

    held_out: NDArray[np.intp]
    fitted: Fitted
    logits: NDArray[np.float32]


def folds_of(data: FindingsData, config: FindingsConfig) -> list[NDArray[np.intp]]:
    """Indices of the images of each fold: all of a patient in one, stratified by finding.

    An image counts under its rarest finding.

    Raises
    ------
    DatasetError
        There are fewer patients than folds.
    """
    if len(set(data.patients)) < config.folds:
        raise DatasetError(
            f"{len(set(data.patients))} patients are too few for {config.folds} folds."
        )
    is_present = np.nan_to_num(data.targets) > 0
    rarest_first = np.argsort(is_present.sum(axis=0))
    strata = np.full(len(is_present), -1)
    for column in rarest_first[::-1]:
        strata[is_present[:, column]] = column
    folds = StratifiedGroupKFold(config.folds, shuffle=True, random_state=config.seed)
    with warnings.catch_warnings():
        # Of fewer images than folds in a stratum; `fit_folds` refuses what cannot be measured.
        warnings.simplefilter("ignore", UserWarning)
        return [held_out for _, held_out in folds.split(strata, strata, data.patients)]


def _check_examples(
    folds: Sequence[NDArray[np.intp]], data: FindingsData, config: FindingsConfig
) -> None:
    """Refuse folds without which, or of whose adults, a finding is always present, or never."""
    is_adult = are_adults(data.radiographs)
    first = folds[0][is_adult[folds[0]]]
    parts = {"the adults of fold 1, which measure the bundle": first}
    for number, held_out in enumerate(folds, start=1):
        parts[f"all folds but fold {number}"] = np.setdiff1d(np.arange(len(is_adult)), held_out)
    for part, rows in parts.items():
        targets = data.targets[rows]
        lacking = ~((targets == 0).any(axis=0) & (targets == 1).any(axis=0))
        names = [config.findings[at].value for at in np.flatnonzero(lacking)]
        if names:
            raise DatasetError(
                f"Of {part}, all images have the finding or none has: {first_few(names)}. Add "
                "images, draw other folds with --seed, or leave these findings out with --set "
                "findings=…"
            )


def refuse_leaks_of_folds(data: FindingsData, config: FindingsConfig) -> None:
    """Refuse copies and near copies in different folds; see `hilum.datasets.leakage.find_leaks`.

    Raises
    ------
    DatasetError
        There are some; counts them and names the first few.
    """
    folds = {
        f"fold {number}": LabelledSet(data.radiographs.iloc[rows])
        for number, rows in enumerate(folds_of(data, config), start=1)
    }
    refuse_leaks(find_leaks_among(folds))


def fit_folds(
    config: FindingsConfig,
    data: FindingsData,
    *,
    checkpoints: Path,
    weights: Path | None = None,
    verbose: int = 2,
) -> Iterator[FindingsFold]:
    """Train a network without each fold, and predict the fold.

    All epochs are trained and the last one's weights are kept, so that the fold is not chosen on.

    Parameters
    ----------
    checkpoints : Path
        A folder below it for each fold; a killed run goes on from there.
    weights : Path, optional
        See `fit_classifier`.

    Yields
    ------
    FindingsFold

    Raises
    ------
    DatasetError
        A fold cannot be measured on, or the others not learned from, for want of examples; or see
        `fit_classifier`.
    """
    folds = folds_of(data, config)
    _check_examples(folds, data, config)
    whole = config.model_copy(update={"patience": config.epochs})
    rereads = reread_targets(data, config)
    features: Features = ()
    if weights and (config.distilled or config.predicted_rereads):
        checkpoints.mkdir(parents=True, exist_ok=True)
        features = kept_features(data.films, config, weights, checkpoints / FEATURES_FILE)
    for number, held_out in enumerate(folds):
        rows = np.setdiff1d(np.arange(len(data.targets)), held_out)
        train, of_rows = data.take(rows), [each[rows] for each in features]
        targets = mixed_targets(train.targets, rereads[rows], config.rereads)
        if features:
            said = predicted_rereads(rereads[rows], of_rows, train.patients, config)
            targets = mixed_targets(targets, said, config.predicted_rereads)
            if config.distilled:
                targets = taught_targets(targets, of_rows, train.patients, config)
        measured = data.take(held_out)
        fitted = fit_classifier(
            whole,
            (train.films, each_by_itself(targets, config.loss)),
            (measured.films, measured.targets),
            checkpoints=checkpoints / f"fold-{number}",
            weights=weights,
            verbose=verbose,
        )
        yield FindingsFold(held_out, fitted, predict_findings(fitted.model, measured, config))


def predict_findings(
    model: keras.Model, data: FindingsData, config: FindingsConfig
) -> NDArray[np.float32]:
    """Logits of each image, shape (n, k)."""
    return predicted_logits(model, data.films, config)
