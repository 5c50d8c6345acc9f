"""Receptive field of the cells of a convolutional layer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
from keras import layers


class Cells(NamedTuple):
    """Centres of a layer's cells on the network's input.

    Attributes
    ----------
    origin_px : float
        The first cell's, in pixels from the first pixel's centre.
    step_px : float
        From one to the next.
    """

    origin_px: float
    step_px: float


_PASS_ON = (
    layers.Activation,
    layers.Add,
    layers.BatchNormalization,
    layers.Concatenate,
    layers.Dense,
    layers.Dropout,
    layers.LayerNormalization,
    layers.MultiHeadAttention,
    layers.ReLU,
    layers.SpatialDropout2D,
)
"""Layers whose cells look where the cells of their inputs look; attention, elsewhere as well."""


def cells_of(model: keras.Model, layer_name: str) -> Cells:
    """Follow a network's layers from its input to one of them.

    Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
    Where branches meet whose centres differ, as in a residual block with a padded stride, the
    mean is taken.

    Parameters
    ----------
    model : keras.Model
        Of square convolutions, poolings, paddings, croppings, and layers that keep each cell
        where it is; both axes alike.

    Raises
    ------
    TypeError
        How a layer on the way there moves its cells is not known.
    ValueError
        The network has no layer of that name, or branches of different steps meet.
    """
    found: dict[int, Cells] = {}
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            found[id(layer.output)] = Cells(0.0, 1.0)
            continue
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        cells = _through(layer, _mean([found[id(tensor)] for tensor in inputs], layer.name))
        found[id(layer.output)] = cells
        if layer.name == layer_name:
            return cells
    raise ValueError(f"the network has no layer {layer_name}")


def _mean(met: Sequence[Cells], name: str) -> Cells:
    steps = {each.step_px for each in met}
    if len(steps) > 1:
        raise ValueError(f"branches with steps of {sorted(steps)} pixels meet in layer {name}")
    return Cells(sum(each.origin_px for each in met) / len(met), met[0].step_px)


def _through(layer: Any, cells: Cells) -> Cells:
    if isinstance(layer, _PASS_ON):
        return cells
    if isinstance(layer, layers.Cropping2D):
        return cells._replace(origin_px=cells.origin_px + layer.cropping[0][0] * cells.step_px)
    if isinstance(layer, layers.ZeroPadding2D):
        return cells._replace(origin_px=cells.origin_px - layer.padding[0][0] * cells.step_px)
    if isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D):
        window, dilation = layer.kernel_size[0], layer.dilation_rate[0]
    elif isinstance(layer, layers.MaxPooling2D | layers.AveragePooling2D):
        window, dilation = layer.pool_size[0], 1
    else:
        raise TypeError(
            f"the receptive field does not follow layers of type {type(layer).__name__} "
            f"(layer {layer.name}): say in hilum.architectures.receptive_field where their "
            "cells look"
        )
    stride = layer.strides[0]
    reach = (window - 1) * dilation
    before = 0
    if layer.padding == "same":
        # TensorFlow's rule: what is uneven comes at the end.
        size, count = layer.input.shape[1], layer.output.shape[1]
        before = max((count - 1) * stride + reach + 1 - size, 0) // 2
    return Cells(cells.origin_px + cells.step_px * (reach / 2 - before), cells.step_px * stride)
