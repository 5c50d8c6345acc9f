"""Decisions and sets of labels of a reading, by hand-made conformal quantiles."""

import numpy as np
import pytest

from hilum.findings import Finding
from hilum.imaging import decode
from hilum.models import Decision, OperatingPoint, Reader, load_bundle
from hilum.models.conformal import prediction_set
from hilum.models.decision import decide, uncertain_between
from hilum.models.task import Conformal, Presence, RequestedPoint

PNEUMONIA = Finding.PNEUMONIA
ABSENT, PRESENT = Presence.ABSENT, Presence.PRESENT


def own(threshold):
    return OperatingPoint(threshold=threshold, criterion="made up", chosen_on="nothing")


def requested(threshold):
    return RequestedPoint(threshold=threshold, criterion="as asked for", chosen_on="request")


def conformal(absent, present):
    quantiles = {ABSENT: absent, PRESENT: present}
    return Conformal(coverage=0.95, quantiles=quantiles, fitted_on="nothing")


@pytest.mark.parametrize(
    ("probability", "overlapping", "apart"),
    [
        (0.1, (ABSENT,), (ABSENT,)),
        (0.5, (ABSENT, PRESENT), ()),
        (0.9, (PRESENT,), (PRESENT,)),
    ],
)
def test_a_set_holds_what_is_not_ruled_out(probability, overlapping, apart):
    assert prediction_set(probability, conformal(0.6, 0.7)) == overlapping
    assert prediction_set(probability, conformal(0.2, 0.3)) == apart


@pytest.mark.parametrize(
    ("quantiles", "threshold", "decision"),
    [
        ((1.0, 1.0), 0.5, Decision.UNCERTAIN),
        ((0.0, 0.0), 0.5, Decision.UNCERTAIN),
        ((0.0, 1.0), 0.0, Decision.POSITIVE),
        ((1.0, 0.0), 1.0, Decision.NEGATIVE),
        # The set leaves pneumonia alone, but the point lies above the probability.
        ((0.0, 1.0), 1.0, Decision.UNCERTAIN),
    ],
)
def test_two_labels_or_none_are_uncertain(models_dir, files, quantiles, threshold, decision):
    bundle = load_bundle(models_dir / "pneumonia")
    task = bundle.card.main_task.model_copy(update={"conformal": conformal(*quantiles)})
    object.__setattr__(bundle, "card", bundle.card.model_copy(update={"tasks": (task,)}))
    reader = Reader(bundle)
    radiograph = decode(files["png"], smallest_side_px=reader.smallest_side_px)
    point = own(threshold)

    decided = reader.read(radiograph, None, {PNEUMONIA: point}).main_decision

    assert decided.decision is decision
    assert decided.operating_point == point
    assert decided.is_above_operating_point == (decided.probability >= threshold)


def test_without_quantiles_the_operating_point_decides(models_dir, files):
    reader = Reader(load_bundle(models_dir / "pneumonia"))
    radiograph = decode(files["png"], smallest_side_px=reader.smallest_side_px)

    decided = reader.read(radiograph).main_decision

    assert decided.prediction_set is None
    assert (decided.decision is Decision.POSITIVE) == decided.is_above_operating_point


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0.6, (0.5, 0.65)),
        (0.3, (0.3, 0.65)),
        (0.9, (0.5, 0.9)),
        (0.65, (0.5, 0.65)),
    ],
)
def test_what_is_uncertain_reaches_to_the_operating_point(threshold, expected):
    # Normal is left up to 0.55, pneumonia from 0.65 on: between them, neither.
    assert uncertain_between(conformal(0.55, 0.35), own(threshold)) == pytest.approx(expected)


def test_below_the_point_but_more_likely_than_not_is_uncertain():
    assert decide(0.55, None, own(0.8)) is Decision.UNCERTAIN
    assert decide(0.45, None, own(0.8)) is Decision.NEGATIVE
    assert decide(0.8, None, own(0.8)) is Decision.POSITIVE
    assert decide(0.4, None, own(0.3)) is Decision.POSITIVE


def test_the_zone_is_where_decisions_are_uncertain():
    sets = conformal(0.45, 0.6)
    for threshold in np.linspace(0.01, 0.99, 15):
        low, high = uncertain_between(sets, own(threshold))
        for probability in np.linspace(0, 1, 301):
            decision = decide(probability, sets, own(threshold))
            is_uncertain = decision is Decision.UNCERTAIN
            if probability != high:
                assert is_uncertain == (low <= probability < high)


@pytest.mark.parametrize("sets", [None, conformal(1.0, 1.0), conformal(0.0, 0.0)])
@pytest.mark.parametrize(
    ("probability", "threshold", "decision"),
    [
        (0.55, 0.2, Decision.POSITIVE),
        (0.72, 0.8, Decision.NEGATIVE),
        (0.8, 0.8, Decision.POSITIVE),
        (0.1, 0.05, Decision.POSITIVE),
    ],
)
def test_a_point_that_was_asked_for_decides_alone(sets, probability, threshold, decision):
    point = requested(threshold)

    assert decide(probability, sets, point) is decision
    assert uncertain_between(sets, point) is None
