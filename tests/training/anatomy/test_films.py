"""What of a child's drawn lungs is kept, with and without an earlier model's heart."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hilum.datasets.anatomy_films import find_anatomy_films
from hilum.models.anatomy import Organ
from hilum.training.anatomy.films import load_films
from tests.training.anatomy.films_on_disk import draw_data

SIDE = 32


class Earlier:
    """Outlines the lower half of every picture as each organ, or nothing."""

    smallest_side_px = SIDE

    def __init__(self, *, outlines: bool) -> None:
        self.outlines = outlines

    def read(self, radiograph: Any) -> Any:
        if not self.outlines:
            return SimpleNamespace(measures=None)
        half = np.zeros(radiograph.pixels.shape, dtype=bool)
        half[len(half) // 2 :] = True
        organs = SimpleNamespace(masks=dict.fromkeys(Organ, half))
        return SimpleNamespace(measures=object(), organs=organs)


@pytest.fixture(scope="module")
def of_children(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    draw_data(folder)
    return [film for film in find_anatomy_films(folder) if len(film.masks) == 1][:2]


@pytest.mark.parametrize("outlines", [True, False])
def test_drawn_lungs_are_kept_where_the_earlier_model_outlines_the_heart(of_children, outlines):
    films = load_films(of_children, SIDE, earlier=Earlier(outlines=outlines))
    assert len(films) == 2
    assert [film.lungs is not None for film in films] == [outlines] * 2
    assert [film.is_unmasked for film in films] == [not outlines] * 2


def test_the_heart_is_the_earlier_models_and_lungs_are_the_drawn_ones(of_children):
    with_heart = load_films(of_children, SIDE, earlier=Earlier(outlines=True))[0]
    alone = load_films(of_children, SIDE)[0]
    assert alone.planes.shape == (SIDE, SIDE, 2)
    assert np.array_equal(with_heart.planes[:, :, :2], alone.planes)
    heart = with_heart.planes[:, :, 2]
    assert heart[: SIDE // 2].max() == 0
    assert heart[SIDE // 2 :].min() == 255
