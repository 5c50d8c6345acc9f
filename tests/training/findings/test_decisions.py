"""Calibration and decisions of findings: on adults, and never on what is measured."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hilum.evaluation.calibration.fit import fit_sigmoid_calibration
from hilum.findings import Finding
from hilum.imaging import Box
from hilum.models.calibration import calibrated
from hilum.models.card import Activation
from hilum.training.classifier.films import Films
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import FindingsData
from hilum.training.findings.decisions import calibrated_by_others, predictions_of

COUNT = 300
FOLDS = [np.arange(start, COUNT, 3) for start in range(3)]
CONFIG = FindingsConfig(findings=(Finding.MASS,))


@pytest.fixture
def data() -> FindingsData:
    """A third have a mass; each tenth image is of a child."""
    ages = ["6 to 17 years" if at % 10 == 0 else "40 to 64 years" for at in range(COUNT)]
    radiographs = pd.DataFrame(
        {
            "path": [Path(f"{at}.png") for at in range(COUNT)],
            "patient": [f"p{at}" for at in range(COUNT)],
            "age": ages,
        }
    )
    targets = (np.arange(COUNT) % 7 < 2).astype(np.float32)[:, np.newaxis]
    films = Films(np.zeros((COUNT, 1, 1), np.float32), [Box(0, 0, 1, 1)] * COUNT)
    return FindingsData(radiographs, films, targets)


@pytest.fixture
def logits(data: FindingsData) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (3 * data.targets + rng.normal(size=data.targets.shape)).astype(np.float32)


def test_probabilities_of_a_fold_are_calibrated_on_adults_of_the_others(data, logits):
    found = calibrated_by_others(data, logits, FOLDS)

    others = [at for at in range(COUNT) if at % 3 != 1 and at % 10 != 0]
    fitted = fit_sigmoid_calibration(
        logits[others], data.targets[others].astype(np.float64), fitted_on="by hand"
    )
    expected = calibrated(logits, fitted, Activation.SIGMOID)
    np.testing.assert_allclose(found[FOLDS[1]], expected[FOLDS[1]])
    # Labels of a fold, and of children, say nothing of its own probabilities.
    changed = data.targets.copy()
    changed[FOLDS[1]] = 1 - changed[FOLDS[1]]
    changed[::10] = 1 - changed[::10]
    data.targets[:] = changed
    again = calibrated_by_others(data, logits, FOLDS)
    np.testing.assert_array_equal(again[FOLDS[1]], found[FOLDS[1]])
    assert np.abs(again[FOLDS[0]] - found[FOLDS[0]]).max() > 0.05


def test_figures_are_of_adults(data, logits):
    said = predictions_of(CONFIG, data, calibrated_by_others(data, logits, FOLDS))
    adults = [at for at in range(COUNT) if at % 10 != 0]
    assert said.patients == [f"p{at}" for at in adults]
    assert said.labels["mass"].tolist() == [at % 7 < 2 for at in adults]
