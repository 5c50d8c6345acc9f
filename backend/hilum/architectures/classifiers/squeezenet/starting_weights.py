"""Initialise a SqueezeNet with weights trained on photographs (ImageNet)."""

from pathlib import Path

import keras

from hilum.architectures.classifiers.keras_weights import start_from_colour
from hilum.architectures.classifiers.squeezenet.network import build_squeezenet
from hilum.models.card import DataCredit

CREDIT = DataCredit(
    name="SqueezeNet 1.1 without its top, ImageNet weights",
    licence="MIT, weights BSD-2-Clause",
    source="https://github.com/rcmalli/keras-squeezenet "
    "(squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5)",
    citation="Iandola et al. SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and "
    "<0.5MB model size. arXiv:1602.07360",
)

_GREY_DEVIATION = 60.0
"""The published network reads grey levels from 0 to 255 less their mean."""


def start_squeezenet(model: keras.Model, path: Path) -> None:
    """Put published weights into a network of `build_squeezenet`; see `start_from_colour`.

    The file is not among those that ``hilum data`` fetches, because no checksum of it is published.
    """
    colour = build_squeezenet(input_size_px=64, classes=1, channels=3)
    start_from_colour(model, colour, path, grey_deviation=_GREY_DEVIATION, name="SqueezeNet 1.1")
