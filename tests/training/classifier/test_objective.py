"""Losses of findings, against values by hand."""

import numpy as np
import pytest

from hilum.training.classifier.objective import (
    FindingsLoss,
    KnownAUC,
    each_by_itself,
    one_of_many,
)

NAN = float("nan")
LOGIT = np.log(3.0)
"""Of the probability 0.75: the loss is -log(0.75) if present, -log(0.25) if absent."""
PRESENT, ABSENT = -np.log(0.75), -np.log(0.25)


@pytest.mark.parametrize(
    ("kind", "present", "absent"),
    [
        ("cross_entropy", PRESENT, ABSENT),
        # A tenth of the images has it: 1 / (2 * 0.1) and 1 / (2 * 0.9).
        ("weighted_cross_entropy", 5 * PRESENT, ABSENT / 1.8),
        ("focal", 0.25**2 * PRESENT, 0.75**2 * ABSENT),
        ("asymmetric", PRESENT, -(0.7**4) * np.log(0.3)),
    ],
)
def test_losses_are_those_of_the_papers(kind, present, absent):
    loss = FindingsLoss(kind, [0.1], reduction=None)
    truth = np.array([[1.0], [0.0], [0.5]], dtype=np.float32)
    found = loss(truth, np.full((3, 1), LOGIT, dtype=np.float32))
    np.testing.assert_allclose(found, [present, absent, (present + absent) / 2], rtol=1e-5)


def test_unknown_labels_are_not_in_the_loss():
    loss = FindingsLoss("cross_entropy", [0.5, 0.5], reduction=None)
    truth = np.array([[1, NAN], [NAN, 0], [NAN, NAN]], dtype=np.float32)
    found = np.asarray(loss(truth, np.full((3, 2), LOGIT, dtype=np.float32)))
    np.testing.assert_allclose(found, [PRESENT, ABSENT, 0], rtol=1e-5)


def test_a_loss_is_restored_from_its_configuration():
    loss = FindingsLoss("focal", [0.1, 0.2])
    again = FindingsLoss.from_config(loss.get_config())
    assert (again.kind, again.shares) == ("focal", [0.1, 0.2])


def test_the_auroc_leaves_unknown_labels_out():
    truth = np.array([[1, 0], [NAN, 1], [0, NAN]], dtype=np.float32)
    logits = np.array([[2, 1], [-9, 3], [-1, 9]], dtype=np.float32)
    metric = KnownAUC()
    metric.update_state(truth, logits)
    # Positives 2 and 3, negatives 1 and -1: all pairs are in order.
    assert float(metric.result()) == pytest.approx(1.0, abs=1e-3)
    metric.update_state(truth, -logits)
    # Of 4 x 4 pairs, positives (2, 3, -2, -3), negatives (1, -1, -1, 1): 8.
    assert float(metric.result()) == pytest.approx(0.5, abs=1e-2)


def test_what_is_known_without_a_look_is_each_findings_share():
    truth = np.array([[1, NAN], [0, 1], [0, 1], [0, 0]], dtype=np.float32)
    objective = each_by_itself(truth)
    np.testing.assert_allclose(objective.empty, [1 / 4, 2 / 3], rtol=1e-6)
    np.testing.assert_array_equal(objective.weights, np.ones(4))


def test_classes_weigh_the_same_as_a_whole():
    objective = one_of_many(np.array([0, 0, 0, 1]), 2)
    np.testing.assert_allclose(objective.weights, [2 / 3, 2 / 3, 2 / 3, 2])
    np.testing.assert_array_equal(objective.empty, [0.5, 0.5])
