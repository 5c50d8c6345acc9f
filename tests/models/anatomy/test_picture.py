"""What the network's logits say of a picture, by arithmetic."""

import math

import numpy as np
import pytest

from hilum.models.anatomy.picture import Estimate, Gate, PictureKind, picture_of
from hilum.populations import Population

GATE = Gate(least=0.3, near=0.8, chosen="by hand")
SURE = Estimate(slope=1.0, offset=0.0, unknown=(0.1, 0.9), chosen="by hand")
KINDS = list(PictureKind)


def logits(**shares):
    """Logits whose softmax gives these shares, and next to nothing to all other kinds."""
    return np.log(
        np.array([shares.get(kind.value) or 1e-9 for kind in KINDS], dtype=np.float32)
    ) + np.float32(3)


def seen(adult=0.0, ap=0.0, estimate=SURE, **shares):
    return picture_of(logits(**shares), adult, ap, gate=GATE, adult=estimate, ap=estimate)


@pytest.mark.parametrize(
    ("film", "phantom", "is_known", "is_near"),
    [
        (0.31, 0.0, True, False),
        (0.2, 0.11, True, False),
        (0.29, 0.0, False, False),
        (0.81, 0.0, True, True),
        (0.5, 0.29, True, False),
    ],
)
def test_the_gate_is_passed_by_films_and_phantoms_together(film, phantom, is_known, is_near):
    picture = seen(frontal_chest=film, phantom=phantom, ct=1 - film - phantom)

    assert picture.probability == pytest.approx(film + phantom, abs=1e-5)
    assert (picture.is_known, picture.is_near) == (is_known, is_near)


def test_what_does_not_pass_is_of_the_likeliest_other_kind():
    # A film is the likeliest of all kinds here, but not likely enough.
    picture = seen(frontal_chest=0.28, spine=0.26, ct=0.24, page=0.22)

    assert (picture.is_known, picture.kind) == (False, PictureKind.SPINE)


def test_a_phantom_tells_neither_age_nor_view():
    picture = seen(adult=9.0, ap=9.0, phantom=0.9, frontal_chest=0.1)

    assert picture.kind is PictureKind.PHANTOM
    assert (picture.population, picture.is_ap) == (Population.DRAWN, None)


@pytest.mark.parametrize(
    ("probability", "population", "is_ap"),
    [
        (0.05, Population.CHILDREN, False),
        (0.11, None, None),
        (0.89, None, None),
        (0.95, Population.ADULTS, True),
    ],
)
def test_age_and_view_are_told_outside_the_unknown_range(probability, population, is_ap):
    logit = math.log(probability / (1 - probability))
    picture = seen(adult=logit, ap=logit, frontal_chest=1.0)

    assert picture.adult_probability == pytest.approx(probability)
    assert picture.ap_probability == pytest.approx(probability)
    assert (picture.population, picture.is_ap) == (population, is_ap)


def test_a_calibrated_probability_is_the_logistic_function_of_a_line():
    estimate = Estimate(slope=2.0, offset=-1.0, unknown=(0.4, 0.6), chosen="by hand")

    assert estimate.probability(1.5) == pytest.approx(1 / (1 + math.exp(-2)))
    assert estimate.probability(-4000.0) == pytest.approx(0, abs=1e-12)
