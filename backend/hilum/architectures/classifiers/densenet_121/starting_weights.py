"""Initialise a DenseNet with weights trained on photographs (ImageNet)."""

from pathlib import Path

import keras

from hilum.architectures.classifiers.densenet_121.network import build_densenet
from hilum.architectures.classifiers.densenet_121.source import SOURCE
from hilum.architectures.classifiers.keras_weights import start_from_colour
from hilum.models.card import DataCredit

CREDIT = DataCredit(
    name=SOURCE.title,
    licence=SOURCE.licence,
    source=f"{SOURCE.homepage} ({SOURCE.origins[0].tables[0].filename})",
    citation=SOURCE.citation,
)


def start_densenet(model: keras.Model, path: Path) -> None:
    """Put published weights into a network of `build_densenet`.

    The published network reads each channel in standard deviations of photographs. See
    `start_from_colour`.
    """
    colour = build_densenet(input_size_px=32, classes=1, channels=3)
    start_from_colour(model, colour, path, grey_deviation=1.0, name="DenseNet-121")
