"""Layers of SqueezeNet."""

import keras
from keras import layers

from hilum.architectures.classifiers.head import with_head

_STAGES = ((16, 64), (32, 128), (48, 192), (64, 256))
"""Channels of the squeeze and of each expansion; two fire modules of each."""

_POOLED_AFTER = (0, 1)
"""Stages that are followed by a pooling."""


def build_squeezenet(
    *, input_size_px: int, classes: int, channels: int = 1, dropout: float = 0.2
) -> keras.Model:
    """SqueezeNet 1.1 (Iandola et al., arXiv 1602.07360) for grey pictures.

    Parameters
    ----------
    input_size_px : int
        Side of the square input, shape (input_size_px, input_size_px, channels).
    dropout : float
        Share of the last module's channels left out in training.

    Returns
    -------
    keras.Model
        See `hilum.architectures.classifiers.head.with_head`; a map's cells lie at every 16th pixel.
    """
    image = keras.Input((input_size_px, input_size_px, channels), name="image")
    x = layers.Conv2D(64, 3, strides=2, activation="relu")(image)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for stage, (squeezed, expanded) in enumerate(_STAGES):
        for _ in range(2):
            x = _fire(x, squeezed, expanded)
        if stage in _POOLED_AFTER:
            x = layers.MaxPooling2D(3, strides=2)(x)
    return with_head(image, x, classes, dropout, name="hilum_squeezenet")


def _fire(x: keras.KerasTensor, squeezed: int, expanded: int) -> keras.KerasTensor:
    x = layers.Conv2D(squeezed, 1, activation="relu")(x)
    each = layers.Conv2D(expanded, 1, activation="relu")(x)
    around = layers.Conv2D(expanded, 3, padding="same", activation="relu")(x)
    return layers.Concatenate()([each, around])
