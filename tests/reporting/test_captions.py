"""Words on a picture that may be passed on."""

import numpy as np
import pytest

from hilum.reporting.captions import captioned


def _picture(rows=400, columns=300):
    return np.full((rows, columns, 3), 100, np.uint8)


def test_lines_stand_at_the_lower_edge_and_the_rest_is_untouched():
    picture = _picture()
    made = captioned(picture, ["Read by force.", "For research."])
    assert made.shape == picture.shape
    assert (made[:300] == 100).all()
    assert made[300:].max() > 200
    assert (picture == 100).all()
    assert (captioned(picture, []) == picture).all()


def test_a_long_sentence_goes_on_on_the_next_line():
    made = captioned(_picture(), ["words " * 40])
    assert not (made[:, -5:] > 150).any()
    rows = np.flatnonzero((made > 200).any(axis=(1, 2)))
    assert np.ptp(rows) > 30


@pytest.mark.parametrize(("one", "other"), [("ä", "a"), ("é", "e"), ("°", "?"), ("ß", "?")])
def test_letters_beyond_ascii_are_drawn_as_they_are(one, other):
    drawn = [captioned(_picture(), [letter * 9]) for letter in (one, other)]
    assert (drawn[0] != drawn[1]).any()
