"""Features of ImageNet weights, which were not trained on the images."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from hilum.architectures.classifiers import find_classifier
from hilum.architectures.classifiers.head import ACTIVATION_MAP, level_widths
from hilum.training.classifier.films import Films, PlainBatches
from hilum.training.classifier.fit import load_starting_weights
from hilum.training.config import TrainingConfig
from hilum.training.devices import device_count
from hilum.training.findings.config import FindingsConfig

FEATURES_FILE = "features.npz"
"""Beside the checkpoints of the folds."""

Features = Sequence[NDArray[np.float32]]
"""For each member of an ensemble, features of all images, shape (n, channels)."""


def frozen_features(films: Films, config: FindingsConfig, weights: Path) -> Features:
    """Features of the starting weights, at several sizes and depths.

    Parameters
    ----------
    weights : Path
        The file that `TrainingConfig.starting_weights` names.

    Raises
    ------
    DatasetError
        See `load_starting_weights`.
    """
    architecture = find_classifier(config.architecture)
    found: list[NDArray[np.float32]] = []
    for side in config.teacher_sides_px:
        how = config.preprocessing.model_copy(update={"input_size_px": side})
        network = architecture.build(input_size_px=side, classes=1)
        load_starting_weights(network, config.architecture, weights)
        found += pooled_features(network, films, config.model_copy(update={"preprocessing": how}))
    return found


def kept_features(films: Films, config: FindingsConfig, weights: Path, file: Path) -> Features:
    """`frozen_features`, which are computed once and stored in a file.

    They take minutes, so a run that is continued reads them. Those of other films or settings are
    computed anew.

    Parameters
    ----------
    file : Path
        Ends in ``.npz``; in a folder that is there.
    """
    settings = config.model_dump_json(
        include={"architecture", "preprocessing", "starting_weights", "teacher_sides_px"}
    )
    if file.is_file():
        with np.load(file) as kept:
            if str(kept["settings"]) == settings and str(kept["mark"]) == films.mark:
                return [kept[f"{at}"] for at in range(len(kept.files) - 2)]
    found = frozen_features(films, config, weights)
    stored: dict[str, Any] = {f"{at}": each for at, each in enumerate(found)}
    partial = file.with_suffix(".part.npz")
    np.savez(partial, settings=settings, mark=films.mark, **stored)
    partial.replace(file)
    return found


def pooled_features(network: keras.Model, films: Films, config: TrainingConfig) -> Features:
    """Means over each image of the features that a network's head reads, by their depths."""
    read = network.get_layer(ACTIVATION_MAP).input
    features = predicted_features(network, read, films, config)
    return list(np.split(features, np.cumsum(level_widths(network))[:-1], axis=1))


def predicted_features(
    network: keras.Model, read: keras.KerasTensor, films: Films, config: TrainingConfig
) -> NDArray[np.float32]:
    """Values of a layer, their means over its places if it has any; shape (n, channels)."""
    pooled = read if len(read.shape) == 2 else layers.GlobalAveragePooling2D()(read)
    inputs = PlainBatches(
        films, config.preprocessing, batch_size=config.batch_size, multiple=device_count()
    )
    features = keras.Model(network.input, pooled).predict(inputs, verbose=0)
    return np.asarray(features[: len(films.boxes)])
