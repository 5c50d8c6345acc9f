import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from hilum.evaluation.metrics import (
    auroc,
    bootstrap,
    expected_calibration_error,
    youden_threshold,
)


def test_auroc_equals_scikit_learns_with_ties():
    rng = np.random.default_rng(0)
    truth = rng.random(400) < 0.3
    score = np.round(rng.normal(truth, 1.0), 1)

    assert auroc(truth, score) == pytest.approx(roc_auc_score(truth, score), abs=1e-12)


def test_auroc_of_one_class_is_not_a_number():
    assert np.isnan(auroc(np.array([True, True]), np.array([0.1, 0.2])))


def test_calibration_error_is_the_mean_gap():
    # Two bins: 0.2 predicted and 1 of 4 observed (gap 0.05), 0.9 and 3 of 4 (gap 0.15).
    probability = np.array([0.2] * 4 + [0.9] * 4)
    truth = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=bool)

    assert expected_calibration_error(truth, probability) == pytest.approx(0.1)


def test_youden_lies_between_the_two_scores_that_it_parts():
    truth = np.array([0, 0, 0, 1, 1, 1], dtype=bool)
    score = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9])

    assert youden_threshold(truth, score) == pytest.approx(0.5)


def test_youden_does_not_part_ties():
    truth = np.array([0, 1, 1, 0, 1], dtype=bool)
    score = np.array([0.5, 0.5, 0.5, 0.1, 0.9])

    # At 0.5: sensitivity 1, false-positive rate 1/2. At 0.9: sensitivity 1/3, rate 0.
    assert youden_threshold(truth, score) == pytest.approx(0.3)


def test_interval_of_a_mean_is_that_of_the_normal_law():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, 900)

    interval = bootstrap(lambda i: float(values[i].mean()), [str(n) for n in range(900)])

    # Standard error 1 / sqrt(900), times 1.96 to either side; the bootstrap is noisy itself.
    assert interval.value == pytest.approx(values.mean())
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * values.std() / 30, rel=0.12)


def test_pictures_of_one_patient_stay_together():
    # Ten patients with a hundred equal pictures each: only ten independent values.
    values = np.repeat(np.arange(10.0), 100)
    patients = [str(n) for n in range(10) for _ in range(100)]

    interval = bootstrap(lambda i: float(values[i].mean()), patients)

    expected = 2 * 1.96 * np.arange(10.0).std() / np.sqrt(10)
    assert interval.high - interval.low == pytest.approx(expected, rel=0.15)
