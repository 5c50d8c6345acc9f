"""One film gives one input, at whatever size, brightness or contrast it comes."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.imaging import ImageFormat, Preprocessing, Radiograph, decode, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import resample

HOW = Preprocessing(input_size_px=224)


def _radiograph(pixels: NDArray[np.float32]) -> Radiograph:
    return Radiograph(pixels, *pixels.shape, ImageFormat.PNG, "0" * 64)


def _area_weights(size: int, side: int) -> NDArray[np.float64]:
    """Exact area averaging: row i holds how much of each source pixel lies in target pixel i."""
    edges = np.arange(side + 1) * (size / side)
    starts, stops = np.arange(size), np.arange(size) + 1
    overlap = np.minimum(edges[1:, None], stops) - np.maximum(edges[:-1, None], starts)
    return np.clip(overlap, 0, None) * side / size


@pytest.mark.parametrize(("rows", "columns"), [(300, 500), (448, 448), (225, 224)])
def test_shrinking_is_an_average_over_areas(rows: int, columns: int) -> None:
    pixels = np.random.default_rng(1).random((rows, columns), dtype=np.float32)
    expected = _area_weights(rows, 224) @ pixels @ _area_weights(columns, 224).T
    assert np.abs(resample(pixels, HOW.input_size_px) - expected).max() < 1e-5


def test_a_pattern_finer_than_the_network_leaves_no_trace() -> None:
    # A checkerboard of single pixels, 8 to a target pixel: every average is one half.
    board = np.indices((1792, 1792)).sum(axis=0).astype(np.float32) % 2
    assert np.abs(resample(board, HOW.input_size_px) - 0.5).max() < 1e-6


def test_an_axis_that_grows_does_not_keep_the_other_from_being_averaged() -> None:
    stripes = np.tile(np.float32([[0, 1]]), (100, 448))
    assert np.abs(resample(stripes, HOW.input_size_px) - 0.5).max() < 1e-6


def test_the_input_has_mean_0_deviation_1_and_is_clipped() -> None:
    given = preprocess(
        _radiograph(draw_phantom(224, 224)), Preprocessing(input_size_px=224, clip=9)
    )
    assert given.shape == (224, 224, 1)
    assert given.dtype == np.float32
    assert given.mean() == pytest.approx(0, abs=1e-4)
    assert given.std() == pytest.approx(1, abs=1e-4)
    clipped = preprocess(
        _radiograph(draw_phantom(224, 224)), Preprocessing(input_size_px=224, clip=0.5)
    )
    assert np.array_equal(clipped, np.clip(given, -0.5, 0.5))


@pytest.mark.parametrize(("gain", "offset"), [(0.5, 0.0), (0.25, 0.6), (0.9, 0.05)])
def test_brightness_and_contrast_change_nothing(gain: float, offset: float) -> None:
    pixels = draw_phantom(300, 260)
    changed = (gain * pixels + offset).astype(np.float32)
    given = preprocess(_radiograph(pixels), HOW)
    assert np.abs(preprocess(_radiograph(changed), HOW) - given).max() < 1e-4


@pytest.fixture(scope="module")
def sizes(encode: Callable[..., bytes]) -> dict[int, bytes]:
    """One phantom of 3000 pixels a side, and the same averaged down to 1000 and 224."""
    large = draw_phantom(3000, 3000, seed=5, opacity="right_lower")
    weights = _area_weights(3000, 224)
    films = {
        3000: large,
        1000: large.reshape(1000, 3, 1000, 3).mean(axis=(1, 3)),
        224: weights @ large @ weights.T,
    }
    return {
        side: encode(np.uint8(np.round(255 * film)), "PNG", compress_level=1)
        for side, film in films.items()
    }


def test_a_film_made_small_beforehand_gives_the_same_input(sizes: dict[int, bytes]) -> None:
    films = {side: decode(content) for side, content in sizes.items()}
    squares = {side: resample(film.pixels, HOW.input_size_px) for side, film in films.items()}
    # At 224 both roundings to 8 bits differ by half a level at the most.
    assert np.abs(squares[3000] - squares[224]).max() <= 1 / 255
    # At 1000 a target pixel is 4.46 wide. Of the pixels on its two edges it takes a share f of
    # an average instead of the part itself, which is off by f (1 - f) <= 1/4 of the range within
    # a 3 x 3 block. Two edges on each of two axes: 4 x 1/4 / 4.46 of the largest range.
    blocks = films[3000].pixels.reshape(1000, 3, 1000, 3)
    largest = float((blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))).max())
    assert np.abs(squares[3000] - squares[1000]).max() <= largest / 4.46 + 1 / 255
    inputs = [preprocess(film, HOW) for film in films.values()]
    # In deviations of the film: a level of 255 over its deviation, which is over 0.15.
    assert squares[224].std() > 0.15
    for other in inputs[1:]:
        assert np.abs(inputs[0] - other).mean() < 0.5 / 255 / 0.15


def test_a_jpeg_decoded_small_gives_the_same_input(encode: Callable[..., bytes]) -> None:
    film = np.uint8(np.round(255 * draw_phantom(1400, 1801, seed=2)))
    content = encode(film, "JPEG", quality=92)
    full, small = decode(content), decode(content, smallest_side_px=448)
    assert full.pixels.shape == (1400, 1801)
    assert small.pixels.shape < full.pixels.shape
    assert min(small.pixels.shape) >= 448
    assert (small.rows, small.columns) == (1400, 1801)
    # The rows and columns beyond the last whole block are under one of 1400, which shifts a
    # grey edge by at most 1/1400 of the side: a sixth of a target pixel.
    difference = np.abs(
        resample(full.pixels, HOW.input_size_px) - resample(small.pixels, HOW.input_size_px)
    )
    assert difference.mean() < 1 / 255
    assert difference.max() < 8 / 255


def test_all_of_the_picture_is_kept_when_decoded_small(encode: Callable[..., bytes]) -> None:
    # One bright band along each border: had rows or columns been cut, one would be lost.
    film = np.full((1003, 1501), 40, np.uint8)
    film[:32], film[-32:], film[:, :32], film[:, -32:] = 220, 220, 220, 220
    small = decode(encode(film, "JPEG", quality=95), smallest_side_px=224).pixels
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    assert np.abs(border - 220 / 255).max() < 6 / 255
    bright = (small > 130 / 255).mean()
    assert bright == pytest.approx(1 - (1003 - 64) * (1501 - 64) / (1003 * 1501), abs=0.01)


def test_a_smaller_side_than_asked_is_never_given(encode: Callable[..., bytes]) -> None:
    content = encode(np.uint8(255 * draw_phantom(600, 900)), "JPEG")
    for side in (75, 76, 300, 301, 599, 600, 5000):
        assert min(decode(content, smallest_side_px=side).pixels.shape) >= min(side, 600)
