"""A small residual network, trained from random weights."""

from hilum.architectures.classifiers.classifier import Classifier
from hilum.architectures.classifiers.residual.network import build_residual

ARCHITECTURE = Classifier(build_residual, settings=("dropout", "width"))
