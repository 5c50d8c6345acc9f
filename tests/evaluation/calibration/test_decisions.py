"""Operating points and prediction sets of one group of films and of several."""

import numpy as np
import pytest

from hilum.evaluation.calibration.decisions import (
    Scored,
    balanced_threshold,
    fit_conformal,
    tune_decision,
    youden_threshold,
)
from hilum.findings import Finding
from hilum.models.task import Presence


def scored(positive: list[float], negative: list[float]) -> Scored:
    return Scored(
        np.array([*positive, *negative]), np.arange(len(positive + negative)) < len(positive)
    )


def test_youden_lies_between_the_two_scores_that_it_parts():
    assert youden_threshold(scored([0.7, 0.8, 0.9], [0.1, 0.2, 0.3])) == pytest.approx(0.5)


def test_youden_does_not_part_ties():
    # At 0.5: sensitivity 1, false-positive rate 1/2. At 0.9: sensitivity 1/3, rate 0.
    assert youden_threshold(scored([0.5, 0.5, 0.9], [0.5, 0.1])) == pytest.approx(0.3)


def test_of_several_groups_the_threshold_balances_the_worst_errors():
    near = scored([0.4, 0.6, 0.8, 0.9], [0.1, 0.15, 0.2, 0.3])
    elsewhere = scored([0.5, 0.7, 0.85, 0.95], [0.2, 0.3, 0.45, 0.62])

    # The smallest of sensitivities and specificities, by hand: at 0.45 1/2, at 0.5 and at 0.6 3/4,
    # at 0.62 1/2 (two of four near ones are below), at 0.7 1/2.
    assert balanced_threshold([near, elsewhere]) == pytest.approx((0.5 + 0.6) / 2)
    assert balanced_threshold([near]) == pytest.approx(0.35)


def test_a_group_may_aim_at_a_coverage_of_its_own():
    group = scored([0.9] * 50, [0.01 * number for number in range(50)])
    told = {"finding": Finding.PNEUMONIA, "coverage": 0.9, "fitted_on": "one"}

    found = fit_conformal([group, group._replace(coverage=0.5)], **told)
    lower = fit_conformal([group._replace(coverage=0.5)], **told)

    # The 46th of 50 scores, and the 26th; each between it and the next.
    assert found.quantiles[Presence.ABSENT] == pytest.approx(0.455)
    assert lower.quantiles[Presence.ABSENT] == pytest.approx(0.255)
    assert found.coverage == 0.9


def test_the_sets_cover_each_label_in_each_group():
    rng = np.random.default_rng(3)
    truth = np.arange(400) % 2 == 0
    groups = [
        Scored(np.clip(rng.normal(np.where(truth, high, low), 0.1), 0, 1), truth)
        for high, low in ((0.8, 0.2), (0.9, 0.4), (0.6, 0.1))
    ]
    told = {"finding": Finding.PNEUMONIA, "coverage": 0.9, "fitted_on": "three"}
    alone = [fit_conformal([group], **told).quantiles for group in groups]

    point, conformal = tune_decision(groups, **told)

    assert conformal.quantiles == {
        Presence.ABSENT: alone[1][Presence.ABSENT],
        Presence.PRESENT: alone[2][Presence.PRESENT],
    }
    assert "specificities of 3 groups" in point.criterion
    for probability, is_positive, _ in groups:
        for scores, label in (
            (probability[~is_positive], Presence.ABSENT),
            (1 - probability[is_positive], Presence.PRESENT),
        ):
            assert (scores <= conformal.quantiles[label]).mean() >= 0.9
