"""A film that was stored turned or mirrored is set upright."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.imaging import decode

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
