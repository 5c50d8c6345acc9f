"""Groups of layers that several networks use."""

import keras
from keras import layers


def convolved(
    x: keras.KerasTensor, filters: int, *, kernel: int = 3, stride: int = 1
) -> keras.KerasTensor:
    """Convolve without bias and normalise by batch."""
    x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.95)(x)
