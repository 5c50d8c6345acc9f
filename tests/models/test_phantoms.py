"""The phantoms that are shipped are what their parameters draw."""

import numpy as np
import pytest

from hilum.imaging import decode
from hilum.models.phantoms import COLUMNS, PHANTOMS, ROWS


@pytest.mark.parametrize("phantom", PHANTOMS, ids=lambda each: each.name)
def test_a_file_is_what_its_parameters_draw(phantom):
    read = decode(phantom.content)
    assert (read.rows, read.columns) == (ROWS, COLUMNS)
    # Other processors may round otherwise: by one of 256 levels, here and there.
    difference = np.abs(255 * (read.pixels - phantom.draw()))
    assert difference.max() < 1.1
    assert (difference > 0.1).mean() < 0.001


def test_they_are_small():
    assert all(len(each.content) < 64_000 for each in PHANTOMS)
