"""Values in words that are wider than they are become as bright as they are meant."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.imaging import Radiograph, decode
from hilum.imaging.depth import range_of_values, range_of_words
from hilum.imaging.film_warning import FilmWarning, FilmWarningCode
from tests.film_words import words_of
from tests.imaging.picture_files import png_of_16_bits, tiff

Grey = NDArray[np.uint8]
Words = NDArray[np.uint16]

KINDS: dict[str, Callable[[Words], Words]] = {
    "grey": lambda grey: grey,
    "grey and opacity": lambda grey: np.dstack([grey, np.full_like(grey, 65535)]),
    "RGB": lambda grey: np.dstack([grey] * 3),
    "RGB and opacity": lambda grey: np.dstack([grey] * 3 + [np.full_like(grey, 65535)]),
}
WRITERS = {"PNG": png_of_16_bits, "TIFF": tiff}


def _of_bits(film: Grey, bits: int) -> Words:
    """The film spread over so many bits: its darkest pixel 0, its brightest the highest."""
    return np.round(film / 255 * (2**bits - 1)).astype(np.uint16)


def _same(radiograph: Radiograph, expected: NDArray[Any]) -> None:
    assert radiograph.pixels.dtype == np.float32
    assert radiograph.pixels.shape == expected.shape
    assert np.abs(radiograph.pixels - expected).max() < 1e-6


@pytest.mark.parametrize("bits", range(8, 17))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("image_format", WRITERS)
def test_the_depth_that_is_used_is_white_and_that_is_said(
    film: Grey, image_format: str, kind: str, bits: int
) -> None:
    words = _of_bits(film, bits)
    radiograph = decode(WRITERS[image_format](KINDS[kind](words)))
    _same(radiograph, words / (2**bits - 1))
    assert not radiograph.was_colour
    said = f"uses only the lowest {bits} of its 16 bits"
    assert [said in each for each in words_of(radiograph)] == [True] * (bits < 16)


@pytest.mark.parametrize("bits", [9, 11])
def test_an_odd_depth_is_white_where_values_end_with_it(film: Grey, bits: int) -> None:
    words, expected = _of_bits(film, bits), film / 255
    words[10:30, 10:30], expected[10:30, 10:30] = 65535, 1
    radiograph = decode(png_of_16_bits(words))
    assert np.abs(radiograph.pixels - expected).max() < 0.51 / (2**bits - 1)
    assert f"lowest {bits} of its 16 bits, except for a few" in words_of(radiograph)[0]


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize(
    ("bright", "highest", "is_odd"),
    [(0.051, 0.96, True), (0.049, 0.96, False), (0.3, 0.94, False), (0.3, 1.01, False)],
)
def test_a_dark_film_is_not_taken_for_one_of_an_odd_depth(
    bits: int, bright: float, highest: float, is_odd: bool
) -> None:
    half = 2 ** (bits - 1)
    count = round(bright * 10_000)
    dark = np.linspace(0, half // 2 - 1, 10_000 - count)
    words = np.append(dark, np.linspace(half // 2, highest * half, count)).astype(np.uint16)
    assert range_of_words(words).high == (half if is_odd else 2 * half) - 1


@pytest.mark.parametrize("letter", [4096, 5000, 20000, 65535])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("image_format", WRITERS)
def test_a_white_letter_does_not_darken_the_film(
    film: Grey, image_format: str, kind: str, letter: int
) -> None:
    words = _of_bits(film, 12)
    expected = words / 4095
    # 400 of 49,152 pixels: less than one in a hundred.
    words[10:30, 10:30], expected[10:30, 10:30] = letter, 1
    radiograph = decode(WRITERS[image_format](KINDS[kind](words)))
    _same(radiograph, expected)
    assert "lowest 12 of its 16 bits, except for a few brighter pixels" in words_of(radiograph)[0]


@pytest.mark.parametrize("bits", [8, 10, 12, 13, 14, 15])
@pytest.mark.parametrize("is_frame", [True, False])
def test_a_white_label_or_frame_does_not_darken_the_film(
    film: Grey, bits: int, is_frame: bool
) -> None:
    words = _of_bits(film, bits)
    expected = words / (2**bits - 1)
    # 96 by 48 of 192 by 256 pixels, or 4 pixels all round: 9.4 and 7.1 of a hundred.
    where = np.zeros(film.shape, bool)
    where[:96, :48] = True
    if is_frame:
        where = np.ones(film.shape, bool)
        where[4:-4, 4:-4] = False
    words[where], expected[where] = 65535, 1
    radiograph = decode(png_of_16_bits(words))
    _same(radiograph, expected)
    assert f"lowest {bits} of its 16 bits" in words_of(radiograph)[0]


def test_highlights_of_a_dark_film_of_16_bits_are_kept(film: Grey) -> None:
    words = _of_bits(film, 15)
    # As many pixels as a label has, without a gap before them.
    words[:96, :48] = np.linspace(32768, 65535, 96 * 48).reshape(96, 48)
    assert range_of_words(words) == (0, 65535, None)


def test_a_part_of_the_film_that_is_far_brighter_counts(film: Grey) -> None:
    words = _of_bits(film, 12)
    # 96 by 54 pixels: more than one in ten, and not all of one value.
    words[:96, :54] = 65535
    words[0, 0] = 65534
    assert range_of_words(words) == (0, 65535, None)


@pytest.mark.parametrize(("border", "is_left_out"), [(0.2, True), (0.49, True), (0.51, False)])
def test_a_border_of_one_value_may_cover_half_of_the_film(border: float, is_left_out: bool) -> None:
    words = np.linspace(0, 4095, 10_000).astype(np.uint16)
    count = round(border * 10_000)
    words[:count] = 65535
    assert (range_of_words(words).high == 4095) == is_left_out
    assert (range_of_values(words.astype(np.float32)).high == 4095) == is_left_out


def test_without_a_gap_the_share_that_counts_is_one_in_a_hundred() -> None:
    words = np.full(10_000, 100, np.uint16)
    words[:100] = 300
    assert range_of_words(words)[:2] == (0, 255)
    words[100] = 300
    assert range_of_words(words)[:2] == (0, 1023)


@pytest.mark.parametrize("bits", [12, 14])
def test_values_counted_down_from_white_are_as_bright_as_they_are_meant(
    film: Grey, bits: int
) -> None:
    words = _of_bits(film, bits)
    radiograph = decode(tiff(65535 - words, photometric=0))
    _same(radiograph, words / (2**bits - 1))
    assert f"lowest {bits} of its 16 bits" in words_of(radiograph)[0]


def test_a_coloured_picture_of_16_bits_becomes_its_luminance(tinted: Grey) -> None:
    words = tinted.astype(np.uint16) * 257
    radiograph = decode(png_of_16_bits(words))
    _same(radiograph, words.astype(float) @ np.array([0.299, 0.587, 0.114]) / 65535)
    assert radiograph.was_colour


def test_a_png_of_16_bits_and_several_samples_that_ends_early_is_refused(film: Grey) -> None:
    from hilum.errors import CorruptImageError

    content = png_of_16_bits(KINDS["RGB"](_of_bits(film, 16)))
    with pytest.raises(CorruptImageError, match="PNG"):
        decode(content[: len(content) * 2 // 3])


def test_values_without_a_fixed_white_are_spread_over_their_range() -> None:
    assert range_of_values(np.linspace(-3, 5, 1000)) == (-3, 5, None)


def test_far_outliers_are_left_out_of_the_range() -> None:
    values = np.linspace(0, 1, 1001)
    values[:3], values[-3:] = -9999, 65535
    low, high, note = range_of_values(values)
    # Ten values are one in a hundred: what is left ends at the tenth from either end.
    assert (low, high) == pytest.approx((0.010, 0.990))
    assert note == FilmWarning(FilmWarningCode.OUTLIERS)


def test_outliers_that_lie_near_are_kept() -> None:
    values = np.append(np.linspace(0, 1, 1000), 3.9)
    assert range_of_values(values)[1] == 3.9


# A film's values in each type, and what a label, a frame or padding is there.
WIDE = [
    ("<f4", 1, 16),
    ("<f4", 1, 257),
    ("<f4", 1, -9999),
    ("<f8", 1, 2.001),
    ("<u4", 4095, 65535),
    ("<u4", 4095, 2**32 - 1),
    ("<i2", 4095, 32767),
    ("<i2", 16383, 32767),
    ("<i2", 4095, -32768),
    ("<i4", 65535, 2**31 - 1),
]


@pytest.mark.parametrize(("dtype", "highest", "label"), WIDE)
@pytest.mark.parametrize("kind", ["label", "large label", "frame"])
@pytest.mark.parametrize("photometric", [0, 1])
def test_a_label_or_frame_far_from_values_without_a_fixed_white_is_left_out(
    film: Grey, dtype: str, highest: float, label: float, kind: str, photometric: int
) -> None:
    values = (film / 255 * highest).astype(dtype)
    where = np.zeros(film.shape, bool)
    # 38 by 38 and 96 by 48 of 192 by 256 pixels: 3 and 9.4 of a hundred; 4 pixels all round.
    where[: 96 if kind == "large label" else 38, : 48 if kind == "large label" else 38] = True
    if kind == "frame":
        where = np.ones(film.shape, bool)
        where[4:-4, 4:-4] = False
    low, high = float(values[~where].min()), float(values[~where].max())
    expected = (values - low) / (high - low)
    values[where], expected[where] = label, label > 0
    radiograph = decode(tiff(values, photometric=photometric))
    _same(radiograph, expected if photometric else 1 - expected)
    assert len(words_of(radiograph)) == 1
    assert "marker, are far outside" in words_of(radiograph)[0]


def test_a_label_with_soft_edges_a_frame_and_a_single_outlier_are_left_out_together() -> None:
    values = np.linspace(0, 1, 100_000)
    values[1::25], values[2::25] = 16, -9999
    # Half as many in between as may be.
    values[3::1000] = np.linspace(1.2, 15.8, 100)
    values[7] = 1e30
    low, high, note = range_of_values(values)
    assert (low, high) == pytest.approx((0, 1), abs=0.2)
    assert note is not None


@pytest.mark.parametrize("dtype", [each[0] for each in WIDE])
@pytest.mark.parametrize("power", [0.3, 1, 4])
def test_a_film_without_a_label_keeps_its_own_range(film: Grey, dtype: str, power: float) -> None:
    values = ((film / 255) ** power * 4095).astype(dtype)
    assert range_of_values(values) == (values.min(), values.max(), None)


def test_values_after_a_narrow_gap_or_of_a_large_part_are_kept() -> None:
    values = np.linspace(0, 1, 10_000)
    values[:500] = 1.9
    assert range_of_values(values) == (values.min(), 1.9, None)
    # One in ten is a label, more than that a part of the film, unless it is of one value.
    values[:1001] = 3
    values[0] = 2.99
    assert range_of_values(values) == (values.min(), 3, None)
    values[:990] = 3
    values[990:1001] = 0.5
    assert range_of_values(values)[:2] == (values.min(), 1)


def _jpeg_2000(samples: NDArray[Any]) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.jpeg2k_encode(samples, level=0, reversible=True, codecformat="jp2"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bits", [12, 16])
def test_a_jpeg_2000_keeps_its_depth(film: Grey, kind: str, bits: int) -> None:
    words = _of_bits(film, bits)
    radiograph = decode(_jpeg_2000(KINDS[kind](words)))
    _same(radiograph, words / (2**bits - 1))
    assert any("lowest 12" in each for each in words_of(radiograph)) is (bits == 12)


def test_a_jpeg_2000_of_signed_values_starts_at_black(film: Grey) -> None:
    words = _of_bits(film, 16)
    radiograph = decode(_jpeg_2000((words.astype(np.int32) - 32768).astype(np.int16)))
    _same(radiograph, words / 65535)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_jpeg_2000_of_16_bits_that_ends_early_is_refused(film: Grey, share: float) -> None:
    from hilum.errors import CorruptImageError

    content = _jpeg_2000(np.dstack([_of_bits(film, 16)] * 3))
    with pytest.raises(CorruptImageError, match="JPEG 2000"):
        decode(content[: int(len(content) * share)])
