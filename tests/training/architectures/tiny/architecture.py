"""A network of four convolutions, for tests of how networks are trained."""

import keras
from keras import layers

from hilum.architectures.classifiers.classifier import Classifier
from hilum.architectures.classifiers.head import with_head
from hilum.architectures.layers import convolved


def build_tiny(*, input_size_px: int, classes: int, width: int, dropout: float) -> keras.Model:
    """Build what is just large enough to tell the opacities of drawn films of 64 pixels."""
    image = keras.Input((input_size_px, input_size_px, 1), name="image")
    x = layers.ReLU()(convolved(image, width, kernel=5, stride=2))
    x = layers.MaxPooling2D(2)(x)
    for factor in (2, 4):
        x = layers.ReLU()(convolved(x, factor * width, stride=2))
    return with_head(image, x, classes, dropout, name="tiny")


ARCHITECTURE = Classifier(build_tiny, settings=("dropout", "width"))
