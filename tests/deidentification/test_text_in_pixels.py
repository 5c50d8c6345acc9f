"""Text in pixels is found where the test wrote it."""

import numpy as np
import pytest

from hilum.deidentification.film_text import find_text_in, read_picture
from hilum.deidentification.text_in_pixels import find_text
from hilum.imaging import DecodeLimits
from tests.deidentification.written import (
    DATE,
    NAME,
    NEEDS_TESSERACT,
    Written,
    blank,
    cr_file,
    write,
)

pytestmark = NEEDS_TESSERACT


# One film for all: a search costs as much for one line as for seven.
LINES = {
    "corner": (NAME, (6, 24), {}),
    "digits": (DATE, (140, 210), {}),
    "outlined": (NAME, (30, 130), {"size": 0.9, "edge": 0.0}),
    "black": (NAME, (70, 80), {"ink": 0.0}),
    # At the left, the right and the top edge of the film as it is.
    "turned left": (DATE, (20, 16), {"turns": 1}),
    "turned right": (NAME, (40, 14), {"turns": 3}),
    "upside down": (DATE, (10, 206), {"turns": 2}),
}


def test_a_line_is_found_however_it_was_written():
    film, ink = blank(), {}
    for name, (text, at, style) in LINES.items():
        options = dict(style)
        turns = options.pop("turns", 0)
        # Written on the film turned the other way, which is turned back.
        written = write(text, at, on=np.rot90(film, -turns), turns=turns, **options)
        film, ink[name] = written.pixels, written.ink
    boxes = find_text(film)
    shares = {name: Written(film, each).share_in(boxes) for name, each in ink.items()}
    assert shares == dict.fromkeys(LINES, 1.0)


def test_black_letters_in_a_white_box_are_found():
    film = blank()
    film[4:34, 4:180] = 1.0
    written = write(NAME, (8, 24), on=film, ink=0.0)
    assert written.share_in(find_text(written.pixels)) == 1.0


def test_a_side_marker_stays_and_a_film_without_text_has_none():
    assert find_text(blank()) == ()
    assert find_text(write("R", (20, 60), size=1.5).pixels) == ()


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"PhotometricInterpretation": "MONOCHROME1"},
        # Displayed, all over 2000 is white: the letters, and what they are written on.
        {"WindowCenter": 1000, "WindowWidth": 2000},
        {"PatientOrientation": ["R", "H"]},
    ],
    ids=["plain", "inverted", "hidden by the window", "displayed upside down"],
)
def test_text_is_found_in_the_pixels_of_the_file(elements):
    film = 0.45 * blank()
    film[:40] = 0.6
    written = write(NAME, (20, 26), on=film)
    picture = read_picture(cr_file(written.pixels, **elements), DecodeLimits())
    assert written.share_in(find_text_in(picture)) == 1.0


def test_mirrored_letters_are_found():
    written = write(NAME, (20, 24))
    mirrored = Written(written.pixels[:, ::-1], written.ink[:, ::-1])
    assert mirrored.share_in(find_text(mirrored.pixels)) == 1.0


def test_coloured_text_is_found_where_its_luminance_is_that_of_the_film(make_dicom):
    grey = np.full((200, 300), 76, np.uint8)
    grey[100:] = 40
    ink = write(NAME, (40, 60), on=np.zeros(grey.shape, np.float32)).ink
    # BT.601: 0.299 x 255 = 76.
    colour = np.where(ink[:, :, None], np.uint8([255, 0, 0]), grey[:, :, None]).astype(np.uint8)
    picture = read_picture(make_dicom(colour), DecodeLimits())
    assert abs(float(picture.shown[ink].mean()) - 76 / 255) < 0.01
    assert Written(picture.shown, ink).share_in(find_text_in(picture)) == 1.0
