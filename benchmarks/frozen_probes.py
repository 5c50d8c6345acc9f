"""What linear probes of ImageNet features tell of adults' findings, by depth and size of the input.

Run: ``python -m benchmarks.frozen_probes --data DIR --weights FILE --checkpoints DIR``, with the
data and the weights of ``hilum train findings``; images are read from the checkpoints' file, or
decoded into it. Each image is predicted by probes without its fold. AUROC of adults, the mean of
the fourteen findings and any abnormality; the last row is the ensemble that
`hilum.training.findings.teacher` makes of them.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from hilum.cli.common import load_registry
from hilum.findings import Finding
from hilum.models.bundle import sha256_of
from hilum.training.classifier.head_start import fit_probe
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import (
    FindingsData,
    find_labelled,
    labelled_for_training,
    load_findings,
)
from hilum.training.findings.decisions import are_adults
from hilum.training.findings.folds import folds_of
from hilum.training.findings.teacher import frozen_features

_DEPTHS = ("64 channels", "96 channels", "160 channels", "1280 channels")

Logits = NDArray[np.float64]


def main() -> None:
    """Print a row for each size and depth, for each size, and for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "weights", "checkpoints"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    asked = parser.parse_args()
    config = FindingsConfig(
        architecture="mobilenet_v2_levels", starting_weights=sha256_of(asked.weights)
    )
    labelled = labelled_for_training(find_labelled(asked.data))
    screener = load_registry()[1].screener(needed=True)
    data = load_findings(labelled, config, screener, asked.checkpoints / "films.bin")
    print("| side | features | mean AUROC of 14 findings | any abnormality |\n|---|---|---|---|")
    members: dict[int, list[Logits]] = {side: [] for side in config.teacher_sides}
    names = [(side, depth) for side in config.teacher_sides for depth in _DEPTHS]
    features = frozen_features(data.films, config, asked.weights)
    for (side, depth), each in zip(names, features, strict=True):
        members[side].append(_held_out(each, data, config))
        _tell(f"{side} | {depth}", members[side][-1:], data, config)
    for side, logits in members.items():
        _tell(f"{side} | mean of the four", logits, data, config)
    _tell("all | mean of all", [each for some in members.values() for each in some], data, config)


def _held_out(features: NDArray[np.float32], data: FindingsData, config: FindingsConfig) -> Logits:
    """Logits of each image by probes of the other folds."""
    logits = np.zeros(data.targets.shape)
    for rows in folds_of(data, config):
        others = np.setdiff1d(np.arange(len(features)), rows)
        strength = config.head_start / features.shape[1]
        kernel, bias = fit_probe(features[others], data.targets[others], strength)
        logits[rows] = features[rows] @ kernel + bias
    return logits


def _tell(name: str, members: Sequence[Logits], data: FindingsData, config: FindingsConfig) -> None:
    is_adult, logits = are_adults(data.radiographs), np.mean(members, axis=0)
    aurocs = {
        finding: float(roc_auc_score(truth[is_adult], said[is_adult]))
        for finding, truth, said in zip(config.findings, data.targets.T, logits.T, strict=True)
    }
    abnormal = aurocs.pop(Finding.ABNORMAL)
    print(f"| {name} | {np.mean(list(aurocs.values())):.3f} | {abnormal:.3f} |", flush=True)


if __name__ == "__main__":
    main()
