"""Features that were not trained on the images: of ImageNet weights, and of other models."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from hilum.architectures.classifiers import find_classifier
from hilum.architectures.classifiers.head import ACTIVATION_MAP, level_widths
from hilum.imaging.preprocess import WHOLE
from hilum.models.anatomy import AnatomyCard
from hilum.models.bundle import KERAS_FILE, load_bundle_of
from hilum.models.card import BundleCard, Card
from hilum.training.classifier.films import Films, PlainBatches
from hilum.training.classifier.fit import load_starting_weights
from hilum.training.config import TrainingConfig
from hilum.training.devices import device_count
from hilum.training.findings.config import FindingsConfig, TeacherModel

Features = Sequence[NDArray[np.float32]]
"""For each member of an ensemble, features of all images, shape (n, channels)."""

_POOLED = "features"
"""Layer of the anatomy network that its heads read."""


def frozen_features(
    films: Films, config: FindingsConfig, weights: Path, models: Path | None = None
) -> Features:
    """Features of the starting weights, at several sizes and depths, and of other models.

    Parameters
    ----------
    weights : Path
        The file that `TrainingConfig.starting_weights` names.
    models : Path, optional
        Folder of the bundles that `FindingsConfig.teacher_models` names.

    Raises
    ------
    DatasetError
        See `load_starting_weights`.
    BundleError
        A bundle is missing or damaged.
    ValueError
        There are such names, and no folder.
    """
    if config.teacher_models and models is None:
        raise ValueError("the teacher reads features of other models: name their folder")
    architecture = find_classifier(config.architecture)
    found: list[NDArray[np.float32]] = []
    for side in config.teacher_sides:
        how = config.preprocessing.model_copy(update={"input_size_px": side})
        network = architecture.build(input_size_px=side, classes=1)
        load_starting_weights(network, config.architecture, weights)
        found += pooled_features(network, films, config.model_copy(update={"preprocessing": how}))
    if models:
        found += [
            _features_of(name, models / name, films, config) for name in config.teacher_models
        ]
    return found


def pooled_features(network: keras.Model, films: Films, config: TrainingConfig) -> Features:
    """Means over each image of the features that a network's head reads, by their depths."""
    features = _predicted(network, network.get_layer(ACTIVATION_MAP).input, films, config)
    widths = np.cumsum(level_widths(network))[:-1]
    return list(np.split(features, widths, axis=1))


def _features_of(
    name: TeacherModel, folder: Path, films: Films, config: FindingsConfig
) -> NDArray[np.float32]:
    """What the head of a model's network reads, of the images as that model reads them."""
    kind: type[BundleCard] = AnatomyCard if name == "anatomy" else Card
    how = load_bundle_of(kind, folder).card.preprocessing
    network = keras.saving.load_model(folder / KERAS_FILE, compile=False)
    is_pooled = name == "anatomy"
    layer = network.get_layer(_POOLED if is_pooled else ACTIVATION_MAP)
    read = layer.output if is_pooled else layer.input
    if how.region == "whole":
        films = replace(films, boxes=[WHOLE] * len(films.boxes))
    return _predicted(network, read, films, config.model_copy(update={"preprocessing": how}))


def _predicted(
    network: keras.Model, read: keras.KerasTensor, films: Films, config: TrainingConfig
) -> NDArray[np.float32]:
    """Values of a layer, their means over its places if it has any; shape (n, channels)."""
    pooled = read if len(read.shape) == 2 else layers.GlobalAveragePooling2D()(read)
    inputs = PlainBatches(
        films, config.preprocessing, batch_size=config.batch_size, multiple=device_count()
    )
    features = keras.Model(network.input, pooled).predict(inputs, verbose=0)
    return np.asarray(features[: len(films.boxes)])
