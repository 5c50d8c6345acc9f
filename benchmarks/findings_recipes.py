"""Recipes of the findings model: architectures, losses, labels, sizes and regions of the input.

Run: ``python -m benchmarks.findings_recipes --data DIR --weights FILE --checkpoints DIR [NAME …]``,
with the data and the weights of ``hilum train findings``. Each recipe is trained without the first
fold, as `hilum.training.findings` does it, and measured on the adults of that fold, with intervals
over patients; differences are from the shipped recipe on the same images. ``--start
ARCHITECTURE=FILE`` names ImageNet weights of another network, which otherwise starts from random
ones, with larger steps and twice as many epochs. ``--epochs N`` trains all of them for so long. A
killed run continues, and a finished one prints its row again. Time is of the compiled form on one
core, as a multiple of the shipped pneumonia network's, in turn.
"""

import argparse
import shutil
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import openvino as ov
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.load import ROOT
from hilum.architectures.classifiers import classifier_names
from hilum.cli.common import load_registry
from hilum.datasets.rereads import REREAD_LABELS, read_rereads, reread_answers
from hilum.evaluation.figures.resampling import PatientBootstrap, Weights
from hilum.evaluation.figures.statistics import auroc
from hilum.findings import Finding
from hilum.models.bundle import COMPILED_FILE, sha256_of
from hilum.models.measured import Interval
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import (
    FindingsData,
    find_labelled,
    labelled_for_training,
    load_findings,
)
from hilum.training.findings.decisions import are_adults
from hilum.training.findings.features import FEATURES_FILE
from hilum.training.findings.folds import FindingsFold, fit_folds
from hilum.training.search.space import Setting, with_settings

SHIPPED = "shipped"
_FROM_RANDOM: Mapping[str, Setting] = {
    "learning_rate": 1e-3, "head_start": 0.0, "distilled": 0.0, "predicted_rereads": 0.0,
}  # fmt: skip

RECIPES: Mapping[str, Mapping[str, Any]] = {
    SHIPPED: {},
    "one depth": {"architecture": "mobilenet_v2_full"},
    "labels alone": {"distilled": 0.0, "predicted_rereads": 0.0},
    "radiologists where they read": {"predicted_rereads": 0.0},
    "mined labels alone": {"rereads": 0.0, "predicted_rereads": 0.0},
    "with attention": {"architecture": "mobilenet_v2_attention"},
    "squeezenet": {"architecture": "squeezenet"},
    "residual": {"architecture": "residual"},
    "densenet_121": {"architecture": "densenet_121"},
    "cross-entropy": {"loss": "cross_entropy"},
    "focal": {"loss": "focal"},
    "asymmetric": {"loss": "asymmetric"},
    "321 pixels": {"preprocessing.input_size_px": 321, "preprocessing.sampled_px": 448},
    "449 pixels": {"preprocessing.input_size_px": 449, "preprocessing.sampled_px": 512},
    "whole image": {"preprocessing.region": "whole", "preprocessing.sampled_px": None},
}
"""Settings that differ from the shipped recipe's, by name."""

_ROUNDS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A recipe's network on the first fold.

    Attributes
    ----------
    truth, logits : ndarray, shape (n, k)
        Of adults.
    abnormal : ndarray of float64, shape (n,)
        1 where RSNA's radiologists found the image not normal, nan where they did not read it.
    """

    model: keras.Model
    truth: NDArray[np.float32]
    logits: NDArray[np.float64]
    abnormal: NDArray[np.float64]
    patients: list[str]


def main() -> None:
    """Print a row for each recipe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "weights", "checkpoints"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--start", action="append", default=[], metavar="ARCHITECTURE=FILE")
    parser.add_argument("--epochs", type=int, default=FindingsConfig().epochs)
    parser.add_argument("recipes", nargs="*", default=list(RECIPES), help=", ".join(RECIPES))
    asked = parser.parse_args()
    print(
        "| recipe | mean AUROC of 14 findings | difference | any abnormality: mined label | "
        "RSNA's readers | parameters, million | time |\n|" + "---|" * 7
    )
    starts = {name: Path(file) for name, _, file in (each.partition("=") for each in asked.start)}
    of_mobilenet = [name for name in classifier_names() if name.startswith("mobilenet")]
    starts = dict.fromkeys(of_mobilenet, asked.weights) | starts
    unknown = [name for name in asked.recipes if name not in RECIPES]
    if unknown:
        parser.error(f"there is no recipe {unknown[0]!r}, only {', '.join(RECIPES)}")
    shipped = None
    for name in dict.fromkeys((SHIPPED, *asked.recipes)):
        found = _measured(name, asked, starts)
        shipped = shipped or found
        print(_row(name, found, shipped), flush=True)


