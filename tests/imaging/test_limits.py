"""What is too large, too small or too odd is refused before a pixel is decoded."""

import resource
import struct
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGBaseline8Bit

from hilum.errors import ImageTooLargeError, UnreadableRadiographError
from hilum.imaging import DecodeLimits, decode
from tests.film_words import words_of
from tests.processor_time import processor_time_under

Grey = NDArray[np.uint8]
Encode = Callable[..., bytes]
FORMATS = ("jpeg", "png", "webp", "tiff", "bmp", "dicom")


def _refused_flat(content: bytes) -> None:
    """Refused as too large within a second of computing, in memory that stays flat."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with processor_time_under(1), pytest.raises(ImageTooLargeError, match="megapixels"):
        decode(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


@pytest.mark.parametrize("name", FORMATS)
def test_a_header_that_claims_60000_pixels_a_side_is_refused(
    name: str, bombs: dict[str, Callable[[int], bytes]]
) -> None:
    _refused_flat(bombs[name](60_000))


def test_a_jpeg_frame_that_claims_more_than_its_dicom_header_is_refused(
    bombs: dict[str, Callable[[int], bytes]], make_dicom: Encode, film: Grey
) -> None:
    def compressed(dataset: object) -> None:
        dataset.PixelData = encapsulate([bombs["jpeg"](60_000)])  # type: ignore[attr-defined]
        dataset["PixelData"].VR = "OB"  # type: ignore[index]
        dataset["PixelData"].is_undefined_length = True  # type: ignore[index]

    content = make_dicom(film, before=compressed, TransferSyntaxUID=JPEGBaseline8Bit)
    _refused_flat(content)


def test_a_deflated_dicom_is_inflated_no_further_than_a_file_may_be_large(
    make_dicom: Encode, film: Grey
) -> None:
    content = make_dicom(
        film,
        before=lambda dataset: dataset.add_new(0x00091010, "OB", bytes(100_000_000)),
        TransferSyntaxUID=DeflatedExplicitVRLittleEndian,
    )
    assert len(content) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImageTooLargeError, match="inflated"):
        decode(content, limits=DecodeLimits(max_bytes=8 * 1024 * 1024))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def test_a_tiff_of_20000_pages_is_not_leafed_through(encode: Encode, film: Grey) -> None:
    content = bytearray(encode(film, "TIFF"))
    first = struct.unpack_from("<I", content, 4)[0]
    length = 2 + 12 * struct.unpack_from("<H", content, first)[0]
    page = bytes(content[first : first + length])
    for number in range(20_000):
        struct.pack_into(
            "<I", content, len(content) - 4 if number else first + length, len(content)
        )
        content += page + bytes(4)
    with processor_time_under(1):
        assert words_of(decode(bytes(content)))


@pytest.mark.parametrize("name", FORMATS)
def test_the_pixel_limit_is_inclusive(name: str, files: dict[str, bytes], film: Grey) -> None:
    decode(files[name], limits=DecodeLimits(max_pixels=film.size))
    with pytest.raises(ImageTooLargeError, match=r"256 x 192"):
        decode(files[name], limits=DecodeLimits(max_pixels=film.size - 1))


def test_the_byte_limit_is_inclusive(files: dict[str, bytes]) -> None:
    content = files["png"]
    decode(content, limits=DecodeLimits(max_bytes=len(content)))
    with pytest.raises(ImageTooLargeError, match="MB"):
        decode(content, limits=DecodeLimits(max_bytes=len(content) - 1))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [(1, 1, "too small"), (31, 32, "too small"), (32, 129, "elongated"), (400, 99, "elongated")],
)
def test_what_cannot_be_a_radiograph_is_refused(
    encode: Encode, image_format: str, rows: int, columns: int, said: str
) -> None:
    stripes = np.tile(np.uint8([[0, 255]]), (rows, columns))[:, :columns]
    with pytest.raises(UnreadableRadiographError, match=said):
        decode(encode(stripes, image_format))


@pytest.mark.parametrize(("rows", "columns"), [(32, 32), (32, 128), (400, 100)])
def test_the_smallest_and_the_longest_allowed_are_read(
    encode: Encode, rows: int, columns: int
) -> None:
    stripes = np.tile(np.uint8([[0, 255]]), (rows, columns))[:, :columns]
    assert decode(encode(stripes, "PNG")).pixels.shape == (rows, columns)


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_a_picture_of_one_colour_is_refused(encode: Encode, image_format: str, level: int) -> None:
    with pytest.raises(UnreadableRadiographError, match="one colour"):
        decode(encode(np.full((64, 64), level, np.uint8), image_format))


def test_a_dicom_of_one_value_is_refused(make_dicom: Encode) -> None:
    with pytest.raises(UnreadableRadiographError, match="one colour"):
        decode(make_dicom(np.full((64, 64), 900, np.uint16)))


def test_two_grey_levels_are_enough_and_one_is_not(encode: Encode) -> None:
    pixels = np.full((64, 64), 100, np.uint8)
    pixels[:32] = 101
    with pytest.raises(UnreadableRadiographError, match="one colour"):
        decode(encode(pixels, "PNG"))
    pixels[:32] = 102
    assert decode(encode(pixels, "PNG")).pixels.max() == pytest.approx(102 / 255)
