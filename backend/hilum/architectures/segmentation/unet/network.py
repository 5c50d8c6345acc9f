"""The segmentation network of the anatomy bundle."""

from collections.abc import Sequence

import keras
from keras import layers

from hilum.architectures.layers import convolved

ORGANS = 3
ORIENTATIONS = 4


def build_anatomy_network(
    *, input_size_px: int = 256, channels: Sequence[int] = (16, 32, 48, 72, 96)
) -> keras.Model:
    """A small residual U-Net (Ronneberger et al., MICCAI 2015) with sums in place of joins.

    The first stage works at half the input's size, which holds most of the cost; its soft
    edges are brought up bilinearly, which keeps them within a fraction of a pixel.

    Parameters
    ----------
    input_size_px : int
        Side of the square grey input; a multiple of 32.
    channels : sequence of int
        Channels of each stage, from the finest to the coarsest.

    Returns
    -------
    keras.Model
        Outputs: ``masks``, logits of shape (n, side, side, 3) for right lung, left lung and
        heart; ``orientation``, logits of shape (n, 4) for quarter turns counter-clockwise;
        ``inversion``, logits of shape (n, 1) for a picture with bone dark.
    """
    image = keras.Input((input_size_px, input_size_px, 1), name="image")
    x = _activated(image, channels[0], kernel=5, stride=2)
    skips = []
    for stage, width in enumerate(channels):
        if stage:
            x = _activated(x, width, stride=2)
        x = _residual(x)
        if stage:
            x = _residual(x)
        skips.append(x)
    coarsest = layers.GlobalAveragePooling2D(name="features")(x)
    for skip in reversed(skips[:-1]):
        x = convolved(x, skip.shape[-1], kernel=1)
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        x = layers.ReLU()(layers.Add()([x, skip]))
        x = _residual(x)
    x = layers.Conv2D(ORGANS, 1)(x)
    masks = layers.UpSampling2D(2, interpolation="bilinear", name="masks", dtype="float32")(x)
    hidden = layers.Dense(32, activation="relu")(layers.Dropout(0.2)(coarsest))
    orientation = layers.Dense(ORIENTATIONS, name="orientation", dtype="float32")(hidden)
    inversion = layers.Dense(1, name="inversion", dtype="float32")(hidden)
    outputs = {"masks": masks, "orientation": orientation, "inversion": inversion}
    return keras.Model(image, outputs, name="hilum_anatomy")


def _activated(
    x: keras.KerasTensor, filters: int, *, kernel: int = 3, stride: int = 1
) -> keras.KerasTensor:
    return layers.ReLU()(convolved(x, filters, kernel=kernel, stride=stride))


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    filters = x.shape[-1]
    inner = convolved(_activated(x, filters), filters)
    return layers.ReLU()(layers.Add()([x, inner]))
