"""MobileNetV2 with transformer blocks, with random or ImageNet weights."""

from functools import partial

from hilum.architectures.classifiers.classifier import Classifier, StartingWeights
from hilum.architectures.classifiers.mobilenet_v2.network import build_mobilenet_levels
from hilum.architectures.classifiers.mobilenet_v2.starting_weights import CREDIT, start_mobilenet

ARCHITECTURE = Classifier(
    partial(build_mobilenet_levels, transformer_blocks=2),
    starting_weights=StartingWeights(start_mobilenet, CREDIT),
)
