"""TIFFs of other numbers than eight or sixteen bits in grey."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.errors import CorruptImageError, ImageTooLargeError, UnsupportedFormatError
from hilum.imaging import DecodeLimits, decode
from tests.film_words import words_of
from tests.imaging.picture_files import tiff

Grey = NDArray[np.uint8]
NUMBERS = ["<f2", "<f4", "<f8", "<u4", "<i4", "<i2"]


def _stored(film: Grey, dtype: str) -> NDArray[Any]:
    """Values from -100 or 0 to 410 or 510, exact in every one of the types."""
    values = 2 * film.astype(int) - (0 if dtype[1] == "u" else 100)
    return values.astype(dtype)


def _close(pixels: NDArray[np.float32], expected: NDArray[Any]) -> None:
    assert pixels.dtype == np.float32
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).max() < 1e-6


@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("has_opacity", [False, True])
@pytest.mark.parametrize("photometric", [0, 1])
def test_numbers_are_spread_over_their_own_range_and_white_is_where_the_file_has_it(
    film: Grey, dtype: str, has_opacity: bool, photometric: int
) -> None:
    values = _stored(film, dtype)
    # An opacity from end to end of the type's range must not count.
    stored = np.dstack([values, film.astype(dtype) * 9]) if has_opacity else values
    radiograph = decode(tiff(stored, photometric=photometric))
    _close(radiograph.pixels, film / 255 if photometric == 1 else 1 - film / 255)
    assert radiograph.warnings == ()


@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize("has_opacity", [False, True])
def test_words_of_16_bits_are_read_with_opacity_and_in_either_polarity(
    film: Grey, photometric: int, has_opacity: bool
) -> None:
    words = film.astype("<u2") * 257
    stored = np.dstack([words, words[::-1]]) if has_opacity else words
    radiograph = decode(tiff(stored, photometric=photometric))
    _close(radiograph.pixels, film / 255 if photometric == 1 else 1 - film / 255)


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_colours_of_floating_point_become_luminance(tinted: Grey, dtype: str) -> None:
    radiograph = decode(tiff(tinted.astype(dtype)))
    weighted = tinted.astype(float) @ np.array([0.299, 0.587, 0.114])
    # The film goes from 0 to 255 in its own channel.
    _close(radiograph.pixels, weighted / 255)
    assert radiograph.was_colour


@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize("extras", [1, 2])
def test_bytes_with_several_opacities_are_read(film: Grey, photometric: int, extras: int) -> None:
    stored = np.dstack([film] + [film[::-1]] * extras)
    content = tiff(stored, photometric=photometric, t338=(3, [0] * extras))
    radiograph = decode(content)
    _close(radiograph.pixels, film / 255 if photometric == 1 else 1 - film / 255)


def test_signed_bytes_are_spread_over_their_range(film: Grey) -> None:
    radiograph = decode(tiff((film.astype(int) - 128).astype(np.int8)))
    _close(radiograph.pixels, film / 255)


def test_a_big_tiff_whose_high_bytes_come_first_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedFormatError, match="BigTIFF"):
        decode(b"MM\0+\0\x08\0\0" + bytes(200))


def test_one_plane_after_the_other_is_read(tinted: Grey) -> None:
    words = tinted.astype("<u2") * 257
    planes = [np.ascontiguousarray(words[:, :, n]).tobytes() for n in range(3)]
    radiograph = decode(tiff(words, strips=planes, t284=2, t278=(4, [words.shape[0]])))
    expected = words.astype(float) @ np.array([0.299, 0.587, 0.114]) / 65535
    _close(radiograph.pixels, expected)


def test_twelve_bits_packed_are_read_by_their_own_white_without_a_note(film: Grey) -> None:
    values = np.round(film / 255 * 2000).astype(np.uint16)
    left, right = values[:, 0::2], values[:, 1::2]
    packed = np.dstack([left >> 4, (left & 15) << 4 | right >> 8, right & 255]).astype(np.uint8)
    content = tiff(values, strips=[packed.tobytes()], t258=12)
    radiograph = decode(content)
    _close(radiograph.pixels, values / 4095)
    assert radiograph.warnings == ()


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_turned_tiff_is_set_upright(film: Grey, orientation: int) -> None:
    stored = {1: film, 3: film[::-1, ::-1], 6: film.T[::-1]}[orientation]
    content = tiff(np.ascontiguousarray(stored).astype("<f4"), orientation=orientation)
    radiograph = decode(content)
    assert (radiograph.rows, radiograph.columns) == film.shape
    _close(radiograph.pixels, film / 255)


def test_a_marker_of_floating_point_does_not_darken_the_film(film: Grey) -> None:
    values = film.astype("<f4")
    values[10:20, 10:20] = 1e30
    radiograph = decode(tiff(values))
    assert np.median(radiograph.pixels) == pytest.approx(np.median(film) / 255, abs=0.05)
    assert "marker" in words_of(radiograph)[0]


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("dtype", ["<f2", "<f8"])
def test_pixels_that_are_no_numbers_are_corrupt(film: Grey, dtype: str, value: float) -> None:
    values = film.astype(dtype)
    values[5, 5] = value
    with pytest.raises(CorruptImageError, match="TIFF"):
        decode(tiff(values))


@pytest.mark.parametrize("dtype", ["<u2", "<f2", "<f8"])
def test_one_that_ends_early_is_corrupt(film: Grey, dtype: str) -> None:
    values = film.astype(dtype)
    content = tiff(values, strips=[values.tobytes()[: values.nbytes // 2]])
    with pytest.raises(CorruptImageError, match="TIFF"):
        decode(content)


@pytest.mark.parametrize("tags", [{"t277": 60_000}, {"t256": (4, [60_000]), "t257": (4, [60_000])}])
def test_one_that_claims_too_much_is_refused_before_memory_is_taken(
    film: Grey, tags: dict[str, Any]
) -> None:
    with pytest.raises(ImageTooLargeError):
        decode(tiff(film.astype("<f8"), **tags))


def test_room_is_bounded(film: Grey) -> None:
    limits = DecodeLimits(max_pixels=film.size, max_sample_bytes=8 * film.size)
    decode(tiff(film.astype("<f8")), limits=limits)
    with pytest.raises(ImageTooLargeError, match="2 values of 64 bits"):
        decode(tiff(np.dstack([film, film]).astype("<f8")), limits=limits)


def test_complex_numbers_are_no_radiograph(film: Grey) -> None:
    values = film.astype("<f4")
    with pytest.raises(UnsupportedFormatError, match="no grey values"):
        decode(tiff(np.dstack([values, values]), t277=1, t258=64, t339=6, t338=(3, [])))
