"""Frequencies, contributions to the loss and co-occurrence, by hand."""

import numpy as np
import pytest

from hilum.findings import Finding
from hilum.training.findings.imbalance import co_occurrence, contributions, frequencies

NAN = np.nan
FINDINGS = (Finding.EFFUSION, Finding.MASS)
TARGETS = np.array([[1, 1], [0, 1], [0, NAN], [0, 0.5], [0, 0]], dtype=np.float32)


def test_present_absent_and_unknown_are_counted():
    found = frequencies(TARGETS, FINDINGS)
    assert found.loc["effusion"].tolist() == [1, 4, 0, pytest.approx(0.2)]
    assert found.loc["mass"].tolist() == [2, 1, 1, pytest.approx(2 / 3)]


def test_weights_make_present_and_absent_contribute_the_same():
    found = contributions(TARGETS[:, :1], FINDINGS[:1]).loc["effusion"]
    # At 0.5 both terms of the cross-entropy are log 2, and the focal factors are the same.
    assert found["cross_entropy"] == pytest.approx(0.2)
    assert found["focal"] == pytest.approx(0.2)
    assert found["weighted_cross_entropy"] == pytest.approx(0.5)
    # Asymmetric: log 2 if present, 0.45^4 times -log 0.55 if absent.
    absent = 0.8 * 0.45**4 * -np.log(0.55)
    present = 0.2 * np.log(2)
    assert found["asymmetric"] == pytest.approx(present / (present + absent), rel=1e-5)


def test_findings_that_occur_together():
    found = co_occurrence(TARGETS, FINDINGS)
    np.testing.assert_allclose(found, [[1, 1], [0.5, 1]])
