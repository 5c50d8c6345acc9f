"""TIFFs whose kind is odd are read as what they are, or refused by the name of it."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from hilum.errors import UnsupportedFormatError
from hilum.imaging import decode
from tests.film_words import words_of
from tests.imaging.picture_files import tiff

Grey = NDArray[np.uint8]

_SEVERAL = "The file contains several pictures; only the first was read."


def _close(pixels: NDArray[np.float32], expected: NDArray[Any]) -> None:
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).max() < 1e-6


def _planes(samples: Grey) -> dict[str, Any]:
    strips = [np.ascontiguousarray(samples[:, :, n]).tobytes() for n in range(samples.shape[2])]
    return {"strips": strips, "t284": 2, "t278": (4, [samples.shape[0]])}


@pytest.mark.parametrize("opacity", [0, 1, 2])
@pytest.mark.parametrize("in_planes", [False, True])
@pytest.mark.parametrize("photometric", [0, 1])
def test_grey_bytes_with_every_kind_of_opacity_are_read(
    film: Grey, photometric: int, in_planes: bool, opacity: int
) -> None:
    samples = np.dstack([film, film[::-1]])
    planes = _planes(samples) if in_planes else {}
    radiograph = decode(tiff(samples, photometric=photometric, t338=opacity, **planes))
    _close(radiograph.pixels, film / 255 if photometric else 1 - film / 255)
    assert radiograph.warnings == ()


def test_colours_with_opacity_in_separate_planes_are_read(film: Grey) -> None:
    samples = np.dstack([film, film, film, film[::-1]])
    _close(decode(tiff(samples, t338=1, **_planes(samples))).pixels, film / 255)


@pytest.mark.parametrize("bits", [3, 6])
def test_grey_values_of_fewer_bits_are_read(film: Grey, bits: int) -> None:
    values = film >> 8 - bits
    spread = np.unpackbits(values[:, :, None], axis=2)[:, :, 8 - bits :]
    packed = np.packbits(spread.reshape(len(film), -1), axis=1)
    radiograph = decode(tiff(film, strips=[packed.tobytes()], t258=bits))
    _close(radiograph.pixels, values / (2**bits - 1))


@pytest.mark.parametrize(
    ("count", "tags", "name"),
    [
        (1, {"photometric": 4}, "mask"),
        (2, {"photometric": 3, "t338": 2}, "palette"),
        (3, {"photometric": 8}, "CIELab"),
        (3, {"photometric": 9}, "ICCLab"),
        (1, {"photometric": 32803}, "colour filter"),
        (3, {"photometric": 34892}, "linear raw"),
        (3, {"photometric": 777}, "unknown kind"),
        (4, {"photometric": 6}, "YCbCr"),
        (5, {"photometric": 5, "t338": 1}, "CMYK"),
        (2, {"photometric": 2}, "RGB"),
        (3, {"t258": (3, [8, 8, 16])}, "RGB"),
        (3, {"t258": 24, "t277": 1, "photometric": 1}, "24 bits"),
        (1, {"t339": 4}, "sample format 4"),
        (3, {"t339": (3, [6] * 3)}, "sample format 6"),
    ],
)
def test_an_intact_tiff_that_is_not_read_is_refused_by_what_it_holds(
    film: Grey, count: int, tags: dict[str, Any], name: str
) -> None:
    samples = np.dstack([film] * count) if count > 1 else film
    with pytest.raises(UnsupportedFormatError, match=name):
        decode(tiff(samples, **tags))


@pytest.mark.parametrize("deep", [False, True])
def test_a_compression_that_is_not_read_is_named(film: Grey, deep: bool) -> None:
    # JPEG 2000, LERC, WebP and JPEG XL, by the numbers of libtiff and tifffile.
    for compression in (34712, 34887, 50001, 50002):
        content = tiff(film.astype(np.uint16) if deep else film, t259=compression)
        with pytest.raises(UnsupportedFormatError, match=f"compression {compression}"):
            decode(content)


def test_colours_of_ink_without_opacity_are_read(film: Grey) -> None:
    ink = np.dstack([np.zeros_like(film)] * 3 + [255 - film])
    radiograph = decode(tiff(ink, photometric=5, t338=(3, [])))
    assert np.abs(radiograph.pixels - film / 255).max() < 0.51 / 255


def _palette(film: Grey, levels: NDArray[Any]) -> bytes:
    return tiff(film, photometric=3, t320=(3, np.tile(levels, 3).tolist()))


@pytest.mark.parametrize("highest", [255, 1023, 4095])
def test_a_palette_of_fewer_bits_is_spread_and_that_is_said(film: Grey, highest: int) -> None:
    levels = np.round(np.arange(256) / 255 * highest).astype(int)
    radiograph = decode(_palette(film, levels))
    assert np.abs(radiograph.pixels - film / 255).max() <= 1 / 255 + 1e-6
    bits = highest.bit_length()
    assert f"lowest {bits} of its 16 bits" in words_of(radiograph)[0]


@pytest.mark.parametrize("factor", [256, 257])
def test_a_palette_of_all_its_bits_is_read_as_it_is(film: Grey, factor: int) -> None:
    radiograph = decode(_palette(film, np.arange(256) * factor))
    assert np.abs(radiograph.pixels - film / 255).max() < 0.51 / 255
    assert radiograph.warnings == ()


def _pages(*films: NDArray[Any], tags: tuple[dict[int, int], ...]) -> bytes:
    """Pictures after one another, each with its own tags."""
    images = [Image.fromarray(each) for each in films]
    for image, given in zip(images, tags, strict=True):
        directory = ImageFileDirectory_v2()
        for tag, number in given.items():
            directory[tag] = number
        image.encoderinfo = {"tiffinfo": directory}
    stream = io.BytesIO()
    first = images[0]
    first.save(
        stream,
        "TIFF",
        save_all=True,
        append_images=images[1:],
        tiffinfo=first.encoderinfo["tiffinfo"],
    )
    return stream.getvalue()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("tag", [{254: 1}, {255: 2}])
def test_the_film_is_read_and_not_the_thumbnail_before_or_after_it(
    film: Grey, kind: type, tag: dict[int, int]
) -> None:
    whole = film.astype(kind) * (257 if kind is np.uint16 else 1)
    small = np.ascontiguousarray(whole[::4, ::4])
    # 6: to be turned by a quarter.
    turned = np.ascontiguousarray(whole.T[::-1])
    for content in (
        _pages(small, whole, tags=(tag, {})),
        _pages(whole, small, tags=({}, tag)),
        _pages(small, turned, tags=(tag, {274: 6})),
    ):
        radiograph = decode(content)
        _close(radiograph.pixels, film / 255)
        assert (radiograph.rows, radiograph.columns) == film.shape
        assert radiograph.warnings == ()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_several_whole_pictures_are_told(film: Grey, kind: type) -> None:
    whole = film.astype(kind) * (257 if kind is np.uint16 else 1)
    radiograph = decode(_pages(whole, whole[::-1], tags=({}, {})))
    _close(radiograph.pixels, film / 255)
    assert words_of(radiograph) == [_SEVERAL]
