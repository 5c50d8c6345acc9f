"""MobileNetV2 read at four depths, with random or ImageNet weights."""

from hilum.architectures.classifiers.classifier import Classifier, StartingWeights
from hilum.architectures.classifiers.mobilenet_v2.network import build_mobilenet_levels
from hilum.architectures.classifiers.mobilenet_v2.starting_weights import CREDIT, start_mobilenet

ARCHITECTURE = Classifier(
    build_mobilenet_levels,
    starting_weights=StartingWeights(start_mobilenet, CREDIT),
)
