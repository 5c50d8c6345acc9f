"""Every kind of picture file becomes the same grey film."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import CorruptImageError
from hilum.imaging import decode
from tests.film_words import words_of

Grey = NDArray[np.uint8]
Encode = Callable[..., bytes]

ONE_LEVEL = 1 / 255


def _close(pixels: NDArray[np.float32], expected: NDArray[Any], levels: float) -> None:
    assert pixels.dtype == np.float32
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).max() <= levels * ONE_LEVEL + 1e-6


@pytest.mark.parametrize(
    ("image_format", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"compression": "packbits"}),
    ],
)
def test_lossless_grey_is_exact(
    film: Grey, encode: Encode, image_format: str, options: dict[str, Any]
) -> None:
    radiograph = decode(encode(film, image_format, **options))
    # WebP knows no grey: it goes through RGB, whose luminance is rounded.
    _close(radiograph.pixels, film / 255, 1 if image_format == "WEBP" else 0)
    assert (radiograph.rows, radiograph.columns) == film.shape
    assert not radiograph.was_colour
    assert radiograph.warnings == ()


@pytest.mark.parametrize(
    ("image_format", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("JPEG", {"quality": 95, "restart_marker_blocks": 4}),
        ("WEBP", {"quality": 95}),
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_lossy_grey_is_close_and_not_called_colour(
    film: Grey, encode: Encode, image_format: str, options: dict[str, Any], mode: str
) -> None:
    radiograph = decode(encode(Image.fromarray(film).convert(mode), image_format, **options))
    assert np.abs(radiograph.pixels - film / 255).mean() < 2 * ONE_LEVEL
    assert not radiograph.was_colour


def test_grey_in_the_black_channel_of_a_cmyk_jpeg_is_read(film: Grey, encode: Encode) -> None:
    ink = np.zeros((*film.shape, 4), np.uint8)
    ink[:, :, 3] = 255 - film
    content = encode(Image.fromarray(ink, "CMYK"), "JPEG", quality=95)
    radiograph = decode(content)
    assert np.abs(radiograph.pixels - film / 255).mean() < 2 * ONE_LEVEL


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF"])
def test_colour_becomes_bt601_luminance_and_is_remembered(
    tinted: Grey, luminance: NDArray[Any], encode: Encode, image_format: str
) -> None:
    radiograph = decode(encode(tinted, image_format))
    _close(radiograph.pixels, luminance, 1)
    assert radiograph.was_colour


@pytest.mark.parametrize(("image_format", "quality"), [("JPEG", 95), ("WEBP", 95)])
def test_lossy_colour_becomes_luminance_too(
    tinted: Grey, luminance: NDArray[Any], encode: Encode, image_format: str, quality: int
) -> None:
    radiograph = decode(encode(tinted, image_format, quality=quality))
    assert np.abs(radiograph.pixels - luminance).mean() < 3 * ONE_LEVEL
    assert radiograph.was_colour


def test_grey_stored_in_three_channels_is_not_colour(film: Grey, encode: Encode) -> None:
    radiograph = decode(encode(np.stack([film] * 3, axis=2), "PNG"))
    _close(radiograph.pixels, film / 255, 0.51)
    assert not radiograph.was_colour


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_hides_no_part_of_the_film(film: Grey, encode: Encode, mode: str) -> None:
    image = Image.fromarray(film).convert(mode)
    image.putalpha(Image.fromarray(255 - film))
    _close(decode(encode(image, "PNG")).pixels, film / 255, 0.51)


@pytest.mark.parametrize("transparent", [None, 0, bytes(range(256))])
def test_a_palette_is_looked_up(film: Grey, encode: Encode, transparent: Any) -> None:
    # The palette runs backwards: indices taken for grey values would give a negative.
    image = Image.fromarray(255 - film, "L").convert("P")
    image.putpalette([level for index in range(256) for level in [255 - index] * 3])
    options = {} if transparent is None else {"transparency": transparent}
    radiograph = decode(encode(image, "PNG", **options))
    _close(radiograph.pixels, film / 255, 0.51)
    assert not radiograph.was_colour


def test_a_coloured_palette_is_colour(film: Grey, encode: Encode) -> None:
    image = Image.fromarray(film, "L").convert("P")
    image.putpalette([level for index in range(256) for level in (index, 0, 0)])
    radiograph = decode(encode(image, "PNG"))
    _close(radiograph.pixels, 0.299 * film / 255, 1)
    assert radiograph.was_colour


@pytest.mark.parametrize("image_format", ["PNG", "TIFF", "BMP"])
def test_one_bit_pictures_are_black_and_white(
    film: Grey, encode: Encode, image_format: str
) -> None:
    bits = film > 127
    radiograph = decode(encode(Image.fromarray(bits), image_format))
    _close(radiograph.pixels, bits.astype(float), 0)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_16_bits_agree_with_8_bits_of_the_same_picture(
    film: Grey, encode: Encode, image_format: str
) -> None:
    # 65535 = 255 x 257, so these are the same fractions of white.
    deep = film.astype(np.uint16) * 257
    _close(decode(encode(deep, image_format)).pixels, film / 255, 0.001)


@pytest.mark.parametrize("name", ["png", "dicom"])
@pytest.mark.parametrize(("side", "is_told"), [(48, True), (159, True), (160, False)])
def test_a_very_small_picture_is_read_and_that_is_said(
    film: Grey, encode: Encode, make_dicom: Encode, name: str, side: int, is_told: bool
) -> None:
    small = film[:side, :160]
    radiograph = decode(encode(small, "PNG") if name == "png" else make_dicom(small))
    said = f"only {side} pixels on its shorter side"
    assert [said in words for words in words_of(radiograph)] == [True] * is_told


def test_a_big_endian_tiff_is_read(film: Grey, encode: Encode) -> None:
    content = encode(Image.fromarray((film.astype(">u2") * 257).astype(">u2")), "TIFF")
    assert content[:2] == b"MM"
    _close(decode(content).pixels, film / 255, 0.001)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_white_is_zero_tiffs_are_inverted(film: Grey, encode: Encode, dtype: type) -> None:
    top = np.iinfo(dtype).max
    stored = (top - film.astype(np.int64) * (top // 255)).astype(dtype)
    # Pillow inverts 8-bit WhiteIsZero pixels itself as it writes them, but not those of 16.
    given = (top - stored) if dtype is np.uint8 else stored
    content = encode(given, "TIFF", tiffinfo={262: 0})
    with Image.open(io.BytesIO(content)) as image:
        assert image.tag_v2[262] == 0
        offset = image.tag_v2[273][0]
    first_row = np.frombuffer(content, np.dtype(dtype).newbyteorder("<"), film.shape[1], offset)
    assert np.array_equal(first_row, stored[0]), "the file must hold what this test means"
    _close(decode(content).pixels, film / 255, 0.001)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_float_tiffs_with_pixels_that_are_no_numbers_are_corrupt(
    film: Grey, encode: Encode, value: float
) -> None:
    pixels = film.astype(np.float32)
    pixels[10, 10] = value
    with pytest.raises(CorruptImageError, match="TIFF"):
        decode(encode(pixels, "TIFF"))


def test_of_several_pages_the_first_is_read_and_that_is_said(film: Grey, encode: Encode) -> None:
    second = Image.fromarray(255 - film)
    radiograph = decode(encode(film, "TIFF", save_all=True, append_images=[second]))
    _close(radiograph.pixels, film / 255, 0)
    assert "first" in words_of(radiograph)[0]


def test_the_radiograph_carries_the_sha256_of_its_file(files: dict[str, bytes]) -> None:
    for content in files.values():
        assert decode(content).sha256 == hashlib.sha256(content).hexdigest()
