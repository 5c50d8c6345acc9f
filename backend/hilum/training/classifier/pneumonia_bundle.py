"""Making of the pneumonia bundle from a fitted network: tune, measure, write."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from hilum.datasets.chest_xray import CLASSES
from hilum.datasets.public.chest_xray import CHEST_XRAY
from hilum.errors import DatasetError
from hilum.evaluation.figures.card_tasks import with_figures
from hilum.evaluation.figures.predictions import Predictions
from hilum.evaluation.reports.model_card import CARD_TEXT_FILE, card_text
from hilum.findings import Finding
from hilum.models import Screener, load_bundle
from hilum.models.bundle import KERAS_FILE, Bundle, write_card
from hilum.models.card import Activation, Card
from hilum.models.split_lists import SPLITS_FILE, read_split_lists, split_lists_text
from hilum.models.task import IntendedPatients, Task
from hilum.populations import Population
from hilum.training.classifier.bundle_parts import verified, weights_credit
from hilum.training.classifier.pneumonia import (
    Progress,
    Split,
    changed_split,
    load_splits,
    predict_logits,
)
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.classifier.tune import (
    Acquisitions,
    Tuned,
    predictions_of,
    scored_of,
    tune,
)
from hilum.training.export import CLASSIFIER, export_bundle, shortened
from hilum.training.resumable import Fitted
from hilum.words.counts import agreeing, counted, first_few

_PARTS = (Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)

_LIMITS = (
    "Learned from one hospital's films of children aged 1 to 5; not for adults or newborns.",
    "Distinguishes pneumonia from normal only; it does not assess other diseases.",
    "Accuracy may be lower on films of other machines.",
    "Bacterial and viral pneumonia look alike: the distinction is an indication, not a cause.",
)


def draft_task(tuned: Tuned) -> Task:
    """The task of the pneumonia model, before there are figures."""
    return Task(
        finding=Finding.PNEUMONIA,
        parts=_PARTS,
        operating_point=tuned.operating_point,
        conformal=tuned.conformal,
        intended=IntendedPatients(population=Population.CHILDREN, years=(1, 6)),
    )


def draft_card(config: PneumoniaConfig, tuned: Tuned, **facts: Any) -> Card:
    """A card of the pneumonia model, before there are figures and files.

    Parameters
    ----------
    **facts
        Fields of the card that differ from a draft's.
    """
    draft: Mapping[str, Any] = {
        "name": "pneumonia",
        "title": "Pneumonia in children",
        "version": "draft",
        "created": datetime.now(UTC).date(),
        "intended_use": "Research and education: a first reading of a child's chest radiograph "
        "for signs of pneumonia. Not a medical device; a person decides.",
        "intended_population": "Children of 1 to 5 years, frontal chest radiographs",
        "preprocessing": config.preprocessing,
        "activation": Activation.SOFTMAX,
        "outputs": CLASSES,
        "calibration": tuned.calibration,
        "main": Finding.PNEUMONIA,
        "tasks": (draft_task(tuned),),
        "files": {},
        "parameters": 0,
        "training_data": (CHEST_XRAY.credit, *weights_credit(config)),
        "training": {},
        "limits": _LIMITS,
    }
    return Card.model_validate({**draft, **facts})


def make_bundle(
    fitted: Fitted,
    splits: dict[str, Split],
    config: PneumoniaConfig,
    folder: Path,
    *,
    version: str,
    screener: Screener | None,
    acquisitions: Acquisitions | None = None,
) -> Card:
    """Calibrate on validation, measure on every held-out split, and write the bundle.

    Parameters
    ----------
    folder : Path
        Where the bundle goes.
    screener : Screener or None
    acquisitions : mapping of str to Predictions, optional
        See `Acquisitions`.
    """
    model = shortened(fitted.model)
    tuned, predictions = _tuned(model, splits, config, screener, acquisitions or {})
    card = draft_card(
        config,
        tuned,
        version=version,
        parameters=model.count_params(),
        training={**fitted.described(config), "splits": _described(splits)},
    )
    measured = with_figures(card, predictions)
    made = export_bundle(
        model,
        lambda files: measured.model_copy(update={"files": files}),
        folder,
        CLASSIFIER,
        measured=partial(verified, screener=screener),
        beside={
            SPLITS_FILE: split_lists_text(
                {
                    name: [path.stem for path in split.radiographs["path"]]
                    for name, split in splits.items()
                }
            )
        },
    )
    (folder / CARD_TEXT_FILE).write_text(card_text(made), encoding="utf-8")
    return made


def calibrate_again(
    folder: Path,
    data: Path,
    *,
    version: str,
    screener: Screener | None,
    acquisitions: Acquisitions | None = None,
    progress: Progress | None = None,
) -> Card:
    """Calibrate and measure a bundle's network again, such as for another anatomy model.

    Trials and figures across acquisitions stay as they are.

    Parameters
    ----------
    folder : Path
        The bundle; its card is replaced.
    data : Path
        The data set's folder; see `hilum.datasets.chest_xray.find_radiographs`.
    acquisitions : mapping of str to Predictions, optional
        See `Acquisitions`.
    """
    bundle = load_bundle(folder)
    config = PneumoniaConfig.model_validate(bundle.card.training["config"])
    splits = load_splits(data, config, screener, names=("validation", "test"), progress=progress)
    _check_same(bundle, splits)
    model = keras.saving.load_model(folder / KERAS_FILE, compile=False)
    tuned, predictions = _tuned(model, splits, config, screener, acquisitions or {})
    task = bundle.card.main_task.model_copy(
        update={"operating_point": tuned.operating_point, "conformal": tuned.conformal}
    )
    changes = {
        "version": version,
        "created": datetime.now(UTC).date(),
        "calibration": tuned.calibration,
        "tasks": (task,),
        "limits": _LIMITS,
    }
    card = with_figures(bundle.card.model_copy(update=changes), predictions)
    write_card(card, folder)
    card = verified(card, folder, screener)
    write_card(card, folder)
    (folder / CARD_TEXT_FILE).write_text(card_text(card), encoding="utf-8")
    return card


def _check_same(bundle: Bundle[Card], splits: Mapping[str, Split]) -> None:
    """Refuse splits that are drawn from other images: training images could be in them."""
    lists = read_split_lists(bundle) or {}
    for name, split in splits.items():
        stems = {path.stem for path in split.radiographs["path"]}
        strange = sorted(stems ^ lists.get(name, frozenset(stems)))
        if strange:
            are = agreeing(len(strange), "is", "are")
            raise DatasetError(
                f"The split {name} of these images is not that of the bundle: "
                f"{counted(len(strange), 'image')} {are} in one of them only "
                f"({first_few(strange)}). Use the images that the model was made from."
            )


def _tuned(
    model: keras.Model,
    splits: Mapping[str, Split],
    config: PneumoniaConfig,
    screener: Screener | None,
    acquisitions: Acquisitions,
) -> tuple[Tuned, dict[str, Predictions]]:
    """Fit decisions to validation, and predict every held-out split with them."""
    fitted_on = "validation"
    parts = {"validation": splits["validation"]}
    if config.changed_copies:
        parts["changed"] = changed_split(splits["validation"], config, screener)
        fitted_on = f"validation, unchanged and under {config.changed_copies} changes of each film"
    tuned_on = list(parts)
    if acquisitions:
        names = " and ".join(acquisitions)
        fitted_on += f", and {names}, each predicted by a network trained on the others"
    parts["test"] = splits["test"]
    logits = {name: predict_logits(model, part, config) for name, part in parts.items()}
    tuned = tune(
        np.concatenate([logits[name] for name in tuned_on]),
        np.concatenate([parts[name].labels for name in tuned_on]),
        coverage=config.coverage,
        fitted_on=fitted_on,
        elsewhere=[scored_of(said, config.coverage_elsewhere) for said in acquisitions.values()],
    )
    return tuned, {
        name: predictions_of(logits[name], tuned.calibration, part) for name, part in parts.items()
    }


def _described(splits: dict[str, Split]) -> dict[str, Any]:
    return {
        name: {
            "patients": len(set(split.patients)),
            "images": len(split.radiographs),
            "by_class": {
                finding.value: int((split.labels == i).sum()) for i, finding in enumerate(CLASSES)
            },
            **({"left_out": list(split.left_out)} if split.left_out else {}),
        }
        for name, split in splits.items()
    }
