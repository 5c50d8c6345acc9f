"""Figures of pictures and of children's outlines, by arithmetic."""

import numpy as np
import pytest

from hilum.evaluation.anatomy.children import ChildCase, children_metrics
from hilum.evaluation.anatomy.drawn_pictures import DRAWN_KINDS, draw_picture
from hilum.evaluation.anatomy.pictures import PictureCase, picture_metrics
from hilum.evaluation.anatomy.tables import children_table, pictures_table
from hilum.models.anatomy.picture import READ_KINDS
from hilum.populations import Population
from tests.models.anatomy.pictures import picture_like


def case(group, number, *, is_read=True, population=None, is_adult=None, **known):
    picture = picture_like(population)
    return PictureCase(group, f"{group} {number}", is_read, picture, is_adult, **known)


def test_shares_are_those_of_each_group():
    cases = [case("jsrt", n, is_read=n != 0) for n in range(4)]
    cases += [case("ct", n, is_read=n == 0) for n in range(5)]

    found = picture_metrics(cases)

    assert {name: each.value for name, each in found.accepted.items()} == {"jsrt": 0.75, "ct": 0.2}
    assert found.counts == {"jsrt": 4, "ct": 5}
    assert found.adult_auroc is None
    assert "| Accepted as a frontal chest radiograph: ct (5) | 0.200 |" in pictures_table(found)


def test_what_is_said_of_age_is_counted_apart_from_what_is_not_said():
    said = [Population.ADULTS, Population.ADULTS, None, Population.CHILDREN, Population.CHILDREN]
    truth = [True, False, True, False, False]
    cases = [
        case("nih", n, population=population, is_adult=is_adult)
        for n, (population, is_adult) in enumerate(zip(said, truth, strict=True))
    ]

    found = picture_metrics(cases)

    # Scores 0.99, 0.99, 0.5, 0.01, 0.01. Adults are the first and the third: of six pairs with a
    # child, the first wins two and ties one, the third wins two and loses one.
    assert found.adult_auroc.value == pytest.approx(4.5 / 6)
    assert found.adult_unknown.value == pytest.approx(1 / 5)
    assert found.adult_wrong.value == pytest.approx(1 / 4)


def test_children_without_an_outline_count_in_no_other_figure():
    cases = [ChildCase("a", 0.02, 0.9), ChildCase("b", 0.14, 0.8), ChildCase("c", None, 0.0)]

    found = children_metrics(cases)

    assert (found.images, found.not_outlined) == (3, 1)
    assert found.outside.value == pytest.approx(0.08)
    assert found.over_a_tenth.value == pytest.approx(0.5)
    assert found.covered.value == pytest.approx(0.85)
    assert "3 radiographs of children, 1 not outlined" in children_table(found)
    assert children_metrics(cases[2:]) is None


@pytest.mark.parametrize("kind", DRAWN_KINDS)
def test_drawn_pictures_stay_in_range_and_follow_their_seed(kind):
    film = np.random.default_rng(0).random((96, 96), dtype=np.float32)
    for seed in range(12):
        one, other = (
            draw_picture(kind, lambda _: film, np.random.default_rng(seed)) for _ in range(2)
        )
        assert (one.shape, one.dtype) == ((96, 96), np.float32)
        assert 0 <= one.min() <= one.max() <= 1
        assert np.array_equal(one, other)
    assert kind not in READ_KINDS
