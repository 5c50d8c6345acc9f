"""What phones, archives and browsers write: HEIC, AVIF, JPEG 2000, JPEG XL."""

import base64
import random
import resource
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import (
    CorruptImageError,
    HilumError,
    ImageTooLargeError,
    UnsupportedFormatError,
)
from hilum.imaging import DecodeLimits, decode
from hilum.imaging.jpeg_xl import size_of_jpeg_xl
from hilum.imaging.signature import identify
from tests.film_words import words_of

Grey = NDArray[np.uint8]
Encode = Callable[..., bytes]

# What the dependencies do not write: 48 rows of 64 pixels in four quarters of 0, 80, 160 and 240,
# by pillow-heif 1.8.1 (libheif, x265) at quality 90.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWl4AAAAAG1pZjFoZWl4bWlhZgAAAWFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABhQABAAAAAAAAAO0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABo"
    "dmMxAAAAAA5waXRtAAAAAAABAAAA4WlwcnAAAADCaXBjbwAAAHBodmNDAQQIAAAAn/gAAAAAHvAA/Pz4+AAADwNgAAEA"
    "F0ABDAH//wQIAAADAJ/4AAADAAAeugJAYQABACVCAQEECAAAAwCf+AAAAwAAHsCCBBZbq5Ka5sCAAAAMgAAAAwCEYgAB"
    "AAZEAcFzwIkAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAQAAAAAEAAAAwAAAAAQAAAAAAAAAC////8AAAAAIA"
    "AAAOcGl4aQAAAAABCAAAABdpcG1hAAAAAAAAAAEAAQSBAgSDAAAA9W1kYXQAAADpKAGuDHB06cL/hKIKJfCN/saTNIwD"
    "K+LN9BlobC9/NKDCioK0gqGnQ88S0CXzDG+rVW2XH5blmKFBc8XWysU79GxNMzUNCho4U5a0+i7yhWnYaa6M7ZNiFcTj"
    "RGqSeHbj1IYR+5Y2pvW/tyzdUN0lHaeOfZD74fK6ash/bqvLJtMRLJRSEHtkY+LcPeNPAUdiPLs+KY/mtDd//Flojjvw"
    "xw6fwr6z+5r0W7YmKxwhpr/kBIDbggSS5A8NzAgJ6cXCzlhMNfmHMPFSG6LhC+kBVSXAajR0qscxYcRd/yVvd49xcsMM"
    "Nfg84uA="
)
QUARTERS = np.kron([[0, 80], [160, 240]], np.ones((24, 32)))

FORMATS = ("heif", "avif", "jpeg2000", "jpegxl")


@pytest.fixture(scope="module")
def others(film: Grey, encode: Encode) -> dict[str, bytes]:
    """A sound file of each format."""
    return {
        "heif": HEIC,
        "avif": encode(film, "AVIF", quality=95),
        "jpeg2000": encode(film, "JPEG2000"),
        "jpegxl": imagecodecs.jpegxl_encode(film, lossless=True),
    }


def test_a_phones_heic_is_read() -> None:
    radiograph = decode(HEIC)
    assert radiograph.format.value == "heif"
    assert np.abs(radiograph.pixels * 255 - QUARTERS).max() <= 2
    assert not radiograph.was_colour


