"""Make the pneumonia bundle: data, splits, fit, calibration, figures, card."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.metrics import Predictions, split_metrics, youden_threshold
from hilum.findings import Finding
from hilum.models.calibration import calibrated
from hilum.models.card import Card, OperatingPoint
from hilum.training.calibrate import fit_calibration
from hilum.training.chest_xray import CLASSES, CREDIT, Sample, find_samples
from hilum.training.config import TrainingConfig
from hilum.training.export import CLASSIFIER, export_bundle
from hilum.training.fit import Fitted, fit_classifier
from hilum.training.pictures import load_pictures, model_inputs
from hilum.training.splits import split_by_patient

_COMPOSITES = {Finding.PNEUMONIA: (Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)}

_LIMITS = (
    "Learned from one hospital's films of children aged 1 to 5; not for adults or newborns.",
    "Tells pneumonia from normal only; it has no answer for other diseases.",
    "Films from other machines may be read worse than these figures say.",
    "Bacterial and viral pneumonia overlap on radiographs: the split is a leaning, not a cause.",
)

Progress = Callable[[Sequence[Path], str], Iterable[Path]]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One part of the data, in memory.

    Attributes
    ----------
    samples : list of Sample
    pictures : ndarray of float32, shape (n, side, side), in [0, 1]
    labels : ndarray of int, shape (n,)
    """

    samples: list[Sample]
    pictures: NDArray[np.float32]
    labels: NDArray[np.intp]

    @property
    def patients(self) -> list[str]:
        """Patient of each picture."""
        return [sample.patient for sample in self.samples]


def load_splits(
    folder: Path, config: TrainingConfig, *, progress: Progress | None = None
) -> dict[str, Split]:
    """Load the data set and split it by patient into train, validation and test.

    Parameters
    ----------
    folder : Path
        The data set's folder; see `hilum.training.chest_xray.find_samples`.
    config : TrainingConfig
    progress : callable, optional
        Wraps the paths of each split to show progress; takes them and the split's name.

    Returns
    -------
    mapping of str to Split

    Raises
    ------
    DatasetError
        Data is absent or unusable.
    """
    shares = {"validation": config.validation_share, "test": config.test_share}
    parts = split_by_patient(find_samples(folder), shares, seed=config.seed)
    splits = {}
    for name, samples in parts.items():
        paths = [sample.path for sample in samples]
        shown = progress(paths, name) if progress else None
        pictures = load_pictures(paths, config.preprocessing, progress=shown)
        splits[name] = Split(samples, pictures, np.array([s.label for s in samples]))
    return splits


def fit_pneumonia(
    config: TrainingConfig, splits: dict[str, Split], *, checkpoints: Path, verbose: int = 1
) -> Fitted:
    """Fit the network on the train split; see `fit_classifier`."""
    train, validation = splits["train"], splits["validation"]
    return fit_classifier(
        config,
        (train.pictures, train.labels),
        (validation.pictures, validation.labels),
        classes=len(CLASSES),
        checkpoints=checkpoints,
        verbose=verbose,
    )


def predict_logits(model: keras.Model, split: Split, config: TrainingConfig) -> NDArray[np.float32]:
    """Logits of every picture of a split, shape (n, classes)."""
    inputs = model_inputs(split.pictures, config.preprocessing)
    return np.asarray(model.predict(inputs, batch_size=config.batch_size, verbose=0))


def make_bundle(
    fitted: Fitted,
    splits: dict[str, Split],
    config: TrainingConfig,
    folder: Path,
    *,
    version: str,
) -> Card:
    """Calibrate on validation, measure on every held-out split, and write the bundle.

    Parameters
    ----------
    fitted : Fitted
    splits : mapping of str to Split
    config : TrainingConfig
    folder : Path
        Where the bundle goes.
    version : str

    Returns
    -------
    Card
    """
    logits = {
        name: predict_logits(fitted.model, splits[name], config) for name in ("validation", "test")
    }
    validation = splits["validation"]
    calibration = fit_calibration(logits["validation"], validation.labels, fitted_on="validation")
    draft = Card(
        name="pneumonia",
        title="Pneumonia in children",
        version=version,
        created=datetime.now(UTC).date(),
        intended_use="Research and education: a first reading of a child's chest radiograph for "
        "signs of pneumonia. Not a medical device; a person decides.",
        intended_population="Children of 1 to 5 years, frontal chest radiographs",
        preprocessing=config.preprocessing,
        findings=CLASSES,
        composites=_COMPOSITES,
        target=Finding.PNEUMONIA,
        calibration=calibration,
        operating_points={
            Finding.PNEUMONIA: OperatingPoint(
                threshold=0.5, criterion="placeholder until chosen", chosen_on="validation"
            )
        },
        files={},
        parameters=fitted.model.count_params(),
        training_data=(CREDIT,),
        training={**fitted.described(config), "splits": _described(splits)},
        metrics={},
        limits=_LIMITS,
    )

    def predictions(name: str) -> Predictions:
        probabilities = calibrated(logits[name], calibration)
        return Predictions(probabilities, splits[name].labels, splits[name].patients)

    chosen_on = predictions("validation")
    threshold = youden_threshold(
        chosen_on.has(draft, Finding.PNEUMONIA), chosen_on.of(draft, Finding.PNEUMONIA)
    )
    point = OperatingPoint(
        threshold=round(threshold, 4),
        criterion="largest sensitivity + specificity - 1 (Youden)",
        chosen_on="validation",
    )
    draft = draft.model_copy(update={"operating_points": {Finding.PNEUMONIA: point}})
    metrics = {name: split_metrics(predictions(name), draft) for name in logits}
    return export_bundle(
        fitted.model,
        lambda files: draft.model_copy(update={"files": files, "metrics": metrics}),
        folder,
        CLASSIFIER,
    )


def _described(splits: dict[str, Split]) -> dict[str, Any]:
    return {
        name: {
            "patients": len(set(split.patients)),
            "images": len(split.samples),
            "by_class": {
                finding.value: int((split.labels == i).sum()) for i, finding in enumerate(CLASSES)
            },
        }
        for name, split in splits.items()
    }
