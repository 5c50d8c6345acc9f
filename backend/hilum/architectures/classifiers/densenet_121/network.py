"""Layers of DenseNet-121."""

import keras

from hilum.architectures.classifiers.head import with_head


def build_densenet(
    *, input_size_px: int, classes: int, channels: int = 1, dropout: float = 0.2
) -> keras.Model:
    """DenseNet-121 (Huang et al., CVPR 2017), as `keras.applications` has it, for grey pictures.

    The usual network of published chest models (CheXNet, TorchXRayVision); 7.0 million parameters.

    Parameters
    ----------
    input_size_px : int
        Side of the square input, shape (input_size_px, input_size_px, channels); 32 or more.
    dropout : float
        Share of the last block's channels left out in training.

    Returns
    -------
    keras.Model
        See `hilum.architectures.classifiers.head.with_head`; a map's cells lie at every 32nd pixel.
    """
    image = keras.Input((input_size_px, input_size_px, channels), name="image")
    trunk = keras.applications.DenseNet121(include_top=False, weights=None, input_tensor=image)
    return with_head(image, trunk.output, classes, dropout, name="hilum_densenet")
