"""The findings model, and the mined labels, against radiologists who read the images again.

Run: ``python -m benchmarks.rereads --data DIR --checkpoints DIR --weights FILE`` after a run of
``hilum train findings`` with these checkpoints: each image is predicted by the network of its fold.
The same figures are in the card of a bundle that was trained on data with
``radiologists_rereads.csv``. Adults only.
"""

import argparse
from pathlib import Path

import numpy as np

from hilum.cli.common import load_registry
from hilum.datasets.rereads import TABLE, read_rereads
from hilum.evaluation.comparisons.rereads import against_rereads
from hilum.models.bundle import sha256_of
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import find_labelled, labelled_for_training, load_findings
from hilum.training.findings.decisions import are_adults
from hilum.training.findings.folds import fit_folds


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "checkpoints", "weights"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    asked = parser.parse_args()
    rereads = read_rereads(asked.data)
    if rereads is None:
        parser.error(f"there is no {TABLE} in {asked.data}")
    config = FindingsConfig(starting_weights=sha256_of(asked.weights))
    labelled = labelled_for_training(find_labelled(asked.data))
    screener = load_registry()[1].screener(needed=True)
    file = asked.checkpoints / "films.bin"
    data = load_findings(labelled, config, screener, file, rereads=rereads)
    logits = np.zeros(data.targets.shape)
    fitting = fit_folds(
        config, data, checkpoints=asked.checkpoints, weights=asked.weights, verbose=0
    )
    for fold in fitting:
        logits[fold.held_out] = fold.logits
    adults = np.flatnonzero(are_adults(data.radiographs))
    some = data.take(adults)
    found = against_rereads(
        rereads, some.stems, some.patients, logits[adults], some.targets, config.findings
    )
    for finding, figures in found.items():
        for each in figures:
            interval = f"{each.figure.value:.3f} ({each.figure.low:.3f} to {each.figure.high:.3f})"
            print(f"{finding.value}, {each.words}: {interval}, {each.images} images")


if __name__ == "__main__":
    main()
