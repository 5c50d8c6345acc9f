"""Rates of decisions: measured, read off a curve, or of a point that a user asked for."""

import pytest

from hilum.models.measured import Interval
from hilum.models.rates import coverage_figures, decision_rates
from hilum.models.task import OperatingPoint, RequestedPoint

OWN = 0.6
CONFORMAL = {
    "coverage": 0.95,
    "quantiles": {"absent": 0.4, "present": 0.2},
    "fitted_on": "validation",
}
CURVE = {
    # A threshold of t is reached by 1 - t of those with and, squared, of those without.
    "roc": [
        {"threshold": t / 10, "sensitivity": 1 - t / 10, "specificity": 1 - (1 - t / 10) ** 2}
        for t in range(10, -1, -1)
    ],
    "precision_recall": [],
    "reliability": [],
    "histogram": {"edges": [0, 1], "positive": [1], "negative": [1]},
    "decision": [],
}


def _interval(value):
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def _metrics(**more):
    names = ("auroc", "accuracy", "brier", "expected_calibration_error")
    figures = dict.fromkeys(names, _interval(0.9))
    figures |= {"sensitivity": _interval(0.93), "specificity": _interval(0.88)}
    return {"patients": 40, "images": 50, "positives": 25, "confusion": {}, **figures, **more}


@pytest.fixture
def task(make_card):
    point = {"threshold": OWN, "criterion": "made up", "chosen_on": "validation"}
    facts = {"operating_point": point, "curves": {"validation": CURVE}, "conformal": CONFORMAL}
    return lambda **changes: make_card({}, **facts | changes).main_task


def test_where_decisions_can_be_uncertain_the_curve_is_read_at_both_ends_of_the_zone(task):
    found = task()
    rates = decision_rates(found, found.operating_point)

    # Uncertain from 0.4 (normal is left below) to 0.8 (pneumonia from there on).
    assert rates.sensitivity.value == pytest.approx(1 - 0.8)
    assert rates.uncertain_positive.value == pytest.approx(0.8 - 0.4)
    assert rates.specificity.value == pytest.approx(1 - 0.6**2)
    assert rates.uncertain_negative.value == pytest.approx(0.6**2 - 0.2**2)
    assert rates.split == "validation"


def test_a_point_that_was_asked_for_leaves_nothing_uncertain(task):
    rates = decision_rates(
        task(), RequestedPoint(threshold=0.3, criterion="as asked for", chosen_on="request")
    )

    assert rates.sensitivity.value == pytest.approx(0.7)
    assert rates.specificity.value == pytest.approx(1 - 0.7**2)
    assert rates.uncertain_positive is None
    assert rates.uncertain_negative is None


def test_measured_rates_of_decisions_go_before_the_curve(task):
    names = ("decided_sensitivity", "decided_specificity")
    shares = ("uncertain_share_positive", "uncertain_share_negative")
    decided = {n: _interval(0.8) for n in names} | {n: _interval(0.1) for n in shares}
    found = task(metrics={"test": _metrics(**decided)})
    rates = decision_rates(found, found.operating_point)

    assert rates.sensitivity == Interval(value=0.8, low=0.79, high=0.81)
    assert rates.uncertain_negative.value == 0.1
    assert (rates.split, rates.patients) == ("test", 40)


def test_sensitivity_of_the_threshold_is_never_told_of_decisions_that_may_be_uncertain(task):
    found = task(metrics={"test": _metrics()}, curves={})

    assert decision_rates(found, found.operating_point) is None
    requested = RequestedPoint(threshold=OWN, criterion="as asked for", chosen_on="request")
    assert decision_rates(found, requested).sensitivity.value == 0.93


def test_without_figures_there_are_no_rates(task):
    other = OperatingPoint(threshold=0.2, criterion="made up", chosen_on="validation")
    assert decision_rates(task(curves={}), other) is None


def test_coverage_is_told_of_test_patients_first_and_then_of_other_acquisitions(task):
    def covering(positive, negative):
        coverage = {"positive": positive, "negative": negative}
        return _metrics(
            **{f"conformal_coverage_{name}": _interval(of) for name, of in coverage.items()}
        )

    found = coverage_figures(
        task(
            metrics={"validation": covering(0.1, 0.1), "test": covering(0.96, 0.94)},
            across_acquisitions={"high numbers": covering(0.91, 0.88), "unmeasured": _metrics()},
        )
    )

    assert [(each.films, each.positive, each.negative) for each in found] == [
        ("test", 0.96, 0.94),
        ("high numbers", 0.91, 0.88),
    ]
