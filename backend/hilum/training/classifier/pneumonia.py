"""Steps of the pneumonia model's training: data, splits, fit."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.chest_xray import CLASSES, class_labels, find_radiographs
from hilum.datasets.splits import split_by_patient
from hilum.errors import DatasetError
from hilum.evaluation.robustness.changes import CHANGES
from hilum.imaging import decode
from hilum.imaging.preprocess import WHOLE, decoded_side_px, resample
from hilum.models import Screener
from hilum.training.classifier.films import Films, load_films
from hilum.training.classifier.fit import fit_classifier, predicted_logits
from hilum.training.classifier.objective import Objective, one_of_many
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.resumable import Fitted
from hilum.words.counts import first_few

_MIDDLE = 1

Progress = Callable[[Sequence[Path], str], Iterable[Path]]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One part of the data, in memory.

    Attributes
    ----------
    radiographs : DataFrame, n rows
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.
    left_out : tuple of str
        Names of files that could not be read.
    """

    radiographs: pd.DataFrame
    films: Films
    left_out: tuple[str, ...] = ()

    @property
    def patients(self) -> list[str]:
        """Patient of each radiograph."""
        return self.radiographs["patient"].tolist()

    @property
    def labels(self) -> NDArray[np.intp]:
        """Index into `CLASSES` of each radiograph's finding, shape (n,)."""
        return class_labels(self.radiographs)


def load_split(
    radiographs: pd.DataFrame,
    config: PneumoniaConfig,
    screener: Screener | None,
    *,
    progress: Progress | None = None,
    name: str = "",
) -> Split:
    """Load images and the input of the network for each; unreadable ones are left out.

    Parameters
    ----------
    screener : Screener or None
        Required if the network reads the lung field.
    progress : callable, optional
        Wraps the paths to show progress; takes them and the split's name.

    Raises
    ------
    DatasetError
        A class has no readable image.
    """
    paths = radiographs["path"].tolist()
    shown = progress(paths, name) if progress else None
    films, unreadable = load_films(paths, config.preprocessing, screener, progress=shown)
    left_out = tuple(paths[index].name for index in unreadable)
    kept = np.delete(np.arange(len(paths)), unreadable)
    split = Split(radiographs.iloc[kept], films, left_out)
    lost = set(class_labels(radiographs)) - set(split.labels)
    if lost:
        raise DatasetError(
            f"No picture of {', '.join(CLASSES[label].label for label in sorted(lost))} in "
            f"{name or 'the data'} can be read: {first_few(left_out)}. Fetch the data again."
        )
    return split


def told_left_out(splits: Mapping[str, Split]) -> list[str]:
    """A sentence for each split with unreadable images."""
    return [
        f"{len(split.left_out)} of {len(split.left_out) + len(split.radiographs)} pictures of "
        f"{name} cannot be read and were left out: {first_few(split.left_out)}."
        for name, split in splits.items()
        if split.left_out
    ]


def load_splits(
    folder: Path,
    config: PneumoniaConfig,
    screener: Screener | None,
    *,
    names: Collection[str] = ("train", "validation", "test"),
    progress: Progress | None = None,
) -> dict[str, Split]:
    """Load the data set and split it by patient into train, validation and test.

    Parameters
    ----------
    folder : Path
        The data set's folder; see `hilum.datasets.chest_xray.find_radiographs`.
    screener : Screener or None
    names : collection of str
        Splits to load.
    progress : callable, optional

    Raises
    ------
    DatasetError
        Data is absent or unusable.
    """
    shares = {"validation": config.validation_share, "test": config.test_share}
    labels = [finding.label for finding in CLASSES]
    found = find_radiographs(folder)
    parts = split_by_patient(
        class_labels(found), found["patient"], shares, seed=config.seed, names=labels
    )
    return {
        name: load_split(found.iloc[part], config, screener, progress=progress, name=name)
        for name, part in parts.items()
        if name in names
    }


def fit_pneumonia(
    config: PneumoniaConfig,
    splits: dict[str, Split],
    *,
    checkpoints: Path,
    weights: Path | None = None,
    verbose: int = 1,
) -> Fitted:
    """Fit the network on the train split; see `fit_classifier`."""
    train, validation = splits["train"], splits["validation"]
    return fit_classifier(
        config,
        (train.films, _objective(train, config)),
        (validation.films, _objective(validation, config).targets),
        checkpoints=checkpoints,
        weights=weights,
        verbose=verbose,
    )


def _objective(split: Split, config: PneumoniaConfig) -> Objective:
    return one_of_many(split.labels, len(CLASSES), label_smoothing=config.label_smoothing)


def predict_logits(
    model: keras.Model, split: Split, config: PneumoniaConfig
) -> NDArray[np.float32]:
    """Logits of every picture of a split, shape (n, classes)."""
    return predicted_logits(model, split.films, config)


def take(split: Split, chosen: Sequence[int]) -> Split:
    """The chosen films of a split."""
    return Split(split.radiographs.iloc[list(chosen)], split.films.take(chosen))


def changed_split(split: Split, config: PneumoniaConfig, screener: Screener | None) -> Split:
    """A split under simulated changes of acquisition, drawn at random for each film.

    Calibration and operating point are fitted on it in addition to the unchanged films, so that
    they hold for more than one machine. The changes are those of the robustness suite at middle
    strength; the lungs are segmented again in each changed film.

    Parameters
    ----------
    screener : Screener or None

    Returns
    -------
    Split
        `PneumoniaConfig.changed_copies` times as large.
    """
    how = config.preprocessing
    rng = np.random.default_rng(config.seed)
    copied, pictures, boxes = [], [], []
    for index, path in enumerate(split.radiographs["path"]):
        radiograph = decode(path.read_bytes(), smallest_side_px=decoded_side_px(how))
        for number in rng.permutation(len(CHANGES))[: config.changed_copies]:
            changed = CHANGES[number].apply(radiograph, _MIDDLE, seed=config.seed)
            box = WHOLE
            if how.sampled_px is not None and screener is not None:
                screening = screener.screen(changed)
                changed, field = screening.radiograph, screening.anatomy.lung_field
                box = field.box if field else WHOLE
            copied.append(index)
            pictures.append(resample(changed.pixels, how.sampled_px or how.input_size_px))
            boxes.append(box)
    return Split(split.radiographs.iloc[copied], Films(np.stack(pictures), boxes))
