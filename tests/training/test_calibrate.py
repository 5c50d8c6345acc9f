import numpy as np
import pytest

from hilum.models.calibration import calibrated
from hilum.models.card import Calibration
from hilum.training.calibrate import fit_calibration


def test_known_temperature_and_bias_are_found_again():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, (6000, 3)).astype(np.float32)
    true = Calibration(temperature=2.5, bias=(0.5, -0.1, -0.4), fitted_on="made up")
    probabilities = calibrated(logits, true)
    labels = np.array([rng.choice(3, p=row) for row in probabilities])

    found = fit_calibration(logits, labels, fitted_on="drawn")

    assert found.temperature == pytest.approx(2.5, rel=0.08)
    assert found.bias == pytest.approx(true.bias, abs=0.12)
    assert found.fitted_on == "drawn"


def test_probabilities_are_a_softmax():
    calibration = Calibration(temperature=1, bias=(0, 0), fitted_on="-")

    probabilities = calibrated(np.array([[np.log(3), 0.0], [1000, -1000]], "f4"), calibration)

    np.testing.assert_allclose(probabilities, [[0.75, 0.25], [1, 0]], atol=1e-6)
