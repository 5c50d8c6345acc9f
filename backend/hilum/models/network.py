"""The architectures that bundles are made of. Imports Keras, so serving never imports this."""

import keras
from keras import layers

LOGITS, ACTIVATION_MAP = "logits", "activation_map"
"""The outputs of every classifier: the first is the second's mean over its grid."""


def build_network(
    *, input_size_px: int, classes: int, width: int = 24, dropout: float = 0.2
) -> keras.Model:
    """A small residual network (He et al., CVPR 2016), fully convolutional, one linear head.

    The head is a 1 x 1 convolution whose maps are averaged: its mean is the logit, so the map
    itself is the exact class activation map (Zhou et al., CVPR 2016).

    Parameters
    ----------
    input_size_px : int
        Side of the square grey input, shape (input_size_px, input_size_px, 1).
    classes : int
    width : int
        Channels of the first stage; each later stage doubles them.
    dropout : float
        Share of the last stage's channels left out in training.

    Returns
    -------
    keras.Model
        Outputs ``logits``, shape (n, classes), and ``activation_map``, (n, rows, columns,
        classes).
    """
    image = keras.Input((input_size_px, input_size_px, 1), name="image")
    x = convolved(image, width, kernel=5, stride=2)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for stage, (factor, stride) in enumerate([(1, 1), (2, 2), (4, 2), (8, 2)]):
        x = _residual(x, width * factor, stride)
        if stage in (1, 2):
            x = _residual(x, width * factor, 1)
    return _with_head(image, x, classes, dropout, name="hilum_residual")


_STAGES = (
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
)  # fmt: skip
"""Expansion, channels, blocks and first stride of MobileNetV2's stages down to a sixteenth."""


def build_mobilenet(
    *, input_size_px: int, classes: int, channels: int = 1, dropout: float = 0.2
) -> keras.Model:
    """MobileNetV2 (Sandler et al., CVPR 2018) for grey pictures, with the head of `build_network`.

    Its stages down to a sixteenth of the side: the rest would halve the map's resolution once
    more. The outermost cells, which look half beyond the picture, are cut off. Batch norms are
    folded into the convolutions, as the published weights are that training
    starts from; see `hilum.training.starting_weights`.

    Parameters
    ----------
    input_size_px : int
        Side of the square input, shape (input_size_px, input_size_px, channels). Where it is
        16 n + 1 paddings are even, and the map lies in the picture's middle.
    classes : int
    channels : int
    dropout : float
        Share of the last stage's channels left out in training.

    Returns
    -------
    keras.Model
        Outputs ``logits``, shape (n, classes), and ``activation_map``, (n, rows, columns,
        classes).
    """
    image = keras.Input((input_size_px, input_size_px, channels), name="image")
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu6")(image)
    for expansion, filters, blocks, first_stride in _STAGES:
        for block in range(blocks):
            x = _inverted_residual(x, filters, expansion, first_stride if block == 0 else 1)
    x = layers.Cropping2D(1)(x)
    return _with_head(image, x, classes, dropout, name="hilum_mobilenet")


def _inverted_residual(
    x: keras.KerasTensor, filters: int, expansion: int, stride: int
) -> keras.KerasTensor:
    inner = x
    if expansion > 1:
        inner = layers.Conv2D(expansion * x.shape[-1], 1, activation="relu6")(inner)
    inner = layers.DepthwiseConv2D(3, strides=stride, padding="same", activation="relu6")(inner)
    inner = layers.Conv2D(filters, 1)(inner)
    return layers.Add()([x, inner]) if inner.shape == x.shape else inner


def _with_head(
    image: keras.KerasTensor, x: keras.KerasTensor, classes: int, dropout: float, *, name: str
) -> keras.Model:
    x = layers.SpatialDropout2D(dropout)(x)
    maps = layers.Conv2D(classes, 1, name=ACTIVATION_MAP)(x)
    logits = layers.GlobalAveragePooling2D(name=LOGITS, dtype="float32")(maps)
    return keras.Model(image, {LOGITS: logits, ACTIVATION_MAP: maps}, name=name)


def convolved(
    x: keras.KerasTensor, filters: int, *, kernel: int = 3, stride: int = 1
) -> keras.KerasTensor:
    """Convolve without bias and normalise by batch."""
    x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.95)(x)


def _residual(x: keras.KerasTensor, filters: int, stride: int) -> keras.KerasTensor:
    inner = layers.ReLU()(convolved(x, filters, stride=stride))
    inner = convolved(inner, filters)
    if stride != 1 or x.shape[-1] != filters:
        x = convolved(x, filters, kernel=1, stride=stride)
    return layers.ReLU()(layers.Add()([x, inner]))
