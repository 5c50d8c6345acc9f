"""Making of the findings bundle: train the folds, tune, measure, write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.listed_names import listed_names
from hilum.datasets.rereads import CREDIT as REREADS_CREDIT
from hilum.datasets.rereads import reread_counts
from hilum.datasets.spelling import SUBGROUPS
from hilum.evaluation.comparisons.rereads import against_rereads
from hilum.evaluation.figures.card_tasks import with_calibration_of, with_figures
from hilum.evaluation.figures.worst_group import with_worst_groups
from hilum.evaluation.reports.model_card import CARD_TEXT_FILE, card_text
from hilum.findings import Finding
from hilum.models import RuntimeName, Screener, load_bundle
from hilum.models.calibration import calibrated
from hilum.models.card import Activation, Card, DataCredit
from hilum.models.reader import classifier_outputs
from hilum.models.runtime import SINGLE_OUTPUT, load_runtime
from hilum.models.split_lists import SPLITS_FILE, split_lists_text
from hilum.training.classifier.bundle_parts import verified, weights_credit
from hilum.training.classifier.films import PlainBatches
from hilum.training.export import CLASSIFIER, export_bundle
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import FindingsData
from hilum.training.findings.decisions import (
    FOLDS,
    are_adults,
    calibrated_by_others,
    predictions_of,
    tune_findings,
)
from hilum.training.findings.folds import FindingsFold

LIMITS = (
    "Learned from labels that a program took from reports of one hospital; many are wrong.",
    "Learned from few films: a finding without enough evidence is not assessed.",
    "For adults; not for children.",
    "Accuracy may be lower on films of other hospitals and machines.",
)


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """Facts of a bundle that its training does not know.

    Attributes
    ----------
    credits : tuple of DataCredit
        Of the data sets.
    """

    version: str
    credits: tuple[DataCredit, ...]


def make_findings_bundle(
    config: FindingsConfig,
    data: FindingsData,
    folds: Sequence[FindingsFold],
    folder: Path,
    facts: BundleFacts,
    screener: Screener | None,
) -> Card:
    """Write the network of the first fold, with decisions chosen on the other folds.

    Parameters
    ----------
    folds : sequence of FindingsFold
        See `hilum.training.findings.folds.fit_folds`.
    folder : Path
        Where the bundle goes.
    screener : Screener or None

    Returns
    -------
    Card
        Its splits are ``test``, the first fold by the bundle's network, and ``folds``, all films,
        each by its fold's network. Both are of adults.
    """
    first, *others = folds
    model = first.fitted.model
    splits = _splits(data, first)
    names = listed_names(data.radiographs)
    logits = np.empty((len(data.targets), len(config.findings)), dtype=np.float32)
    for fold in folds:
        logits[fold.held_out] = fold.logits
    adults = np.flatnonzero(are_adults(data.radiographs))
    tuned_on = np.setdiff1d(adults, first.held_out)
    tuned = tune_findings(
        config,
        data.take(tuned_on),
        logits[tuned_on],
        fitted_on=f"adults of {len(others)} folds of patients, each predicted by a network trained "
        "on others",
    )
    card = Card.model_validate(
        {
            "name": folder.name,
            "title": "Findings in adults",
            "version": facts.version,
            "created": datetime.now(UTC).date(),
            "intended_use": "Research and education: a first reading of an adult's chest "
            "radiograph for common findings. Not a medical device; a person decides.",
            "intended_population": "Adults, frontal chest radiographs",
            "preprocessing": config.preprocessing,
            "activation": Activation.SIGMOID,
            "outputs": config.findings,
            "calibration": tuned.calibration,
            "main": _main(config),
            "tasks": tuned.tasks,
            "files": {},
            "parameters": model.count_params(),
            "training_data": (
                *facts.credits,
                *((REREADS_CREDIT,) if data.rereads is not None else ()),
                *weights_credit(config),
            ),
            "training": {
                **first.fitted.described(config),
                "splits": _described(config, data, splits),
                **_rereads_described(data.take(adults)),
            },
            "labels": config.labels,
            "limits": LIMITS,
        }
    )
    said_by_folds = calibrated(logits, tuned.calibration, Activation.SIGMOID)
    of_folds = predictions_of(config, data, said_by_folds)
    by_others = calibrated_by_others(data, logits, [fold.held_out for fold in folds])
    of_others = predictions_of(config, data, by_others)
    test = data.take(splits["test"])

    def measured(card: Card, made: Path) -> Card:
        said = calibrated(_logits(made, card, test), tuned.calibration, Activation.SIGMOID)
        of_test = predictions_of(config, test, said)
        card = with_figures(card, {"test": of_test, FOLDS: of_folds})
        card = with_calibration_of(card, FOLDS, of_others)
        groups = data.radiographs.iloc[adults].filter(list(SUBGROUPS))
        card = with_worst_groups(card, of_folds, groups)
        if data.rereads is not None:
            card = _with_rereads(card, data.rereads, data.take(adults), logits[adults])
        return verified(card, made, screener)

    made = export_bundle(
        model,
        lambda files: card.model_copy(update={"files": files}),
        folder,
        CLASSIFIER,
        measured=measured,
        beside={
            SPLITS_FILE: split_lists_text(
                {split: [names[row] for row in rows] for split, rows in splits.items()}
            )
        },
        halves_weights=True,
    )
    (folder / CARD_TEXT_FILE).write_text(card_text(made), encoding="utf-8")
    return made


def _with_rereads(
    card: Card, rereads: pd.DataFrame, data: FindingsData, logits: NDArray[np.float32]
) -> Card:
    """The card with figures against radiologists."""
    found = against_rereads(rereads, data.stems, data.patients, logits, data.targets, card.outputs)
    tasks = tuple(
        task.model_copy(update={"trials": {**task.trials, "rereads": found[task.finding]}})
        if task.finding in found
        else task
        for task in card.tasks
    )
    return card.model_copy(update={"tasks": tasks})


def _rereads_described(data: FindingsData) -> dict[str, Any]:
    """Counts of what radiologists read again, also where they are too few for figures."""
    return {} if data.rereads is None else {"rereads": reread_counts(data.rereads, data.stems)}


def _logits(folder: Path, card: Card, data: FindingsData) -> NDArray[np.float32]:
    """Logits of each image by the compiled form that the service uses, shape (n, k)."""
    runtime = load_runtime(load_bundle(folder), RuntimeName.OPENVINO, classifier_outputs(card))
    batches = PlainBatches(data.films, card.preprocessing, batch_size=1)
    said = [runtime.infer(batches[at][0])[SINGLE_OUTPUT] for at in range(len(batches))]
    return np.concatenate(said)


def _main(config: FindingsConfig) -> Finding:
    has_abnormal = Finding.ABNORMAL in config.findings
    return Finding.ABNORMAL if has_abnormal else config.findings[0]


def _splits(data: FindingsData, first: FindingsFold) -> dict[str, NDArray[np.intp]]:
    """Rows of each split of the card, by the network of the first fold.

    Children learn along, and are not in the figures.
    """
    held_out = np.sort(first.held_out)
    is_adult = are_adults(data.radiographs)[held_out]
    parts = {
        "train": np.setdiff1d(np.arange(len(data.targets)), held_out),
        "test": held_out[is_adult],
        "children": held_out[~is_adult],
    }
    return {name: rows for name, rows in parts.items() if len(rows)}


def _described(
    config: FindingsConfig, data: FindingsData, splits: Mapping[str, NDArray[np.intp]]
) -> dict[str, Any]:
    """Numbers of patients, films and positives, by split."""
    return {
        name: {
            "patients": len({data.patients[row] for row in rows}),
            "images": len(rows),
            "by_class": {
                finding.value: int((data.targets[rows, at] == 1).sum())
                for at, finding in enumerate(config.findings)
            },
            **({"left_out": list(data.left_out)} if data.left_out else {}),
        }
        for name, rows in splits.items()
    }
