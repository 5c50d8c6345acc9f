"""MobileNetV2 with all its stages, with random or ImageNet weights."""

from functools import partial

from hilum.architectures.classifiers.classifier import Classifier, StartingWeights
from hilum.architectures.classifiers.mobilenet_v2.network import build_mobilenet
from hilum.architectures.classifiers.mobilenet_v2.starting_weights import CREDIT, start_mobilenet

ARCHITECTURE = Classifier(
    partial(build_mobilenet, is_full=True),
    starting_weights=StartingWeights(start_mobilenet, CREDIT),
)
