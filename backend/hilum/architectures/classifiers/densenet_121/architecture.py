"""DenseNet-121, with random or ImageNet weights."""

from hilum.architectures.classifiers.classifier import Classifier, StartingWeights
from hilum.architectures.classifiers.densenet_121.network import build_densenet
from hilum.architectures.classifiers.densenet_121.starting_weights import CREDIT, start_densenet

ARCHITECTURE = Classifier(
    build_densenet,
    starting_weights=StartingWeights(start_densenet, CREDIT),
)
