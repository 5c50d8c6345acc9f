"""Whether larger images tell more: linear probes on the features of one network at several sizes.

Reads images whose names tell finding and patient (chest_xray), cuts out the lung field, computes
features by MobileNetV2 with its published weights, and fits logistic regressions, each image
predicted by one that was fitted without its patient (five folds). Prints Markdown: AUROC of
bacterial against viral pneumonia and of pneumonia against normal, with 95 % intervals over
patients, and the differences from the first size.

    python -m benchmarks.resolution --images FOLDER --weights FILE --sizes 161 225 321 449
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hilum.architectures.classifiers import find_classifier
from hilum.architectures.classifiers.head import ACTIVATION_MAP
from hilum.cli.common import load_registry, show_progress
from hilum.datasets.public import told_by_name
from hilum.datasets.walk import files_below
from hilum.evaluation.comparisons.table import told
from hilum.evaluation.figures.resampling import PatientBootstrap
from hilum.evaluation.figures.statistics import auroc
from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.training.classifier.films import Films, load_films, model_inputs

STRENGTH = 7e-4
ARCHITECTURE = "mobilenet_v2_full"


def features_at(films: Films, side: int, weights: Path) -> NDArray[np.float32]:
    """Features of the lung fields, resampled to a side; shape (n, 1280)."""
    architecture = find_classifier(ARCHITECTURE)
    network = architecture.build(input_size_px=side, classes=1)
    assert architecture.starting_weights is not None
    architecture.starting_weights.load(network, weights)
    pooled = keras.layers.GlobalAveragePooling2D()(network.get_layer(ACTIVATION_MAP).input)
    inputs = model_inputs(films, Preprocessing(input_size_px=side))
    return keras.Model(network.input, pooled).predict(inputs, batch_size=16, verbose=0)


def probe(
    features: NDArray[np.float32], truth: NDArray[np.bool_], patients: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Scores of each image by a regression without its patient."""
    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    return cross_val_predict(
        make_pipeline(StandardScaler(), regression), features, truth,
        groups=patients, cv=GroupKFold(5), method="decision_function",
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Probe each size and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of chest_xray's images")
    parser.add_argument("--weights", type=Path, required=True, help="MobileNetV2's; docs/data.md")
    parser.add_argument("--sizes", type=int, nargs="+", default=[161, 225, 321, 449])
    parser.add_argument("--sampled", type=int, default=448, help="side that images are read at")
    asked = parser.parse_args(arguments)
    named = {path: told_by_name(path) for path in files_below(asked.images)}
    known = {path: said for path, said in named.items() if said is not None and said[0]}
    findings = np.array([finding for finding, _ in known.values()])
    patients = np.array([patient for _, patient in known.values()])
    how = Preprocessing(input_size_px=161, region="lung_field", sampled_px=asked.sampled)
    screener = load_registry()[1].screener(needed=True)
    films, unreadable = load_films(
        list(known), how, screener, progress=show_progress(list(known), "images")
    )
    if unreadable:
        parser.error(f"{len(unreadable)} images cannot be read.")
    is_ill = findings != Finding.NORMAL
    questions = {
        "bacterial against viral": (np.flatnonzero(is_ill), findings == Finding.VIRAL_PNEUMONIA),
        "pneumonia against normal": (np.arange(len(findings)), is_ill),
    }
    print(f"| side in pixels, {len(findings)} images of {len(set(patients))} patients | "
          + " | ".join(f"{question} | difference" for question in questions) + " |")  # fmt: skip
    print("|---" * (1 + 2 * len(questions)) + "|")
    first: dict[str, NDArray[np.float64]] = {}
    for side in asked.sizes:
        features = features_at(films, side, asked.weights)
        cells = [str(side)]
        for question, (rows, truth) in questions.items():
            score = probe(features[rows], truth[rows], patients[rows])
            resamples = PatientBootstrap(patients[rows].tolist())
            figure = partial(auroc, truth[rows], score)
            before = partial(auroc, truth[rows], first.setdefault(question, score))
            change = resamples.interval(
                lambda weights, figure=figure, before=before: figure(weights) - before(weights)
            )
            cells += [told(resamples.interval(figure)), told(change, "+")]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
