"""Layers of MobileNetV2."""

from collections.abc import Iterable

import keras
from keras import layers

from hilum.architectures.classifiers.head import LEVELS, with_head
from hilum.architectures.layers import transformer_block

_STAGES = (
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
)  # fmt: skip
"""Expansion, channels, blocks and first stride of MobileNetV2's stages down to a sixteenth."""

_LEVELS = (64, 96, 160)
"""Channels of the stages that `build_mobilenet_levels` reads."""

_LAST_STAGES = ((6, 160, 3, 2), (6, 320, 1, 1))
_LAST_CHANNELS = 1280
_HEADS = 4


def build_mobilenet(
    *,
    input_size_px: int,
    classes: int,
    channels: int = 1,
    dropout: float = 0.2,
    is_full: bool = False,
) -> keras.Model:
    """MobileNetV2 (Sandler et al., CVPR 2018) for grey pictures.

    Its stages down to a sixteenth of the side: the rest would halve the map's resolution once
    more. The outermost cells, which look half beyond the picture, are cut off. Batch norms are
    folded into the convolutions, as they are in the published weights that training starts
    from; see `starting_weights` beside this module.

    Parameters
    ----------
    input_size_px : int
        Side of the square input, shape (input_size_px, input_size_px, channels). Where it is
        16 n + 1, or 32 n + 1 if `is_full`, paddings are even, and the map lies in the picture's
        middle.
    dropout : float
        Share of the last stage's channels left out in training.
    is_full : bool
        With all stages, down to a 32nd of the side, and the last convolution of 1280 channels.

    Returns
    -------
    keras.Model
        See `hilum.architectures.classifiers.head.with_head`.
    """
    image = keras.Input((input_size_px, input_size_px, channels), name="image")
    x, _ = _trunk(_stem(image), (*_STAGES, *(_LAST_STAGES if is_full else ())))
    if is_full:
        x = layers.Conv2D(_LAST_CHANNELS, 1, activation="relu6")(x)
    x = layers.Cropping2D(1)(x)
    return with_head(image, x, classes, dropout, name="hilum_mobilenet")


def build_mobilenet_levels(
    *,
    input_size_px: int,
    classes: int,
    channels: int = 1,
    dropout: float = 0.2,
    transformer_blocks: int = 0,
) -> keras.Model:
    """MobileNetV2 read at four depths: the last maps of 64, 96, 160 and 1280 channels.

    On radiographs, each of the earlier maps tells what the last one does not: linear probes of
    them have about the same AUROC, and their mean a higher one. Finer maps are averaged to the
    cells of the coarsest, which lie at every 32nd pixel.

    Parameters
    ----------
    input_size_px : int
        32 n + 1; see `build_mobilenet`.
    transformer_blocks : int
        Blocks of attention between the 96 channels and the stages below, as MobileViT has them
        (Mehta and Rastegari, ICLR 2022): each cell reads all others. They add nothing at first, so
        that the network starts as the one without them.

    Returns
    -------
    keras.Model
        See `hilum.architectures.classifiers.head.with_head`.
    """
    image = keras.Input((input_size_px, input_size_px, channels), name="image")
    x, levels = _trunk(_stem(image), _STAGES)
    for _ in range(transformer_blocks):
        x = transformer_block(x, heads=_HEADS)
    x, deeper = _trunk(x, _LAST_STAGES)
    levels |= deeper
    x = layers.Conv2D(_LAST_CHANNELS, 1, activation="relu6")(x)
    side = x.shape[1]
    read = [
        each if each.shape[1] == side else layers.AveragePooling2D(3, 2, padding="same")(each)
        for each in (*(levels[filters] for filters in _LEVELS), x)
    ]
    x = layers.Concatenate(name=LEVELS)(read)
    return with_head(image, x, classes, dropout, name="hilum_mobilenet_levels")


def _stem(image: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Conv2D(32, 3, strides=2, padding="same", activation="relu6")(image)


def _trunk(
    x: keras.KerasTensor, stages: Iterable[tuple[int, int, int, int]]
) -> tuple[keras.KerasTensor, dict[int, keras.KerasTensor]]:
    """The last map of some stages, and that of each by its number of channels."""
    found = {}
    for expansion, filters, blocks, first_stride in stages:
        for block in range(blocks):
            x = _inverted_residual(x, filters, expansion, first_stride if block == 0 else 1)
        found[filters] = x
    return x, found


def _inverted_residual(
    x: keras.KerasTensor, filters: int, expansion: int, stride: int
) -> keras.KerasTensor:
    inner = x
    if expansion > 1:
        inner = layers.Conv2D(expansion * x.shape[-1], 1, activation="relu6")(inner)
    inner = layers.DepthwiseConv2D(3, strides=stride, padding="same", activation="relu6")(inner)
    inner = layers.Conv2D(filters, 1)(inner)
    return layers.Add()([x, inner]) if inner.shape == x.shape else inner