def test_without_its_codec_a_heic_is_named_and_what_to_send(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(UnsupportedFormatError, match="HEIC") as refused:
        decode(HEIC)
    assert "JPEG or PNG" in str(refused.value)


@pytest.mark.parametrize("name", ["avif", "jpeg2000", "jpegxl"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_grey_comes_out_as_it_went_in(film: Grey, encode: Encode, name: str, mode: str) -> None:
    image = Image.fromarray(film).convert(mode)
    content = {
        "avif": lambda: encode(image, "AVIF", quality=95),
        "jpeg2000": lambda: encode(image, "JPEG2000"),
        "jpegxl": lambda: imagecodecs.jpegxl_encode(np.asarray(image), lossless=True),
    }[name]()
    radiograph = decode(content)
    assert radiograph.format.value == name
    assert radiograph.pixels.shape == film.shape
    lossy = name == "avif"
    assert np.abs(radiograph.pixels * 255 - film).max() <= (8 if lossy else 1)
    assert not radiograph.was_colour


@pytest.mark.parametrize("name", ["avif", "jpeg2000", "jpegxl"])
def test_colour_is_told(tinted: Grey, luminance: NDArray[Any], encode: Encode, name: str) -> None:
    content = {
        "avif": lambda: encode(tinted, "AVIF", quality=95),
        "jpeg2000": lambda: encode(tinted, "JPEG2000"),
        "jpegxl": lambda: imagecodecs.jpegxl_encode(tinted, lossless=True),
    }[name]()
    radiograph = decode(content)
    assert np.abs(radiograph.pixels - luminance).mean() < 2 / 255
    assert radiograph.was_colour


@pytest.mark.parametrize("bits", [12, 16])
def test_deep_jpeg_2000_and_jpeg_xl_keep_their_bits(film: Grey, bits: int) -> None:
    words = np.round(film / 255 * (2**bits - 1)).astype(np.uint16)
    jpeg_2000 = imagecodecs.jpeg2k_encode(words, level=0, bitspersample=bits, reversible=True)
    assert np.abs(decode(jpeg_2000).pixels - words / (2**bits - 1)).max() < 1 / 4095
    radiograph = decode(imagecodecs.jpegxl_encode(words, lossless=True))
    assert np.abs(radiograph.pixels - words / (2**bits - 1)).max() < 1e-6
    assert len(words_of(radiograph)) == (bits < 16)


@pytest.mark.parametrize("name", FORMATS)
def test_each_is_told_by_its_first_132_bytes(name: str, others: dict[str, bytes]) -> None:
    assert identify(others[name][:132]).value == name


@pytest.mark.parametrize(
    ("major", "compatible", "name"),
    [
        (b"mif1", [b"mif1", b"heic"], "heif"),
        (b"mif1", [b"mif1", b"avif", b"miaf"], "avif"),
        (b"msf1", [b"hevc"], "heif"),
        (b"mif1", [b"miaf"], "heif"),
    ],
)
def test_brands_tell_heif_and_avif_apart(major: bytes, compatible: list[bytes], name: str) -> None:
    brands = b"".join(compatible)
    box = struct.pack(">I4s4sI", 16 + len(brands), b"ftyp", major, 0) + brands
    assert identify(box + bytes(200)).value == name


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize(
    ("name", "said"),
    [("heif", "HEIC"), ("avif", "AVIF"), ("jpeg2000", "JPEG 2000"), ("jpegxl", "JPEG XL")],
)
def test_a_truncated_file_is_corrupt_and_its_format_named(
    name: str, said: str, share: float, others: dict[str, bytes]
) -> None:
    content = others[name]
    with pytest.raises(CorruptImageError, match=said):
        decode(content[: int(len(content) * share)])


def _claims(name: str, content: bytes, side: int) -> bytes:
    """The same file, but for a header that claims so many pixels a side."""
    size = struct.pack(">II", side, side)
    if name == "jpegxl":
        # Not small; the lengths by 30 bits each, and no ratio (ISO/IEC 18181-1, SizeHeader).
        bits = 0 | 3 << 1 | (side - 1) << 3 | 0 << 33 | 3 << 36 | (side - 1) << 38
        return b"\xff\x0a" + bits.to_bytes(9, "little") + content[11:]
    at = content.index(b"\xff\x4f\xff\x51") + 8 if name == "jpeg2000" else 0
    if at:
        header = content.index(b"ihdr") + 4
        content = content[:header] + size + content[header + 8 :]
    else:
        at = content.index(b"ispe") + 8
    return content[:at] + size + content[at + 8 :]


@pytest.mark.parametrize("name", FORMATS)
def test_a_header_that_claims_10000_pixels_a_side_takes_no_memory(
    name: str, others: dict[str, bytes]
) -> None:
    content = _claims(name, others[name], 10_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImageTooLargeError, match="10000 x 10000"):
        decode(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


@pytest.mark.parametrize("name", FORMATS)
def test_the_pixel_limit_is_inclusive(name: str, others: dict[str, bytes]) -> None:
    pixels = 64 * 64 if name == "heif" else decode(others[name]).pixels.size
    decode(others[name], limits=DecodeLimits(max_pixels=pixels))
    with pytest.raises(ImageTooLargeError):
        decode(others[name], limits=DecodeLimits(max_pixels=pixels - 1))


@pytest.mark.parametrize(
    ("rows", "columns"), [(64, 64), (48, 64), (33, 57), (600, 800), (64, 9000), (256, 100)]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_size_of_a_jpeg_xl_is_read_from_its_header(
    rows: int, columns: int, dtype: type
) -> None:
    # Sixteen bits come in a container of boxes, eight bare.
    content = imagecodecs.jpegxl_encode(np.zeros((rows, columns), dtype), lossless=True)
    assert size_of_jpeg_xl(content) == (rows, columns)


EXIF = b"Exif\0\0II*\0\x08\0\0\0" + bytes(200)


@pytest.mark.parametrize("name", ["heif", "avif", "avif with Exif"])
@pytest.mark.parametrize("is_followed", [False, True])
def test_zeros_in_place_of_the_last_data_are_refused(
    name: str, is_followed: bool, others: dict[str, bytes], film: Grey, encode: Encode
) -> None:
    picture = others[name] if name in others else encode(film, "AVIF", quality=95, exif=EXIF)
    content = picture + (b"\0\0\0\x08free" if is_followed else b"")
    decode(content)
    end = len(picture)
    with pytest.raises(CorruptImageError, match="truncated or damaged"):
        decode(content[: end - 65] + bytes(65) + content[end:])


@pytest.mark.parametrize("options", [{}, {"exif": EXIF}], ids=["alone", "with Exif"])
def test_zeros_that_no_picture_has_are_no_damage(
    options: dict[str, bytes], film: Grey, encode: Encode
) -> None:
    content = encode(film, "AVIF", **options)
    at = content.index(b"mdat") - 4
    ended = content[:at] + (len(content) - at + 80).to_bytes(4) + content[at + 4 :] + bytes(80)
    assert decode(ended).pixels.shape == film.shape


@pytest.mark.parametrize("name", FORMATS)
def test_of_mutated_files_comes_a_radiograph_or_a_hilum_error(
    name: str, others: dict[str, bytes]
) -> None:
    rng = random.Random(f"mutations of {name}")
    limits = DecodeLimits(max_pixels=1_000_000)
    refused = 0
    for _ in range(60):
        changed = bytearray(others[name])
        for _ in range(rng.choice([1, 2, 8])):
            changed[rng.randrange(min(len(changed), 600))] = rng.randrange(256)
        try:
            decode(bytes(changed), limits=limits)
        except HilumError:
            refused += 1
    assert refused > 0


def test_none_of_their_codecs_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, io; from PIL import Image; from hilum.imaging import decode\n"
        "stream = io.BytesIO(); Image.linear_gradient('L').save(stream, 'PNG')\n"
        "decode(stream.getvalue())\n"
        "print([name for name in ('imagecodecs', 'pi_heif', 'pydicom') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
