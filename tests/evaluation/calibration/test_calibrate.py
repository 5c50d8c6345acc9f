import numpy as np
import pytest
from scipy.special import expit

from hilum.errors import DatasetError
from hilum.evaluation.calibration.decisions import Scored, fit_conformal
from hilum.evaluation.calibration.fit import fit_calibration, fit_sigmoid_calibration
from hilum.findings import Finding
from hilum.models.calibration import calibrated
from hilum.models.card import Activation, Calibration
from hilum.models.conformal import prediction_set
from hilum.models.task import Presence


def test_known_temperature_and_bias_are_found_again():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, (6000, 3)).astype(np.float32)
    true = Calibration(temperature=(2.5,) * 3, bias=(0.5, -0.1, -0.4), fitted_on="made up")
    probabilities = calibrated(logits, true, Activation.SOFTMAX)
    labels = np.array([rng.choice(3, p=row) for row in probabilities])

    found = fit_calibration(logits, labels, fitted_on="drawn")

    assert found.temperature == pytest.approx((2.5,) * 3, rel=0.08)
    assert found.bias == pytest.approx(true.bias, abs=0.12)
    assert found.fitted_on == "drawn"


def test_a_known_temperature_and_bias_of_each_sigmoid_are_found_where_labels_are_known():
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (8000, 2)).astype(np.float32)
    likely = expit(logits / np.array([2.5, 0.8]) + np.array([0.5, -0.7]))
    truth = (rng.random((8000, 2)) < likely).astype(np.float64)
    # Unknown, and left out: for were they taken for absent, the first bias would be far lower.
    truth[:4000, 0] = np.nan

    found = fit_sigmoid_calibration(logits, truth, fitted_on="drawn")

    assert found.temperature == pytest.approx((2.5, 0.8), rel=0.1)
    assert found.bias == pytest.approx((0.5, -0.7), abs=0.1)


def test_probabilities_are_a_softmax():
    calibration = Calibration(temperature=(1, 1), bias=(0, 0), fitted_on="-")

    logits = np.array([[np.log(3), 0.0], [1000, -1000]], "f4")
    probabilities = calibrated(logits, calibration, Activation.SOFTMAX)

    np.testing.assert_allclose(probabilities, [[0.75, 0.25], [1, 0]], atol=1e-6)


def _drawn(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    truth = rng.random(count) < 0.4
    logit = rng.normal(np.where(truth, 1.5, -1.5), 1.5)
    return 1 / (1 + np.exp(-logit)), truth


def test_conformal_sets_hold_each_class_as_often_as_they_promise():
    rng = np.random.default_rng(4)
    conformal = fit_conformal(
        [Scored(*_drawn(rng, 4000))], finding=Finding.PNEUMONIA, coverage=0.9, fitted_on="drawn"
    )

    probability, truth = _drawn(rng, 8000)
    sets = [prediction_set(p, conformal) for p in probability]

    for is_ill, label in ((True, Presence.PRESENT), (False, Presence.ABSENT)):
        held = np.mean(
            [label in each for each, ill in zip(sets, truth, strict=True) if ill == is_ill]
        )
        assert held == pytest.approx(0.9, abs=0.02)


def test_conformal_quantiles_are_the_corrected_order_statistics():
    # Ten of each class at 80 %: rank ceil(11 * 0.8) = 9, half way from the ninth to the tenth.
    probability = np.concatenate([np.arange(10) / 100, 1 - np.arange(10) / 50])
    truth = np.arange(20) >= 10

    found = fit_conformal(
        [Scored(probability, truth)], finding=Finding.PNEUMONIA, coverage=0.8, fitted_on="counted"
    )

    assert found.quantiles[Presence.ABSENT] == pytest.approx(0.085)
    assert found.quantiles[Presence.PRESENT] == pytest.approx(0.17)


def test_the_largest_score_is_the_quantile_where_there_is_none_above():
    # Four of each class at 80 %: rank ceil(5 * 0.8) = 4.
    probability = np.array([0.0, 0.1, 0.2, 0.3, 1.0, 0.9, 0.8, 0.7])

    found = fit_conformal(
        [Scored(probability, probability > 0.5)],
        finding=Finding.PNEUMONIA,
        coverage=0.8,
        fitted_on="few",
    )

    assert found.quantiles[Presence.ABSENT] == pytest.approx(0.3)
    assert found.quantiles[Presence.PRESENT] == pytest.approx(0.3)


def test_too_few_pictures_promise_nothing():
    with pytest.raises(DatasetError, match="too few"):
        fit_conformal(
            [Scored(np.linspace(0, 1, 12), np.arange(12) > 5)],
            finding=Finding.PNEUMONIA, coverage=0.95, fitted_on="few",
        )  # fmt: skip
