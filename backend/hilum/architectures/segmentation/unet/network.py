"""Network of the anatomy bundle: masks and kind of image in one pass."""

from collections.abc import Sequence

import keras
from keras import layers

from hilum.architectures.layers import convolved

ORGANS = 3
ORIENTATIONS = 4
STRIDE = 2
"""Masks have this part of the input's side."""


def build_anatomy_network(
    *,
    input_size_px: int = 224,
    kinds: int = 11,
    channels: Sequence[int] = (8, 16, 48, 80, 128),
    depth: Sequence[int] = (0, 2, 2, 2, 2),
) -> keras.Model:
    """A small residual U-Net (Ronneberger et al., MICCAI 2015) with sums in place of joins.

    Few channels where the picture is large, which is where the time goes: on one processor core
    full convolutions of 8 and 16 channels take no longer there than separable ones of twice as
    many, and are trained in less time.

    Parameters
    ----------
    input_size_px : int
        Side of the square grey input; a multiple of 32.
    kinds : int
        Number of kinds of images.
    channels, depth : sequence of int
        Channels and blocks of each stage, from the finest to the coarsest.

    Returns
    -------
    keras.Model
        Outputs: ``masks``, logits of shape (n, side / 2, side / 2, 3) for right lung, left lung
        and heart; ``kind``, logits of shape (n, kinds); ``orientation``, logits of shape (n, 4)
        for quarter turns counter-clockwise; and logits of shape (n, 1): ``inversion`` for a
        picture with bone dark, ``adult`` for an adult's film, ``ap`` for an AP film.
    """
    image = keras.Input((input_size_px, input_size_px, 1), name="image")
    x = layers.ReLU()(convolved(image, channels[0], kernel=5, stride=STRIDE))
    skips = []
    for stage, (width, blocks) in enumerate(zip(channels, depth, strict=True)):
        if stage:
            x = layers.ReLU()(convolved(x, width, stride=2))
        for _ in range(blocks):
            x = _residual(x)
        skips.append(x)
    heads = _heads(x, kinds)
    for skip in reversed(skips[:-1]):
        x = convolved(x, skip.shape[-1], kernel=1)
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        x = layers.ReLU()(layers.Add()([x, skip]))
        x = _residual(x)
    masks = layers.Conv2D(ORGANS, 1, name="masks", dtype="float32")(x)
    return keras.Model(image, {"masks": masks, **heads}, name="hilum_anatomy")


def _heads(x: keras.KerasTensor, kinds: int) -> dict[str, keras.KerasTensor]:
    pooled = layers.Concatenate(name="features")(
        [layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)]
    )
    hidden = layers.Dense(64, activation="relu")(layers.Dropout(0.2)(pooled))
    sizes = {"kind": kinds, "orientation": ORIENTATIONS, "inversion": 1, "adult": 1, "ap": 1}
    return {
        name: layers.Dense(size, name=name, dtype="float32")(hidden) for name, size in sizes.items()
    }


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.ReLU()(layers.Add()([x, convolved(x, x.shape[-1])]))
