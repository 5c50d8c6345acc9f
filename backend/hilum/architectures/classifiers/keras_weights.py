"""Initialise a network of grey pictures with weights that Keras publishes for colour pictures."""

from pathlib import Path
from typing import Any

import keras

from hilum.architectures.classifiers.head import ACTIVATION_MAP
from hilum.errors import DatasetError


def start_from_colour(
    model: keras.Model, colour: keras.Model, path: Path, *, grey_deviation: float, name: str
) -> None:
    """Put the weights of a file into a network, except for its head.

    The three colour channels of the first kernels are summed, because the input is grey.

    Parameters
    ----------
    colour : keras.Model
        The same network for pictures of three channels; it gets the weights as they are.
    path : Path
        HDF5 without the top, as `keras.applications` has it.
    grey_deviation : float
        Deviation of grey levels in photographs as the published network reads them; ours reads
        standard deviations.
    name : str
        Of the network, for the error.

    Raises
    ------
    DatasetError
        The file cannot be read, or is of another network.
    """
    trunk = keras.Model(colour.input, colour.get_layer(ACTIVATION_MAP).input)
    try:
        trunk.load_weights(path)
    except (OSError, ValueError, KeyError) as exc:
        raise DatasetError(
            f"{path.name} has no weights of {name} without its top, as Keras publishes them (HDF5)."
        ) from exc
    for number, (ours, published) in enumerate(
        zip(_weighted(model), _weighted(trunk), strict=True)
    ):
        kernel, *others = published.get_weights()
        if number == 0:
            kernel = grey_deviation * kernel.sum(axis=2, keepdims=True)
        ours.set_weights([kernel, *others])


def _weighted(model: keras.Model) -> list[Any]:
    return [layer for layer in model.layers if layer.weights and layer.name != ACTIVATION_MAP]
