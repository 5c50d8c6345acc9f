"""Head of every classifier, with an exact class activation map."""

import keras
from keras import layers

LOGITS, ACTIVATION_MAP = "logits", "activation_map"
"""The outputs of every classifier: the first is the second's mean over its grid."""

LEVELS = "levels"
"""Layer that joins features of several depths, in a network that has it: see `level_widths`."""


def with_head(
    image: keras.KerasTensor, x: keras.KerasTensor, classes: int, dropout: float, *, name: str
) -> keras.Model:
    """Finish a fully convolutional network with one linear head.

    The head is a 1 x 1 convolution whose maps are averaged: its mean is the logit, so the map
    itself is the exact class activation map (Zhou et al., CVPR 2016).

    Parameters
    ----------
    image : keras.KerasTensor
        The network's input.
    x : keras.KerasTensor, shape (n, rows, columns, channels)
        Its last features.
    dropout : float
        Share of the channels of `x` left out in training.

    Returns
    -------
    keras.Model
        Outputs ``logits``, shape (n, classes), and ``activation_map``, (n, rows, columns,
        classes).
    """
    x = layers.SpatialDropout2D(dropout)(x)
    maps = layers.Conv2D(classes, 1, name=ACTIVATION_MAP)(x)
    logits = layers.GlobalAveragePooling2D(name=LOGITS, dtype="float32")(maps)
    return keras.Model(image, {LOGITS: logits, ACTIVATION_MAP: maps}, name=name)


def level_widths(model: keras.Model) -> list[int]:
    """Numbers of channels of the features that a head reads, by the depth that they are from.

    Returns
    -------
    list of int
        One, where the network has no layer `LEVELS`.
    """
    for layer in model.layers:
        if layer.name == LEVELS:
            return [each.shape[-1] for each in layer.input]
    return [model.get_layer(ACTIVATION_MAP).input.shape[-1]]
