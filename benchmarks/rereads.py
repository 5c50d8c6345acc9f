"""The findings model, and the mined labels, against radiologists who read the images again.

Run: ``python -m benchmarks.rereads --data DIR --checkpoints DIR --weights FILE`` after a run of
``hilum train findings`` with these checkpoints: each image is predicted by the network of its fold.
The data folder holds ChestX-ray14 and ``radiologists_rereads.csv``. The classes of RSNA are of the
pneumonia challenge of 2018; Google's labels are of Majkowska et al., Radiology 2020. Adults only;
95 % intervals by bootstrap over patients.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from hilum.cli.common import load_registry
from hilum.findings import Finding
from hilum.models.bundle import sha256_of
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import find_labelled, labelled_for_training, load_findings
from hilum.training.findings.decisions import are_adults
from hilum.training.findings.folds import fit_folds

DRAWS = 1000
_GOOGLE = {
    "google4_airspace_opacity": (Finding.INFILTRATION, Finding.CONSOLIDATION, Finding.PNEUMONIA),
    "google4_nodule_mass": (Finding.NODULE, Finding.MASS),
    "google4_pneumothorax": (Finding.PNEUMOTHORAX,),
    "google4_fracture": (),
}
"""Mined labels that mean nearly the same."""

_LEAST = 15


def main() -> None:
    """Print a line for each comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "checkpoints", "weights"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    asked = parser.parse_args()
    read = _read(asked.data, asked.checkpoints, asked.weights)
    again = pd.read_csv(asked.data / "radiologists_rereads.csv")
    again["stem"] = again["Image Index"].map(lambda name: Path(name).stem)
    both = read.merge(again, on="stem")
    print(f"{len(both)} of {len(again)} images are of adults with a prediction")

    rsna = both[both["rsna_class"].notna()]
    is_normal = (rsna["rsna_class"] == "Normal").to_numpy()
    _tell("RSNA: not normal", rsna, ~is_normal, "abnormal", rsna["abnormal label"])
    opaque = (rsna["rsna_class"] == "Lung Opacity").to_numpy()
    for finding in (Finding.PNEUMONIA, Finding.CONSOLIDATION, Finding.INFILTRATION):
        _tell("RSNA: lung opacity", rsna, opaque, finding.value, rsna[f"{finding.value} label"])
    for column, findings in _GOOGLE.items():
        some = both[both[column].notna()]
        truth = some[column].astype(str).str.upper().isin(["YES", "1", "1.0", "TRUE"]).to_numpy()
        if truth.sum() < _LEAST or not findings:
            print(f"{column}: {truth.sum()} of {len(some)} positive")
            continue
        for finding in findings:
            _tell(column, some, truth, finding.value, some[f"{finding.value} label"])


def _read(data: Path, checkpoints: Path, weights: Path) -> pd.DataFrame:
    """Images of adults with the logit and the mined label of each finding."""
    config = FindingsConfig(starting_weights=sha256_of(weights))
    screener = load_registry()[1].screener(needed=True)
    labelled = labelled_for_training(find_labelled(data))
    films = load_findings(labelled, config, screener, checkpoints / "films.bin")
    logits = np.full(films.targets.shape, np.nan, dtype=np.float32)
    for fold in fit_folds(config, films, checkpoints=checkpoints, weights=weights, verbose=0):
        logits[fold.held_out] = fold.logits
    table = pd.DataFrame(
        {"stem": [path.stem for path in films.radiographs["path"]], "patient": films.patients}
    )
    for at, finding in enumerate(config.findings):
        table[finding.value] = logits[:, at]
        table[f"{finding.value} label"] = films.targets[:, at] == 1
    return table[are_adults(films.radiographs)]


def _tell(
    name: str, films: pd.DataFrame, truth: NDArray[np.bool_], score: str, mined: pd.Series
) -> None:
    scores, patients = films[score].to_numpy(), films["patient"].to_numpy()
    value, low, high = _interval(lambda rows: roc_auc_score(truth[rows], scores[rows]), patients)
    kappa = cohen_kappa_score(truth, mined.to_numpy())
    sensitivity, other = mined[truth].mean(), 1 - mined[~truth].mean()
    print(
        f"{name} ({truth.sum()} of {len(films)}): model's {score}, AUROC {value:.3f} ({low:.3f} to "
        f"{high:.3f}); mined label of {score}: sensitivity {sensitivity:.3f}, specificity "
        f"{other:.3f}, kappa {kappa:.3f}"
    )


def _interval(
    figure: Callable[[NDArray[np.intp]], float], patients: NDArray[np.object_]
) -> tuple[float, float, float]:
    rng = np.random.default_rng(0)
    rows_of = list(pd.Series(np.arange(len(patients))).groupby(patients).indices.values())
    drawn = []
    for _ in range(DRAWS):
        chosen = rng.integers(len(rows_of), size=len(rows_of))
        rows = np.concatenate([rows_of[each] for each in chosen])
        try:
            drawn.append(figure(rows))
        except ValueError:
            continue
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return figure(np.arange(len(patients))), float(low), float(high)


if __name__ == "__main__":
    main()
