import numpy as np
import pytest
from sklearn.metrics import auc, roc_auc_score

from hilum.evaluation.figures.curves import curves

TRUTH = np.array([1, 0, 1, 1, 0, 0], dtype=bool)
SCORE = np.array([0.95, 0.92, 0.65, 0.31, 0.31, 0.02])


@pytest.fixture(scope="module")
def many():
    rng = np.random.default_rng(1)
    truth = rng.random(5000) < 0.6
    return truth, 1 / (1 + np.exp(-rng.normal(3.0 * truth - 1.5, 1.5)))


def test_roc_tells_what_each_threshold_gives():
    points = curves(TRUTH, SCORE).roc

    assert [point.threshold for point in points] == [1.0, 0.95, 0.92, 0.65, 0.31, 0.02, 0.0]
    for point in points:
        called = point.threshold <= SCORE
        assert point.sensitivity == pytest.approx(called[TRUTH].mean(), abs=1e-5)
        assert point.specificity == pytest.approx(1 - called[~TRUTH].mean(), abs=1e-5)


def test_long_curves_are_thinned_and_keep_their_area(many):
    truth, score = many
    found = curves(truth, score)
    x = [1 - point.specificity for point in found.roc]
    y = [point.sensitivity for point in found.roc]

    assert max(len(found.roc), len(found.precision_recall)) <= 101
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert auc(x, y) == pytest.approx(roc_auc_score(truth, score), abs=0.002)
    for point in found.roc[::10]:
        called = score >= point.threshold
        assert point.sensitivity == pytest.approx(called[truth].mean(), abs=1e-5)


def test_a_threshold_calls_the_picture_that_it_comes_from():
    score = np.array([0.12345678, 0.87654321])

    points = curves(np.array([False, True]), score).roc

    assert [p.sensitivity for p in points if 0.8 < p.threshold < 0.9] == [1]


def test_precision_recall_rises_in_recall(many):
    points = curves(*many).precision_recall
    recall = [point.recall for point in points]

    assert recall == sorted(recall)
    assert recall[-1] == 1
    assert points[-1].precision == pytest.approx(many[0].mean(), abs=1e-5)


def test_reliability_leaves_empty_bins_out():
    bins = curves(TRUTH, SCORE).reliability

    assert [(b.predicted, b.observed, b.count) for b in bins] == [
        (0.02, 0.0, 1),
        (0.31, 0.5, 2),
        (0.65, 1.0, 1),
        (0.935, 0.5, 2),
    ]


def test_histogram_counts_every_picture_once():
    found = curves(TRUTH, np.append(SCORE[:-1], 1.0)).histogram

    assert (len(found.edges), sum(found.positive), sum(found.negative)) == (21, 3, 3)
    assert found.negative[-1] == 1
    assert found.positive[13] == 1


def test_decision_compares_with_treating_all():
    point = next(p for p in curves(TRUTH, SCORE).decision if p.threshold == 0.5)

    # At 0.5 a false alarm outweighs a true one: 2 less 1 of 6; all: 3 less 3 of 6.
    assert (point.model, point.treat_all) == pytest.approx((1 / 6, 0), abs=1e-5)
