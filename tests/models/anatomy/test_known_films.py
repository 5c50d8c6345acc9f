"""What a picture shows by distances to known films, and which cards tell it."""

import numpy as np
import pytest
from pydantic import ValidationError

from hilum.models.anatomy import AnatomyCard
from hilum.models.anatomy.known_films import KnownFilms, picture_by_distance
from hilum.models.anatomy.picture import Estimate, Gate, PictureKind
from hilum.models.bundle import load_bundle_of
from hilum.populations import Population
from tests.shipped import SHIPPED

KNOWN = KnownFilms(
    groups={"a": Population.CHILDREN, "b": Population.ADULTS, "c": Population.DRAWN},
    limit=10.0,
    limit_from="by hand",
)


@pytest.mark.parametrize(
    ("distances", "population", "kind", "near"),
    [
        ((3.0, 8.0, 9.0), Population.CHILDREN, PictureKind.FRONTAL_CHEST, True),
        ((9.5, 12.0, 11.0), Population.CHILDREN, PictureKind.FRONTAL_CHEST, False),
        ((8.0, 9.0, 2.0), Population.DRAWN, PictureKind.PHANTOM, True),
        ((12.0, 10.1, 11.0), Population.ADULTS, PictureKind.OTHER, False),
    ],
)
def test_the_nearest_group_tells_what_a_picture_is_like(distances, population, kind, near):
    picture = picture_by_distance(np.array(distances, dtype=np.float32), KNOWN)

    assert (picture.population, picture.kind, picture.is_near) == (population, kind, near)
    assert picture.is_known == (kind is not PictureKind.OTHER)
    assert picture.distance == pytest.approx(min(distances))
    assert (picture.probability, picture.is_ap) == (None, None)


@pytest.mark.weights
def test_a_card_tells_what_pictures_show_in_one_way():
    card = load_bundle_of(AnatomyCard, SHIPPED.parent / "anatomy").card.model_dump()
    gate = {
        "gate": Gate(least=0.3, near=0.8, chosen="").model_dump(),
        **dict.fromkeys(
            ("adult", "ap"),
            Estimate(slope=1, offset=0, unknown=(0.1, 0.9), chosen="").model_dump(),
        ),
    }
    alone = AnatomyCard.model_validate(card | gate | {"known_films": None})

    # The masks of a network with a gate have half its input's side, and the grid twice theirs.
    side = alone.preprocessing.input_size_px
    assert (alone.mask_stride, alone.grid_side) == (2, side)
    for wrong in (card | gate, card | gate | {"known_films": None, "ap": None}):
        with pytest.raises(ValidationError, match="either gate, adult and ap, or known_films"):
            AnatomyCard.model_validate(wrong)
