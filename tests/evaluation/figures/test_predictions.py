import numpy as np
import pytest

from hilum.evaluation.figures.predictions import youden_threshold


def test_youden_lies_between_the_two_scores_that_it_parts():
    truth = np.array([0, 0, 0, 1, 1, 1], dtype=bool)
    score = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9])

    assert youden_threshold(truth, score) == pytest.approx(0.5)


def test_youden_does_not_part_ties():
    truth = np.array([0, 1, 1, 0, 1], dtype=bool)
    score = np.array([0.5, 0.5, 0.5, 0.1, 0.9])

    # At 0.5: sensitivity 1, false-positive rate 1/2. At 0.9: sensitivity 1/3, rate 0.
    assert youden_threshold(truth, score) == pytest.approx(0.3)
