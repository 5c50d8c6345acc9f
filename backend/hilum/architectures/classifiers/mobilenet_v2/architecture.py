"""MobileNetV2 with stride 16, with random or ImageNet weights."""

from hilum.architectures.classifiers.classifier import Classifier, StartingWeights
from hilum.architectures.classifiers.mobilenet_v2.network import build_mobilenet
from hilum.architectures.classifiers.mobilenet_v2.starting_weights import CREDIT, start_mobilenet

ARCHITECTURE = Classifier(
    build_mobilenet, starting_weights=StartingWeights(start_mobilenet, CREDIT)
)
