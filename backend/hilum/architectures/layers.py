"""Groups of layers that several networks use."""

import keras
from keras import layers


def convolved(
    x: keras.KerasTensor, filters: int, *, kernel: int = 3, stride: int = 1
) -> keras.KerasTensor:
    """Convolve without bias and normalise by batch."""
    x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.95)(x)


def transformer_block(x: keras.KerasTensor, *, heads: int) -> keras.KerasTensor:
    """Self-attention over all cells of a map, and two dense layers of each cell.

    After Vaswani et al. (NeurIPS 2017), normalised first. The last layer of each part starts at
    zero, so the block starts as the identity (Bachlechner et al., UAI 2021). It knows of places
    what the features tell of them: convolutions with padding do (Islam et al., ICLR 2020).

    Parameters
    ----------
    x : keras.KerasTensor, shape (n, rows, columns, channels)
    heads : int
        Divides the channels.
    """
    width = x.shape[-1]
    normed = layers.LayerNormalization(epsilon=1e-5)(x)
    read = layers.MultiHeadAttention(heads, width // heads, attention_axes=(1, 2))(normed, normed)
    x = layers.Add()([x, layers.Dense(width, kernel_initializer="zeros")(read)])
    inner = layers.LayerNormalization(epsilon=1e-5)(x)
    inner = layers.Dense(2 * width, activation="silu")(inner)
    return layers.Add()([x, layers.Dense(width, kernel_initializer="zeros")(inner)])
