"""Calibration, operating point and sets of labels agree with each other."""

import numpy as np
import pytest

from hilum.datasets.chest_xray import CLASSES
from hilum.findings import Finding
from hilum.models.calibration import calibrated
from hilum.models.card import Activation
from hilum.models.conformal import prediction_set, undecided_zone
from hilum.models.task import Presence
from hilum.training.classifier.tune import tune


def drawn(seed, *, apart):
    """Logits of 900 films, whose classes lie `apart` standard deviations from each other."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, 900)
    logits = rng.normal(size=(900, 3)) + apart * np.eye(3)[labels]
    return logits.astype(np.float32), labels


@pytest.mark.parametrize("apart", [1.0, 2.5, 6.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_single_label_says_what_the_operating_point_says(seed, apart):
    logits, labels = drawn(seed, apart=apart)

    tuned = tune(logits, labels, coverage=0.95, fitted_on="drawn")

    low, high = undecided_zone(tuned.conformal)
    threshold = tuned.operating_point.threshold
    assert low <= threshold <= high
    for probability in np.linspace(0, 1, 500):
        told = prediction_set(probability, tuned.conformal)
        if len(told) == 1:
            assert (told[0] is Presence.PRESENT) == (probability >= threshold)


def test_the_operating_point_is_near_the_best_one():
    logits, labels = drawn(5, apart=2.5)

    tuned = tune(logits, labels, coverage=0.95, fitted_on="drawn")

    ill = (
        1
        - calibrated(logits, tuned.calibration, Activation.SOFTMAX)[
            :, CLASSES.index(Finding.NORMAL)
        ]
    )
    truth = labels != CLASSES.index(Finding.NORMAL)

    def youden(threshold):
        return (ill[truth] >= threshold).mean() + (ill[~truth] < threshold).mean() - 1

    best = max(youden(threshold) for threshold in np.unique(ill))
    assert youden(tuned.operating_point.threshold) > best - 0.05
