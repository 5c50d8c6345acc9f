"""DeLong's and McNemar's tests against their definitions, computed in the plainest way."""

from math import comb

import numpy as np
import pytest
from scipy.stats import norm

from hilum.evaluation.comparisons.paired import delong_test, mcnemar_test


def _scores(seed=2, pictures=60):
    rng = np.random.default_rng(seed)
    truth = rng.random(pictures) < 0.5
    first = np.round(rng.normal(truth, 1.2), 1)
    return truth, first, np.round(0.5 * first + rng.normal(truth, 1.0), 1)


def _won(ill, well):
    return 1.0 if ill > well else 0.5 if ill == well else 0.0


def test_delong_equals_the_definition():
    truth, first, second = _scores()
    m, n = int(truth.sum()), int((~truth).sum())
    kernels = [
        np.array([[_won(ill, well) for well in score[~truth]] for ill in score[truth]])
        for score in (first, second)
    ]
    areas = [kernel.mean() for kernel in kernels]
    # Structural components (DeLong 1988, equations 4 and 5), and the variance of a contrast.
    of_ill = [kernel.mean(axis=1) - area for kernel, area in zip(kernels, areas, strict=True)]
    of_well = [kernel.mean(axis=0) - area for kernel, area in zip(kernels, areas, strict=True)]
    variance = sum(
        ((side[1] - side[0]) ** 2).sum() / (count - 1) / count
        for side, count in ((of_ill, m), (of_well, n))
    )

    found = delong_test(truth, first, second)

    assert (found.first, found.second) == pytest.approx(areas)
    assert found.high - found.difference == pytest.approx(norm.ppf(0.975) * variance**0.5)
    z = (areas[1] - areas[0]) / variance**0.5
    assert found.p_value == pytest.approx(2 * norm.sf(abs(z)))


def test_delong_of_one_score_finds_no_difference():
    truth, first, _ = _scores()

    # Any rising change of the scale leaves an AUROC as it is.
    found = delong_test(truth, first, 3 * first + 7)

    assert (found.difference, found.p_value) == (0, 1)


def test_delong_is_right_about_as_often_as_it_says():
    rejected = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        truth = np.arange(80) < 40
        shared = rng.normal(truth, 1.0)
        first, second = (shared + rng.normal(0, 1, 80) for _ in range(2))
        rejected += delong_test(truth, first, second).p_value < 0.05

    # Both scores are equally good: 15 of 300 are expected, give or take 3 * sqrt(15 * 0.95).
    assert 3 <= rejected <= 27


def test_delong_refuses_too_few_pictures():
    with pytest.raises(ValueError, match="two positive and two negative"):
        delong_test(np.array([True, False, False]), np.zeros(3), np.zeros(3))


def test_mcnemar_is_the_sign_test_of_the_pictures_read_differently():
    # 100 both right, 2 only the first, 9 only the second, 5 both wrong.
    first = np.repeat([True, True, False, False], [100, 2, 9, 5])
    second = np.repeat([True, False, True, False], [100, 2, 9, 5])

    found = mcnemar_test(first, second)

    assert (found.only_first, found.only_second) == (2, 9)
    assert found.p_value == pytest.approx(2 * sum(comb(11, k) for k in range(3)) / 2**11)


def test_mcnemar_without_a_difference():
    assert mcnemar_test(np.array([True, False]), np.array([True, False])).p_value == 1
