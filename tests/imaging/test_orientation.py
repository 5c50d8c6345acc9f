"""A film that was stored turned or mirrored is set upright."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.imaging import Box, Orientation, SideDoubt, decode
from hilum.imaging.orientation import ORIENTATIONS
from hilum.imaging.preprocess import displayed_box
from tests.film_words import words_of

Grey = NDArray[np.uint8]

# How an upright picture is stored, by what the EXIF standard (2.32, 4.6.4.A) says of the stored
# rows and columns: for 6, say, "the 0th row is the visual right-hand side, the 0th column the top".
STORED: dict[int, Callable[[Grey], Grey]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.T,
    6: lambda upright: upright.T[::-1],
    7: lambda upright: upright[::-1, ::-1].T,
    8: lambda upright: upright[::-1].T,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_exif_orientation_is_turned_upright(
    film: Grey, encode: Callable[..., bytes], orientation: int, image_format: str, mode: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](film))).convert(mode)
    radiograph = decode(encode(stored, image_format, exif=exif, quality=95))
    assert (radiograph.rows, radiograph.columns) == film.shape
    assert radiograph.pixels.shape == film.shape
    assert np.abs(radiograph.pixels - film / 255).mean() < 2 / 255


@pytest.mark.parametrize("orientation", STORED)
def test_a_jpeg_decoded_small_is_turned_upright_too(
    film: Grey, encode: Callable[..., bytes], orientation: int
) -> None:
    large = film.repeat(8, axis=0).repeat(8, axis=1)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(STORED[orientation](large))
    content = encode(stored, "JPEG", exif=exif, quality=95)
    radiograph = decode(content, smallest_side_px=film.shape[0])
    assert (radiograph.rows, radiograph.columns) == large.shape
    assert radiograph.pixels.shape == film.shape
    assert np.abs(radiograph.pixels - film / 255).mean() < 2 / 255


def test_a_broken_exif_block_does_not_spoil_the_picture(
    film: Grey, encode: Callable[..., bytes]
) -> None:
    content = encode(film, "JPEG", quality=95, exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert np.abs(decode(content).pixels - film / 255).mean() < 2 / 255


def stored_for(displayed: Grey, row: str, column: str) -> Grey:
    """A frontal film as a file holds it whose rows and columns lead there (PS3.3 C.7.6.1.1.1).

    Displayed, the columns' index grows towards the patient's left, the rows' towards the feet.
    """
    stored = displayed if row in "LR" else displayed.T
    if row in "RH":
        stored = stored[:, ::-1]
    if column in "RH":
        stored = stored[::-1]
    return np.ascontiguousarray(stored)


EIGHT = [*itertools.product("LR", "FH"), *itertools.product("FH", "LR")]


@pytest.mark.parametrize(("row", "column"), EIGHT)
def test_every_frontal_orientation_is_displayed_with_the_left_on_the_right(
    film: Grey, make_dicom: Callable[..., bytes], row: str, column: str
) -> None:
    stored = stored_for(film, row, column)
    # Between rows and between columns of the file: 0.1 along the axis that leads head to foot.
    spacing = [0.1, 0.2] if row in "LR" else [0.2, 0.1]
    radiograph = decode(make_dicom(stored, PatientOrientation=[row, column], PixelSpacing=spacing))

    np.testing.assert_allclose(radiograph.pixels, film / 255, atol=1e-6)
    assert (radiograph.rows, radiograph.columns) == film.shape
    assert radiograph.file_size == stored.shape
    assert radiograph.spacing_mm == (0.1, 0.2)
    assert radiograph.are_sides_certain
    is_moved = (row, column) != ("L", "F")
    assert any("according to its header" in words for words in words_of(radiograph)) == is_moved
    # The map leads each displayed pixel to the one of the file with its value.
    matrix = radiograph.orientation.to_file(*film.shape)
    rows, columns = np.indices(film.shape)
    x, y = np.einsum("ij,jrc->irc", matrix, np.stack([columns, rows, np.ones_like(rows)]))
    np.testing.assert_array_equal(stored[y.astype(int), x.astype(int)], film)


@pytest.mark.parametrize(
    ("orientation", "as_displayed", "doubt"),
    [
        (["LH", "FL"], lambda stored: stored, SideDoubt.OBLIQUE),
        (["L", "P"], lambda stored: stored, SideDoubt.OBLIQUE),
        (["L", "L"], lambda stored: stored, SideDoubt.OBLIQUE),
        (["X", "F"], lambda stored: stored, SideDoubt.UNREADABLE),
        ("L", lambda stored: stored, SideDoubt.UNREADABLE),
        # Feet down, and not mirrored.
        (["A", "F"], lambda stored: stored, SideDoubt.LATERAL),
        (["P", "H"], lambda stored: stored[::-1, ::-1], SideDoubt.LATERAL),
        (["H", "A"], np.rot90, SideDoubt.LATERAL),
        (["", ""], lambda stored: stored, None),
        (None, lambda stored: stored, None),
    ],
)
def test_what_fits_no_upright_frontal_film_has_uncertain_sides(
    film: Grey,
    make_dicom: Callable[..., bytes],
    orientation: list[str] | str | None,
    as_displayed: Callable[[Grey], Grey],
    doubt: SideDoubt | None,
) -> None:
    elements = {} if orientation is None else {"PatientOrientation": orientation}
    radiograph = decode(make_dicom(film, **elements))
    np.testing.assert_allclose(radiograph.pixels, as_displayed(film) / 255, atol=1e-6)
    assert radiograph.side_doubts == (() if doubt is None else (doubt,))


def test_orientations_follow_each_other_and_are_undone() -> None:
    letters = np.arange(6).reshape(2, 3)
    for first in ORIENTATIONS:
        np.testing.assert_array_equal(first.inverse.display(first.display(letters)), letters)
        for second in ORIENTATIONS:
            expected = second.display(first.display(letters))
            np.testing.assert_array_equal(first.then(second).display(letters), expected)


@pytest.mark.parametrize("orientation", STORED)
def test_exif_too_leads_back_to_the_files_pixels(
    film: Grey, encode: Callable[..., bytes], orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(STORED[orientation](film))
    for image_format in ("PNG", "TIFF"):
        radiograph = decode(encode(Image.fromarray(stored), image_format, exif=exif))
        np.testing.assert_array_equal(radiograph.orientation.display(stored), film)
        assert radiograph.file_size == stored.shape


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        # A tenth from the top and three tenths from the left of the file's picture.
        (Orientation(), (0.3, 0.1, 0.5, 0.2)),
        (Orientation(is_mirrored=True), (0.5, 0.1, 0.7, 0.2)),
        # Clockwise: the top comes to the right, the left to the top.
        (Orientation(quarter_turns=1), (0.8, 0.3, 0.9, 0.5)),
    ],
)
def test_boxes_on_the_files_picture_are_displayed_with_it(
    orientation: Orientation, expected: tuple[float, ...]
) -> None:
    found = displayed_box(Box(0.3, 0.1, 0.5, 0.2), orientation)
    assert found == pytest.approx(expected)
