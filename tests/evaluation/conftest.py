"""Outcomes of a made-up model."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hilum.datasets.labelled import RADIOGRAPHS
from hilum.datasets.labels import columns_of_one
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.findings import Finding
from hilum.models.card import Card

MakeOutcomes = Callable[..., Outcomes]


@pytest.fixture(scope="session")
def card(make_card: Callable[..., Card]) -> Card:
    """Pneumonia is called from 0.5; the set holds pneumonia from 0.3, and normal up to 0.6."""
    return make_card(
        {"model.keras": "ab" * 32},
        conformal={
            "coverage": 0.9,
            "quantiles": {"absent": 0.6, "present": 0.7},
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
                "patient": patients[n] if patients else str(n),
                **(subgroups[n] if subgroups else {}),
            }
            for n in range(len(labels))
        ).join(columns_of_one([Finding(label) for label in labels]))
        return Outcomes(
            RADIOGRAPHS.validate(radiographs), np.stack([1 - likely, likely, 0 * likely], axis=1)
        )

    return make
