"""Outcomes of a made-up model, and drawn pictures in the layouts that people have."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.datasets.labelled import RADIOGRAPHS
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.findings import Finding
from hilum.imaging.phantom import draw_phantom
from hilum.models.card import Card

MakeOutcomes = Callable[..., Outcomes]


@pytest.fixture(scope="session")
def card(make_card: Callable[..., Card]) -> Card:
    """Pneumonia is called from 0.5; the set holds pneumonia from 0.3, and normal up to 0.6."""
    return make_card(
        {"model.keras": "ab" * 32},
        conformal={
            "coverage": 0.9,
            "quantiles": {"normal": 0.6, "pneumonia": 0.7},
            "fitted_on": "validation",
        },
    )


@pytest.fixture(scope="session")
def make_outcomes() -> MakeOutcomes:
    """Outcomes from labels and probabilities of pneumonia, all of it bacterial."""

    def make(
        labels: Sequence[Finding | str],
        pneumonia: Sequence[float],
        *,
        patients: Sequence[str] | None = None,
        subgroups: Sequence[dict[str, str]] | None = None,
    ) -> Outcomes:
        likely = np.asarray(pneumonia, dtype=np.float64)
        radiographs = pd.DataFrame(
            {
                "path": Path(f"{n}.png"),
                "name": f"{n}.png",
                "finding": label,
                "patient": patients[n] if patients else str(n),
                **(subgroups[n] if subgroups else {}),
            }
            for n, label in enumerate(labels)
        )
        return Outcomes(
            RADIOGRAPHS.validate(radiographs), np.stack([1 - likely, likely, 0 * likely], axis=1)
        )

    return make


@cache
def _phantom(seed: int, opacity: str | None) -> NDArray[np.float32]:
    return draw_phantom(320, 320, seed=seed, opacity=opacity)  # type: ignore[arg-type]


def draw_film(seed: int, opacity: str | None = None, side: int = 96) -> NDArray[np.uint8]:
    """A phantom that lies as no other does: phantoms have one shape, and are slow to draw."""
    rng = np.random.default_rng(seed)
    pixels = cv2.resize(_phantom(seed % 3, opacity), (side, side), interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D(
        (side / 2, side / 2), rng.uniform(-12, 12), rng.uniform(0.8, 1.2)
    )
    turn[:, 2] += rng.uniform(-0.08, 0.08, 2) * side
    film = cv2.warpAffine(pixels, turn, (side, side), borderMode=cv2.BORDER_REFLECT)
    return np.uint8(np.round(255 * np.clip(film, 0, 1)))


def draw_to(path: Path, *, seed: int, opacity: str | None = None, side: int = 96) -> None:
    """Draw a film into a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_film(seed, opacity, side)).save(path)
