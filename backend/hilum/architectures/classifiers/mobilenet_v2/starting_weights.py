"""Initialise a network with weights trained on photographs (ImageNet)."""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import openvino as ov
from keras import layers
from numpy.typing import NDArray

from hilum.architectures.classifiers.mobilenet_v2.source import SOURCE
from hilum.errors import DatasetError
from hilum.models.card import DataCredit

CREDIT = DataCredit(
    name=SOURCE.title,
    licence=SOURCE.licence,
    source=f"{SOURCE.homepage} ({SOURCE.origins[0].tables[0].filename})",
    citation=SOURCE.citation,
)

_GREY_DEVIATION = 60 / 127.5
"""The published network reads grey levels from -1 to 1, in which photographs deviate by about
this much; ours reads standard deviations."""

_Weights = tuple[NDArray[np.float32], NDArray[np.float32]]


def start_mobilenet(model: keras.Model, path: Path) -> None:
    """Put published weights into a network of `build_mobilenet`.

    Convolutions are matched in the order of the file's network; those after our last one are
    ignored. The three colour channels of the first kernels are summed, because the input is grey.

    Parameters
    ----------
    path : Path
        A TensorFlow Lite network, its batch norms folded in; integer weights become floats
        again by their scales.

    Raises
    ------
    DatasetError
        The file cannot be read, or lacks a layer, or has one of another shape.
    """
    try:
        found = iter([*_convolutions(ov.Core().read_model(path))])
    except RuntimeError as exc:
        raise DatasetError(f"{path.name} is no network of convolutions with biases.") from exc
    *ours, _head = (
        layer for layer in model.layers if isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D)
    )
    for number, layer in enumerate(ours, start=1):
        kernel, bias = next(found, (None, None))
        expected = [weights.shape for weights in layer.weights]
        if kernel is not None and number == 1 and expected[0][2] == 1:
            kernel = _GREY_DEVIATION * kernel.sum(axis=2, keepdims=True)
        if kernel is None or bias is None or [kernel.shape, bias.shape] != expected:
            raise DatasetError(
                f"{path.name} has no weights that fit convolution {number} of {len(ours)}, "
                f"of shape {expected[0]}."
            )
        layer.set_weights([kernel, bias])


def _convolutions(network: ov.Model) -> Iterator[_Weights]:
    """Kernels, in TensorFlow's order of axes, and biases."""
    convolutions = [
        node
        for node in network.get_ordered_ops()
        if node.get_type_name() in ("Convolution", "GroupConvolution")
    ]
    after = [next(iter(node.output(0).get_target_inputs())).get_node() for node in convolutions]
    kernels = _values([node.input_value(1) for node in convolutions])
    biases = _values([node.input_value(1) for node in after])
    for node, kernel, bias in zip(convolutions, kernels, biases, strict=True):
        if node.get_type_name() == "GroupConvolution":
            # (channels, 1, 1, rows, columns) where it is depthwise
            yield kernel[:, 0].transpose(2, 3, 0, 1), bias.reshape(-1)
        else:
            yield kernel.transpose(2, 3, 1, 0), bias.reshape(-1)


def _values(constants: list[ov.Output]) -> list[NDArray[np.float32]]:
    """What parts of a network that no input feeds come to; compiled once for all of them."""
    compiled = ov.Core().compile_model(ov.Model(constants, []), "CPU")
    found = compiled([])
    return [np.array(found[at], dtype=np.float32) for at in range(len(constants))]
