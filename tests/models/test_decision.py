"""Decisions and sets of labels of a reading, by hand-made conformal quantiles."""

import pytest

from hilum.findings import Finding
from hilum.imaging import decode
from hilum.models import Decision, OperatingPoint, Reader, load_bundle
from hilum.models.card import Conformal
from hilum.models.conformal import prediction_set

NORMAL, PNEUMONIA = Finding.NORMAL, Finding.PNEUMONIA


def conformal(normal, pneumonia):
    quantiles = {NORMAL: normal, PNEUMONIA: pneumonia}
    return Conformal(coverage=0.95, quantiles=quantiles, fitted_on="nothing")


@pytest.mark.parametrize(
    ("probability", "overlapping", "apart"),
    [
        (0.1, (NORMAL,), (NORMAL,)),
        (0.5, (NORMAL, PNEUMONIA), ()),
        (0.9, (PNEUMONIA,), (PNEUMONIA,)),
    ],
)
def test_a_set_holds_what_is_not_ruled_out(probability, overlapping, apart):
    assert prediction_set(probability, PNEUMONIA, conformal(0.6, 0.7)) == overlapping
    assert prediction_set(probability, PNEUMONIA, conformal(0.2, 0.3)) == apart


@pytest.mark.parametrize(
    ("quantiles", "threshold", "decision"),
    [
        ((1.0, 1.0), 0.5, Decision.UNCERTAIN),
        ((0.0, 0.0), 0.5, Decision.UNCERTAIN),
        ((0.0, 1.0), 0.0, Decision.POSITIVE),
        ((1.0, 0.0), 1.0, Decision.NEGATIVE),
        # The set leaves one label, but the user asked for another point: that decides.
        ((0.0, 1.0), 1.0, Decision.NEGATIVE),
    ],
)
def test_two_labels_or_none_are_uncertain(models_dir, files, quantiles, threshold, decision):
    bundle = load_bundle(models_dir / "pneumonia")
    reader = Reader(bundle)
    object.__setattr__(
        bundle, "card", bundle.card.model_copy(update={"conformal": conformal(*quantiles)})
    )
    radiograph = decode(files["png"], smallest_side_px=reader.smallest_side_px)
    point = OperatingPoint(threshold=threshold, criterion="as asked for", chosen_on="request")

    reading = reader.read(radiograph, None, point)

    assert reading.decision is decision
    assert reading.operating_point == point
    assert reading.is_above_operating_point == (reading.probability(PNEUMONIA) >= threshold)


def test_without_quantiles_the_operating_point_decides(models_dir, files):
    reader = Reader(load_bundle(models_dir / "pneumonia"))
    radiograph = decode(files["png"], smallest_side_px=reader.smallest_side_px)

    reading = reader.read(radiograph)

    assert reading.prediction_set is None
    assert (reading.decision is Decision.POSITIVE) == reading.is_above_operating_point