def _measured(name: str, asked: argparse.Namespace, starts: Mapping[str, Path]) -> Measured:
    settings, config = RECIPES[name], FindingsConfig(epochs=asked.epochs)
    start = starts.get(settings.get("architecture", config.architecture))
    if start:
        config = config.model_copy(update={"starting_weights": sha256_of(start)})
    else:
        settings = {**settings, **_FROM_RANDOM, "epochs": 2 * asked.epochs}
    config = with_settings(config, settings)
    how, rereads = config.preprocessing, read_rereads(asked.data)
    file = asked.checkpoints / f"films-{how.region}-{how.sampled_px or how.input_size_px}.bin"
    screener = load_registry()[1].screener(needed=how.sampled_px is not None)
    labelled = labelled_for_training(find_labelled(asked.data))
    films = load_findings(labelled, config, screener, file, rereads=rereads)
    folder = asked.checkpoints / f"{name.replace(' ', '-')}-{config.epochs}"
    _share_features(asked.checkpoints, folder)
    fold = next(fit_folds(config, films, checkpoints=folder, weights=start, verbose=0))
    return _of_adults(fold, films)


def _share_features(checkpoints: Path, folder: Path) -> None:
    """Give a recipe the features of an earlier one: they are computed anew if they do not fit."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = next(iter(sorted(checkpoints.glob(f"*/{FEATURES_FILE}"))), None)
    if kept and not (folder / FEATURES_FILE).exists():
        shutil.copyfile(kept, folder / FEATURES_FILE)


def _of_adults(fold: FindingsFold, films: FindingsData) -> Measured:
    held_out = films.take(fold.held_out)
    is_adult = are_adults(held_out.radiographs)
    adults = held_out.take(np.flatnonzero(is_adult))
    read = np.full(len(adults.targets), np.nan)
    if films.rereads is not None:
        read = reread_answers(films.rereads, REREAD_LABELS[0], adults.stems)
    logits = fold.logits[is_adult].astype(np.float64)
    return Measured(fold.fitted.model, adults.targets, logits, read, adults.patients)


def _row(name: str, found: Measured, shipped: Measured) -> str:
    resamples = PatientBootstrap(found.patients)
    mean = resamples.interval(lambda weights: _mean_auroc(found, weights))
    difference = resamples.interval(
        lambda weights: _mean_auroc(found, weights) - _mean_auroc(shipped, weights)
    )
    at = FindingsConfig().findings.index(Finding.ABNORMAL)
    mined = roc_auc_score(found.truth[:, at], found.logits[:, at])
    is_read = ~np.isnan(found.abnormal)
    by_readers = "unknown"
    if is_read.any():
        by_readers = f"{roc_auc_score(found.abnormal[is_read], found.logits[is_read, at]):.3f}"
    return (
        f"| {name} | {_said(mean)} | {_said(difference, '+')} | {mined:.3f} | {by_readers} | "
        f"{found.model.count_params() / 1e6:.1f} | {_time_ratio(found.model):.1f} |"
    )


def _mean_auroc(found: Measured, weights: Weights) -> NDArray[np.float64]:
    """Mean over the findings but *abnormal*, in each resample, where there are positives."""
    aurocs = [
        auroc(found.truth[:, at] == 1, found.logits[:, at], weights)
        for at, finding in enumerate(FindingsConfig().findings)
        if finding != Finding.ABNORMAL
    ]
    return np.asarray(np.nanmean(aurocs, axis=0))


def _said(interval: Interval | None, sign: str = "") -> str:
    assert interval is not None
    value, low, high = (
        f"{each:{sign}.3f}" for each in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"


def _time_ratio(model: keras.Model) -> float:
    """Time of a network for one image, over that of the shipped pneumonia network."""
    with TemporaryDirectory() as folder:
        compiled = Path(folder) / COMPILED_FILE
        shape = (None, *model.input_shape[1:])
        signature = keras.InputSpec(shape=shape, dtype="float32", name="image")
        model.export(compiled, format="onnx", verbose=False, input_signature=[signature])
        networks = [_on_one_core(ROOT / "ml_model" / "pneumonia" / COMPILED_FILE)]
        networks.append(_on_one_core(compiled))
        times: list[list[float]] = [[], []]
        for _ in range(_ROUNDS):
            for request, taken in zip(networks, times, strict=True):
                began = time.perf_counter()
                request.infer()
                taken.append(time.perf_counter() - began)
    return statistics.median(times[1]) / statistics.median(times[0])


def _on_one_core(path: Path) -> ov.InferRequest:
    core = ov.Core()
    network = core.read_model(path)
    network.reshape([1, *(size.get_length() for size in list(network.input(0).partial_shape)[1:])])
    how = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
    return core.compile_model(network, "CPU", how).create_infer_request()


if __name__ == "__main__":
    main()
