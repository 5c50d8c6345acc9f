"""What speaks for a finding, cell by cell: it adds up to the probability's log-odds."""

import numpy as np
import pytest
from scipy.special import logit, softmax

from hilum.models.calibration import calibrated
from hilum.models.evidence.maps import evidence_maps, log_odds_map
from hilum.models.reading import FindingReading, Reading


@pytest.fixture
def reading_of(make_card):
    def make(maps):
        card = make_card({})
        z = maps.mean(axis=(0, 1)) / 0.5 + np.array([0.1, 0.0, -0.1])
        p = softmax(z)
        findings = [FindingReading(f, float(q)) for f, q in zip(card.outputs, p, strict=True)]
        findings.append(FindingReading(card.main, float(p[1] + p[2])))
        reading = Reading(
            tuple(findings), (), card.main, "pneumonia", "0", "0", 0.0, 0.0,
            maps.astype(np.float32),
        )  # fmt: skip
        return reading, card, p

    return make


def test_the_mean_of_each_map_is_the_log_odds_of_its_probability(reading_of):
    maps = np.random.default_rng(0).normal(0, 1, (5, 4, 3))
    reading, card, p = reading_of(maps)

    found = evidence_maps(reading, card, card.main_task)

    expected = [p[1] + p[2], p[1], p[2]]
    assert [finding.value for finding in found] == [
        "pneumonia", "bacterial_pneumonia", "viral_pneumonia",
    ]  # fmt: skip
    for each, share in zip(found.values(), expected, strict=True):
        assert each.mean() == pytest.approx(logit(share), abs=1e-5)


def test_of_a_sigmoid_each_map_is_its_own_calibrated_log_odds(make_card):
    maps = np.random.default_rng(3).normal(0, 1, (5, 4, 2)).astype(np.float32)
    point = {"threshold": 0.5, "criterion": "made up", "chosen_on": "nothing"}
    card = make_card(
        {},
        activation="sigmoid",
        outputs=("effusion", "pneumonia"),
        calibration={"temperature": (0.5, 2.0), "bias": (0.3, -1.0), "fitted_on": "nothing"},
        tasks=[{"finding": each, "operating_point": point} for each in ("effusion", "pneumonia")],
    )
    shares = calibrated(maps.mean(axis=(0, 1))[None], card.calibration, card.activation)[0]
    findings = tuple(map(FindingReading, card.outputs, map(float, shares)))
    reading = Reading(findings, (), card.main, "pneumonia", "0", "0", 0.0, 0.0, maps)

    for column, (temperature, bias) in enumerate(((0.5, 0.3), (2.0, -1.0))):
        task = card.task(card.outputs[column])
        found = evidence_maps(reading, card, task)
        assert list(found) == [task.finding]
        np.testing.assert_allclose(
            found[task.finding], maps[:, :, column] / temperature + bias, rtol=1e-5, atol=1e-6
        )
        assert found[task.finding].mean() == pytest.approx(logit(shares[column]), abs=1e-5)


def test_with_two_classes_it_is_the_difference_of_their_maps():
    maps = np.random.default_rng(1).normal(0, 1, (3, 3, 2))
    p = softmax(maps.mean(axis=(0, 1)))

    assert np.allclose(log_odds_map(maps, p, [1]), maps[:, :, 1] - maps[:, :, 0])


def test_it_is_the_first_order_change_of_the_log_odds(reading_of):
    maps = np.random.default_rng(2).normal(0, 1, (4, 4, 3))
    reading, card, _ = reading_of(maps)
    found = evidence_maps(reading, card, card.main_task)[card.main]
    step = np.zeros_like(maps)
    # Another map that is nudged towards bacterial at one cell: the log-odds follow its weight.
    step[2, 1, 1] = 1e-4
    _, _, p = reading_of(maps)
    _, _, nudged = reading_of(maps + step)
    gained = logit(nudged[1] + nudged[2]) - logit(p[1] + p[2])
    weight = p[1] / (p[1] + p[2])

    assert gained == pytest.approx(weight * (1e-4 / 16) / 0.5, rel=1e-2)
    assert found.shape == (4, 4)


def test_a_class_that_is_all_but_impossible_makes_no_nan():
    maps = np.zeros((2, 2, 3))
    assert np.isfinite(log_odds_map(maps, np.array([0.0, 1.0, 0.0]), [1, 2])).all()
