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


_FIRES = (
    (2, 16, 64), (3, 16, 64), (4, 32, 128), (5, 32, 128),
    (6, 48, 192), (7, 48, 192), (8, 64, 256), (9, 64, 256),
)  # fmt: skip
_POOLED_AFTER = (3, 5)


def build_squeezenet(
    *, input_size_px: int, classes: int, dropout: float = 0.2, has_fine_map: bool = False
) -> keras.Model:
    """SqueezeNet 1.1 (Iandola et al., 2016) for grey pictures, with the head of `build_network`.

    Its layers bear the names of the published weights (``fire2/squeeze1x1`` with an underscore),
    so that they can start from them; see `hilum.training.starting_weights`.

    Parameters
    ----------
    input_size_px : int
        Side of the square grey input, shape (input_size_px, input_size_px, 1).
    classes : int
    dropout : float
        Share of the last stage's channels left out in training.
    has_fine_map : bool
        The last pooling goes a cell at a time and what follows it reaches twice as far (à trous;
        Chen et al., TPAMI 2018): with the same weights a map of twice the resolution, whose
        every other cell is one of the coarse map.

    Returns
    -------
    keras.Model
        Outputs ``logits``, shape (n, classes), and ``activation_map``, (n, rows, columns,
        classes).
    """
    image = keras.Input((input_size_px, input_size_px, 1), name="image")
    reach = 1
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv1")(image)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for number, squeezed, expanded in _FIRES:
        x = layers.Conv2D(squeezed, 1, activation="relu", name=f"fire{number}_squeeze1x1")(x)
        near = layers.Conv2D(expanded, 1, activation="relu", name=f"fire{number}_expand1x1")(x)
        wide = layers.Conv2D(
            expanded,
            3,
            padding="same",
            dilation_rate=reach,
            activation="relu",
            name=f"fire{number}_expand3x3",
        )(x)
        x = layers.Concatenate()([near, wide])
        if number in _POOLED_AFTER:
            reach = 2 if has_fine_map and number == _POOLED_AFTER[-1] else 1
            x = layers.MaxPooling2D(3, strides=2 // reach)(x)
    return _with_head(image, x, classes, dropout, name="hilum_squeezenet")


def with_fine_map(model: keras.Model) -> keras.Model:
    """A network of `build_squeezenet` anew, with its weights and a fine map.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    keras.Model
    """
    _, side, _, _ = model.input_shape
    fine = build_squeezenet(
        input_size_px=side, classes=model.output[LOGITS].shape[-1], has_fine_map=True
    )
    fine.set_weights(model.get_weights())
    return fine


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
