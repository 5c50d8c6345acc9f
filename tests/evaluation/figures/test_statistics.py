"""Figures against scikit-learn, and against arithmetic."""

from functools import partial

import numpy as np
import pytest
from sklearn import metrics as sk

from hilum.evaluation.figures import statistics as stats


@pytest.fixture(scope="module")
def drawn():
    """Truth, scores with ties, and how often each picture is in each of 20 resamples."""
    rng = np.random.default_rng(4)
    truth = rng.random(300) < 0.4
    score = np.round(1 / (1 + np.exp(-rng.normal(2.0 * truth - 1, 1.5))), 2)
    weights = np.stack([np.bincount(rng.integers(0, 300, 300), minlength=300) for _ in range(20)])
    return truth, score, weights.astype(float)


def _kappa(truth, called, sample_weight):
    return sk.cohen_kappa_score(truth, called, sample_weight=sample_weight)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (stats.auroc, sk.roc_auc_score),
        (stats.auprc, sk.average_precision_score),
        (stats.brier, sk.brier_score_loss),
        (stats.log_loss, partial(sk.log_loss, labels=[False, True])),
    ],
)
def test_figures_of_the_score_equal_scikit_learns_in_every_resample(drawn, ours, theirs):
    truth, score, weights = drawn
    score = score.clip(0.01, 0.99)

    expected = [theirs(truth, score, sample_weight=row) for row in weights]

    assert ours(truth, score, weights) == pytest.approx(expected, abs=1e-12)
    assert ours(truth, score) == pytest.approx([theirs(truth, score)], abs=1e-12)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (stats.accuracy, sk.accuracy_score),
        (stats.f1, sk.f1_score),
        (stats.share, sk.recall_score),
        (lambda truth, called, w: stats.share(called, truth, w), sk.precision_score),
        (
            lambda truth, called, w: stats.share(~truth, ~called, w),
            partial(sk.recall_score, pos_label=0),
        ),
        (stats.cohens_kappa, _kappa),
    ],
)
def test_figures_of_decisions_equal_scikit_learns_in_every_resample(drawn, ours, theirs):
    truth, score, weights = drawn
    called = score >= 0.6

    expected = [theirs(truth, called, sample_weight=row) for row in weights]

    assert ours(truth, called, weights) == pytest.approx(expected, abs=1e-12)


def test_kappa_of_cohens_own_kind_of_table():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreed 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4.
    first = np.repeat([True, True, False, False], [20, 5, 10, 15])
    second = np.repeat([True, False, True, False], [20, 5, 10, 15])

    assert stats.cohens_kappa(first, second)[0] == pytest.approx((0.7 - 0.5) / (1 - 0.5))


def test_predictive_values_follow_bayes():
    # Of 1000 people 10 are ill: 9 found, 1 missed; of 990 well, 99 alarmed, 891 cleared.
    sensitivity, specificity = np.array([0.9]), np.array([0.9])

    positive, negative = stats.predictive_values(sensitivity, specificity, 0.01)

    assert positive[0] == pytest.approx(9 / (9 + 99))
    assert negative[0] == pytest.approx(891 / (891 + 1))


def test_net_benefit_weighs_false_alarms_by_the_odds_of_the_threshold():
    truth = np.array([1, 1, 0, 0, 0], dtype=bool)
    score = np.array([0.9, 0.1, 0.8, 0.3, 0.1])

    # At 0.2: one true, two false alarms, each worth a quarter.
    assert stats.net_benefit(truth, score, 0.2)[0] == pytest.approx((1 - 2 * 0.25) / 5)
    assert stats.net_benefit(truth, score, 0.95)[0] == 0


def test_calibration_error_is_the_mean_gap_in_every_resample():
    # Two bins: 0.2 predicted and 1 of 4 observed (gap 0.05), 0.9 and 3 of 4 (gap 0.15).
    probability = np.array([0.2] * 4 + [0.9] * 4)
    truth = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=bool)
    first_bin_only = np.array([[1, 1, 1, 1, 0, 0, 0, 0]], dtype=float)

    assert stats.expected_calibration_error(truth, probability)[0] == pytest.approx(0.1)
    assert stats.expected_calibration_error(truth, probability, first_bin_only)[0] == pytest.approx(
        0.05
    )


def test_a_class_that_is_absent_leaves_figures_undefined():
    truth, score = np.array([True, True]), np.array([0.2, 0.7])

    assert np.isnan(stats.auroc(truth, score)[0])
    assert np.isnan(stats.share(~truth, score < 0.5)[0])
    assert np.isnan(stats.cohens_kappa(truth, truth)[0])
    assert stats.auprc(truth, score)[0] == 1
