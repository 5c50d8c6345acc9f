"""What linear probes of frozen features tell of adults' findings: by depth, input and pretraining.

Run: ``python -m benchmarks.frozen_probes --data DIR --weights FILE --checkpoints DIR``, with the
data and the weights of ``hilum train findings``; images are read from the checkpoints' file, or
decoded into it. Each image is predicted by probes without its fold. AUROC of adults, the mean of
the fourteen findings and any abnormality. Features are of MobileNetV2 with ImageNet weights, of the
lung field and of whole images; of the shipped models of children's pneumonia and of the anatomy;
and with ``--squeezenet FILE`` of SqueezeNet with ImageNet weights. The mean of all features of the
lung field is the ensemble that `hilum.training.findings.teacher` makes.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.load import ROOT
from hilum.architectures.classifiers.head import ACTIVATION_MAP
from hilum.cli.common import load_registry
from hilum.findings import Finding
from hilum.imaging.preprocess import WHOLE
from hilum.models.anatomy import AnatomyCard
from hilum.models.bundle import KERAS_FILE, load_bundle_of, sha256_of
from hilum.models.card import BundleCard, Card
from hilum.training.classifier.films import Films
from hilum.training.classifier.head_start import fit_probe
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import (
    FindingsData,
    find_labelled,
    labelled_for_training,
    load_findings,
)
from hilum.training.findings.decisions import are_adults
from hilum.training.findings.features import Features, frozen_features, predicted_features
from hilum.training.findings.folds import folds_of

Logits = NDArray[np.float64]

_POOLED = "features"
"""Layer of the anatomy network that its heads read."""

_MODELS: Sequence[tuple[str, type[BundleCard], str]] = (
    ("pneumonia", Card, ACTIVATION_MAP),
    ("anatomy", AnatomyCard, _POOLED),
)


def main() -> None:
    """Print a row for each group of features, and for their means."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "weights", "checkpoints"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--squeezenet", type=Path, help="its ImageNet weights")
    asked = parser.parse_args()
    config = FindingsConfig(starting_weights=sha256_of(asked.weights))
    labelled = labelled_for_training(find_labelled(asked.data))
    screener = load_registry()[1].screener(needed=True)
    data = load_findings(labelled, config, screener, asked.checkpoints / "films.bin")
    field, boxes = data.films, [WHOLE] * len(data.films.boxes)

    print("| features | side | channels | mean AUROC of 14 findings | any abnormality |")
    print("|---|---|---|---|---|")
    imagenet = _tell_each("lung field", frozen_features(field, config, asked.weights), data, config)
    others = []
    for model, kind, layer in _MODELS:
        read = _features_of(ROOT / "ml_model" / model, kind, layer, field, config)
        others.append(held_out_logits(read, data, config))
        tell(f"model {model} | its own | {read.shape[1]}", others[-1:], data, config)
    tell("with these models | all | all", [*imagenet, *others], data, config)
    whole: Films = replace(field, boxes=boxes)
    _tell_each("whole image", frozen_features(whole, config, asked.weights), data, config)
    if asked.squeezenet:
        squeezed = config.model_copy(update={"architecture": "squeezenet"})
        features = frozen_features(field, squeezed, asked.squeezenet)
        _tell_each("SqueezeNet, lung field", features, data, squeezed)


def _tell_each(
    name: str, features: Features, data: FindingsData, config: FindingsConfig
) -> list[Logits]:
    """Print a row for each of some features, the means of each side, and of all."""
    logits = [held_out_logits(each, data, config) for each in features]
    depths = len(features) // len(config.teacher_sides_px)
    for at, (each, found) in enumerate(zip(features, logits, strict=True)):
        side = config.teacher_sides_px[at // depths]
        tell(f"{name} | {side} | {each.shape[1]}", [found], data, config)
    if depths > 1:
        for at, side in enumerate(config.teacher_sides_px):
            members = logits[at * depths : (at + 1) * depths]
            tell(f"{name} | {side} | mean of the {depths}", members, data, config)
    tell(f"{name} | all | mean of all", logits, data, config)
    return logits


def _features_of(
    folder: Path, kind: type[BundleCard], layer: str, films: Films, config: FindingsConfig
) -> NDArray[np.float32]:
    """What the head of a model's network reads, of the images as that model reads them."""
    how = load_bundle_of(kind, folder).card.preprocessing
    network = keras.saving.load_model(folder / KERAS_FILE, compile=False)
    read = network.get_layer(layer)
    read = read.output if layer == _POOLED else read.input
    if how.region == "whole":
        films = replace(films, boxes=[WHOLE] * len(films.boxes))
    asked = config.model_copy(update={"preprocessing": how})
    return predicted_features(network, read, films, asked)


def held_out_logits(
    features: NDArray[np.float32], data: FindingsData, config: FindingsConfig
) -> Logits:
    """Logits of each image by probes of the other folds."""
    logits = np.zeros(data.targets.shape)
    for rows in folds_of(data, config):
        others = np.setdiff1d(np.arange(len(features)), rows)
        strength = config.head_start / features.shape[1]
        kernel, bias = fit_probe(features[others], data.targets[others], strength)
        logits[rows] = features[rows] @ kernel + bias
    return logits


def tell(name: str, members: Sequence[Logits], data: FindingsData, config: FindingsConfig) -> None:
    """Print a row: figures of the mean of some logits."""
    is_adult, logits = are_adults(data.radiographs), np.mean(members, axis=0)
    aurocs = {
        finding: float(roc_auc_score(truth[is_adult], said[is_adult]))
        for finding, truth, said in zip(config.findings, data.targets.T, logits.T, strict=True)
    }
    abnormal = aurocs.pop(Finding.ABNORMAL)
    print(f"| {name} | {np.mean(list(aurocs.values())):.3f} | {abnormal:.3f} |", flush=True)


if __name__ == "__main__":
    main()
