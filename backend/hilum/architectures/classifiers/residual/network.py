"""Layers of the residual network."""

import keras
from keras import layers

from hilum.architectures.classifiers.head import with_head
from hilum.architectures.layers import convolved


def build_residual(
    *, input_size_px: int, classes: int, width: int = 24, dropout: float = 0.2
) -> keras.Model:
    """A small residual network (He et al., CVPR 2016), fully convolutional.

    Parameters
    ----------
    input_size_px : int
        Side of the square grey input, shape (input_size_px, input_size_px, 1).
    width : int
        Channels of the first stage; each later stage doubles them.
    dropout : float
        Share of the last stage's channels left out in training.

    Returns
    -------
    keras.Model
        See `hilum.architectures.classifiers.head.with_head`.
    """
    image = keras.Input((input_size_px, input_size_px, 1), name="image")
    x = convolved(image, width, kernel=5, stride=2)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for stage, (factor, stride) in enumerate([(1, 1), (2, 2), (4, 2), (8, 2)]):
        x = _residual(x, width * factor, stride)
        if stage in (1, 2):
            x = _residual(x, width * factor, 1)
    return with_head(image, x, classes, dropout, name="hilum_residual")


def _residual(x: keras.KerasTensor, filters: int, stride: int) -> keras.KerasTensor:
    inner = layers.ReLU()(convolved(x, filters, stride=stride))
    inner = convolved(inner, filters)
    if stride != 1 or x.shape[-1] != filters:
        x = convolved(x, filters, kernel=1, stride=stride)
    return layers.ReLU()(layers.Add()([x, inner]))
