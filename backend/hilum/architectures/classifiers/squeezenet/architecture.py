"""SqueezeNet 1.1, with random or ImageNet weights."""

from hilum.architectures.classifiers.classifier import Classifier, StartingWeights
from hilum.architectures.classifiers.squeezenet.network import build_squeezenet
from hilum.architectures.classifiers.squeezenet.starting_weights import CREDIT, start_squeezenet

ARCHITECTURE = Classifier(
    build_squeezenet,
    starting_weights=StartingWeights(start_squeezenet, CREDIT),
)
