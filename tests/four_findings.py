"""A small network that is taught to tell four drawn findings apart, as a bundle, and its films."""

import os
import shutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.imaging import Box, Preprocessing
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import cut, normalise
from tests.taught_network import small_network

NAME = "four_findings"
FINDINGS = (Finding.EFFUSION, Finding.PNEUMOTHORAX, Finding.MASS, Finding.NODULE)
HOW = Preprocessing(input_size_px=96, region="lung_field", sampled_px=128)
_SIDE = 256
_LUNGS = {"right": 0.31, "left": 0.70}
"""Where their middles are across a phantom, by the patient's side."""

Film = NDArray[np.float32]


def draw(
    present: Mapping[Finding, str], *, seed: int, rng: np.random.Generator | None = None
) -> Film:
    """A phantom with findings, each in the lung of a side of the patient.

    Parameters
    ----------
    present : mapping of Finding to {"right", "left"}
    seed : int
        Of the phantom.
    rng : Generator, optional
        Varies place and strength.

    Returns
    -------
    ndarray of float32, shape (256, 256), in [0, 1]
    """
    rng = rng or np.random.default_rng(seed)
    film = _phantom(seed).copy()
    at = (np.arange(_SIDE, dtype=np.float32) + 0.5) / _SIDE
    x, y = np.meshgrid(at, at)
    for finding, side in present.items():
        middle = _LUNGS[side] + rng.uniform(-0.02, 0.02)
        strength = rng.uniform(0.9, 1.1)
        across = np.exp(-(((x - middle) / 0.12) ** 4))
        if finding is Finding.EFFUSION:
            film += 0.35 * strength * across / (1 + np.exp((0.64 - y) / 0.015))
        elif finding is Finding.PNEUMOTHORAX:
            film -= 0.30 * strength * across / (1 + np.exp((y - 0.30) / 0.015))
        else:
            radius, bright = (0.075, 0.32) if finding is Finding.MASS else (0.028, 0.40)
            down = rng.uniform(0.42, 0.52)
            film += strength * bright * _disc(x - middle, y - down, radius)
    return np.clip(film, 0, 1)


@cache
def _phantom(seed: int) -> Film:
    return draw_phantom(_SIDE, _SIDE, seed=seed)


def _disc(x: Film, y: Film, radius: float) -> Film:
    return 1 / (1 + np.exp(np.minimum((np.hypot(x, y) - radius) / 0.004, 80)))


def draw_many(count: int, *, seed: int) -> tuple[list[Film], NDArray[np.bool_]]:
    """Films, each finding in about a third of them, and which are there, shape (n, 4)."""
    rng = np.random.default_rng(seed)
    truth = rng.random((count, len(FINDINGS))) < 0.35
    sides = rng.choice(["right", "left"], truth.shape)
    films = [
        draw(
            {FINDINGS[at]: str(side[at]) for at in np.flatnonzero(row)},
            seed=1000 * seed + number % 6,
            rng=rng,
        )
        for number, (row, side) in enumerate(zip(truth, sides, strict=True))
    ]
    return films, truth


def write_labelled(folder: Path, count: int, *, seed: int) -> NDArray[np.bool_]:
    """Write films with a table of labels, in which a few labels of masses are unknown."""
    films, truth = draw_many(count, seed=seed)
    table = pd.DataFrame(truth.astype(int), columns=[each.value for each in FINDINGS])
    table = table.astype(object)
    table.loc[::10, "mass"] = ""
    table.insert(0, "path", [f"{number}.png" for number in range(count)])
    table.insert(1, "patient", [f"p{number}" for number in range(count)])
    folder.mkdir(parents=True, exist_ok=True)
    for name, film in zip(table["path"], films, strict=True):
        cv2.imwrite(str(folder / name), np.rint(255 * film).astype(np.uint8))
    table.to_csv(folder / "labels.csv", index=False)
    return truth


def write_four_findings(folder: Path, taught: Path) -> None:
    """Write a folder of models: those of `taught`, and one that decides on four findings."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    from keras import ops

    from hilum.training.export import CLASSIFIER, export_bundle

    keras.utils.set_random_seed(5)
    network = small_network((8, 16, 24, 24), outputs=len(FINDINGS))
    network.compile(
        keras.optimizers.Adam(6e-3),
        lambda truth, logits: ops.mean(
            keras.losses.binary_crossentropy(truth, logits, from_logits=True)
        ),
    )
    films, truth = draw_many(240, seed=1)
    network.fit(_inputs(films), truth.astype(np.float32), epochs=40, batch_size=32, verbose=0)
    export_bundle(network, lambda files: _card(network, files), folder / NAME, CLASSIFIER)
    for each in taught.iterdir():
        shutil.copytree(each, folder / each.name)


def _inputs(films: list[Film]) -> NDArray[np.float32]:
    rng = np.random.default_rng(len(films))
    return np.stack([normalise(cut(film, _field(rng), 96), HOW) for film in films])


def _field(rng: np.random.Generator) -> Box:
    """About where reading finds lungs and heart in these phantoms."""
    side = rng.uniform(0.09, 0.12)
    return Box(side, rng.uniform(0.02, 0.09), 1 - side, rng.uniform(0.83, 0.86))


def _card(network, files: dict[str, str]):
    """Calibrate and tune each finding on films that taught nothing, and measure on others."""
    from hilum.datasets.labels import LABEL_TYPE
    from hilum.evaluation.calibration.decisions import Scored, tune_decision
    from hilum.evaluation.calibration.fit import fit_sigmoid_calibration
    from hilum.evaluation.figures.card_tasks import with_figures
    from hilum.evaluation.figures.predictions import Predictions
    from hilum.models import Card
    from hilum.models.calibration import calibrated
    from hilum.models.card import Activation
    from hilum.models.task import Task

    said, truths = {}, {}
    for seed, name in enumerate(("validation", "test"), 2):
        films, truths[name] = draw_many(120, seed=seed)
        said[name] = network.predict(_inputs(films), verbose=0)
    calibration = fit_sigmoid_calibration(
        said["validation"], truths["validation"].astype(np.float64), fitted_on="validation"
    )
    probabilities = {
        name: calibrated(logits, calibration, Activation.SIGMOID) for name, logits in said.items()
    }
    tasks = []
    for at, finding in enumerate(FINDINGS):
        point, conformal = tune_decision(
            [Scored(probabilities["validation"][:, at], truths["validation"][:, at])],
            finding=finding,
            coverage=0.95,
            fitted_on="validation",
        )
        tasks.append(Task(finding=finding, operating_point=point, conformal=conformal))
    card = Card(
        name=NAME,
        title="Four drawn findings",
        version="0.1",
        created=date(2026, 1, 2),
        intended_use="Tests.",
        intended_population="Phantoms",
        preprocessing=HOW,
        activation="sigmoid",
        outputs=FINDINGS,
        calibration=calibration,
        main=Finding.EFFUSION,
        tasks=tuple(tasks),
        files=files,
        parameters=network.count_params(),
        training_data=(),
        training={},
        limits=("It knows drawn films alone.",),
    )
    predictions = {
        name: Predictions(
            probabilities[name],
            pd.DataFrame(truth, columns=[each.value for each in FINDINGS]).astype(LABEL_TYPE),
            [f"{name}-{number}" for number in range(len(truth))],
        )
        for name, truth in truths.items()
    }
    return with_figures(card, predictions)
