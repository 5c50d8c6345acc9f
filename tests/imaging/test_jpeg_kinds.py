"""JPEGs of every kind, in files of their own, in DICOM and in TIFF: read whole or not at all."""

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.errors import CorruptImageError, ImageTooLargeError, UnsupportedFormatError
from hilum.imaging import DecodeLimits, decode
from tests.film_words import words_of
from tests.imaging.dicom_files import SYNTAXES, Syntax, write
from tests.imaging.picture_files import tiff

Grey = NDArray[np.uint8]
Words = NDArray[Any]
Encode = Callable[..., bytes]

# How each is written, its bits, and the DICOM transfer syntax that holds it.
KINDS: dict[str, tuple[Callable[[Words], bytes], int, str]] = {
    "8 bits": (lambda words: imagecodecs.jpeg8_encode(words, 92), 8, "JPEG baseline"),
    "12 bits": (
        lambda words: imagecodecs.jpeg8_encode(words, 97, bitspersample=12),
        12,
        "JPEG extended, 12 bits",
    ),
    **{
        f"lossless, {bits} bits": (
            lambda words, bits=bits: imagecodecs.jpeg8_encode(
                words, lossless=True, predictor=4, bitspersample=bits
            ),
            bits,
            "JPEG lossless, predictor 4",
        )
        for bits in (8, 12, 16)
    },
    "JPEG-LS, 8 bits": (imagecodecs.jpegls_encode, 8, "JPEG-LS lossless"),
    "JPEG-LS, 16 bits": (imagecodecs.jpegls_encode, 16, "JPEG-LS lossless"),
}


def _words(film: Grey, bits: int, *, is_colour: bool = False) -> Words:
    dtype = np.uint8 if bits == 8 else np.uint16
    grey = np.round(film / 255 * (2**bits - 1)).astype(dtype)
    return np.dstack([grey, grey // 2, grey // 3]) if is_colour else grey


def _with_half_a_scan(frame: bytes) -> bytes:
    """A sound end follows on half of the last scan's data."""
    scan = frame.rindex(b"\xff\xda")
    cut = (scan + len(frame)) // 2
    while frame[cut - 1] == 0xFF:
        cut -= 1
    return frame[:cut] + b"\xff\xd9"


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_read_as_a_file(film: Grey, name: str) -> None:
    encoded, bits, _ = KINDS[name]
    words = _words(film, bits)
    radiograph = decode(encoded(words))
    assert radiograph.format.value == "jpeg"
    off = np.abs(radiograph.pixels - words / (2**bits - 1))
    is_exact = "lossless" in name or "LS" in name
    assert off.max() < 1e-6 if is_exact else off.mean() < 2 / 255
    assert radiograph.warnings == ()


@pytest.mark.parametrize("name", ["lossless, 12 bits", "lossless, 16 bits", "JPEG-LS, 16 bits"])
def test_colours_of_a_deep_jpeg_become_luminance(film: Grey, name: str) -> None:
    encoded, bits, _ = KINDS[name]
    words = _words(film, bits, is_colour=True)
    radiograph = decode(encoded(words))
    expected = words.astype(float) @ np.array([0.299, 0.587, 0.114]) / (2**bits - 1)
    assert np.abs(radiograph.pixels - expected).max() < 1e-6
    assert radiograph.was_colour


def test_a_lossless_jpeg_of_16_bits_that_uses_12_is_read_as_one_of_12(film: Grey) -> None:
    words = _words(film, 12)
    radiograph = decode(imagecodecs.jpeg8_encode(words, lossless=True, bitspersample=16))
    assert np.abs(radiograph.pixels - words / 4095).max() < 1e-6
    assert "lowest 12 of its 16 bits" in words_of(radiograph)[0]


@pytest.mark.parametrize("is_colour", [False, True])
@pytest.mark.parametrize("name", [name for name in KINDS if "LS" not in name])
def test_half_a_scan_is_refused_in_a_file_and_in_dicom(
    film: Grey, name: str, is_colour: bool
) -> None:
    encoded, bits, syntax = KINDS[name]
    words = _words(film, bits, is_colour=is_colour)
    frame = encoded(words)
    # With an end of its own the whole frame is read: it is the missing half that is told.
    decode(frame)
    decode(_dicom(words, SYNTAXES[syntax], bits, frame))
    half = _with_half_a_scan(frame)
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(half)
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(_dicom(words, SYNTAXES[syntax], bits, half))


@pytest.mark.parametrize("name", [name for name in KINDS if "LS" not in name])
def test_zeros_in_place_of_half_a_scan_are_refused_in_a_file_and_in_dicom(
    film: Grey, name: str
) -> None:
    encoded, bits, syntax = KINDS[name]
    words = _words(film, bits)
    frame = encoded(words)
    half = _with_half_a_scan(frame)[:-2]
    zeroed = half + bytes(len(frame) - len(half) - 2) + frame[-2:]
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(zeroed)
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(_dicom(words, SYNTAXES[syntax], bits, zeroed))


# Of these libjpeg says nothing where data is damaged.
UNCHECKED = [name for name in KINDS if name != "8 bits" and "LS" not in name]


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("is_colour", [False, True])
@pytest.mark.parametrize("name", UNCHECKED)
def test_zeros_within_a_scan_are_refused_in_a_file_and_in_dicom(
    film: Grey, name: str, is_colour: bool, share: float
) -> None:
    encoded, bits, syntax = KINDS[name]
    words = _words(film, bits, is_colour=is_colour)
    frame = encoded(words)
    at = int(len(frame) * share)
    zeroed = frame[:at] + bytes(2000) + frame[at + 2000 :]
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(zeroed)
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(_dicom(words, SYNTAXES[syntax], bits, zeroed))


def _with_restarts(strip: Words, encoded: Callable[[Words], bytes], count: int) -> list[bytes]:
    """A picture of equal strips, each a restart interval, and its header before them."""
    made = encoded(strip)
    header, scan = made.index(b"\xff\xc1" if b"\xff\xc1" in made else b"\xff\xc3") + 5, b"\xff\xda"
    at = made.index(scan)
    data = at + 2 + int.from_bytes(made[at + 2 : at + 4])
    rows, columns = strip.shape
    units = rows * columns if made[header - 4] == 0xC3 else rows * columns // 64
    head = made[:header] + (count * rows).to_bytes(2) + made[header + 2 : at]
    interval = b"\xff\xdd\0\4" + units.to_bytes(2)
    return [head + interval + made[at:data], *[made[data:-2]] * count]


def _joined(head: bytes, *strips: bytes) -> bytes:
    marked = (strip + bytes((0xFF, 0xD0 + n % 8)) for n, strip in enumerate(strips))
    return head + b"".join(marked)[:-2] + b"\xff\xd9"


@pytest.mark.parametrize("name", ["12 bits", "lossless, 12 bits", "lossless, 16 bits"])
def test_each_restart_interval_has_to_be_whole(film: Grey, name: str) -> None:
    encoded, bits, _ = KINDS[name]
    strip = _words(film, bits)[64:128]
    head, *strips = _with_restarts(strip, encoded, 5)
    pixels = decode(_joined(head, *strips)).pixels
    assert np.abs(pixels - np.tile(strip, (5, 1)) / (2**bits - 1)).mean() < 2 / 255
    filled = _joined(head, *(each + b"\xff\xff" for each in strips))
    np.testing.assert_array_equal(decode(filled).pixels, pixels)
    at = len(strips[0]) // 2
    for damaged in (
        strips[0][:at] + bytes(64) + strips[0][at + 64 :],
        strips[0][:at].rstrip(b"\xff"),
        strips[0] + b"\x5a" * 8,
    ):
        for n in (0, 2, 4):
            with pytest.raises(CorruptImageError, match="JPEG"):
                decode(_joined(head, *strips[:n], damaged, *strips[n + 1 :]))


@pytest.mark.parametrize("name", UNCHECKED)
def test_what_pads_a_scan_is_passed_over(film: Grey, name: str) -> None:
    encoded, bits, _ = KINDS[name]
    frame = encoded(_words(film, bits))
    expected = decode(frame).pixels
    for padding in (b"\0", bytes(2000), b"\xff", b"\xff\xff\xff"):
        np.testing.assert_array_equal(decode(frame[:-2] + padding + frame[-2:]).pixels, expected)


@pytest.mark.parametrize("name", [name for name in UNCHECKED if "lossless" in name])
def test_zeros_that_are_black_pixels_are_no_padding(film: Grey, name: str) -> None:
    encoded, bits, _ = KINDS[name]
    words = _words(film, bits)
    words[-60:] = 0
    # Of codes of one bit or two for black, those of one picture end with a byte.
    frames = []
    for last in range(1, 40):
        words[-61, :last] = 0
        frames.append(encoded(words))
        if frames[-1].endswith(b"\0\xff\xd9"):
            break
    else:
        pytest.fail("no frame ends with a zero")
    np.testing.assert_allclose(decode(frames[-1]).pixels, words / (2**bits - 1), atol=1e-6)


def _dicom(words: Words, syntax: Syntax, bits: int, frame: bytes) -> bytes:
    return write(words, syntax, bits_stored=bits, frame=frame)


@pytest.mark.parametrize("name", ["12 bits", "lossless, 16 bits"])
def test_a_picture_that_ends_in_black_is_whole(film: Grey, name: str) -> None:
    encoded, bits, _ = KINDS[name]
    words = _words(film, bits)
    words[-60:] = 0
    assert decode(encoded(words)).pixels[-50:].max() < 0.01


def test_stray_bytes_hide_no_missing_half_in_dicom(film: Grey) -> None:
    frame = KINDS["8 bits"][0](film)
    at = frame.index(b"\xff\xdb")
    half = _with_half_a_scan(frame[:-2] + bytes(20) + frame[-2:])
    assert at
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(_dicom(film, SYNTAXES["JPEG baseline"], 8, half[:-2] + bytes(20) + half[-2:]))


def _tables_and_strip(frame: bytes) -> tuple[bytes, bytes]:
    """Abbreviated streams as TIFF Technical Note 2 wants them: the tables, and the scan."""
    tables, strip, at = b"", b"", 2
    while frame[at + 1] != 0xDA:
        length = 2 + int.from_bytes(frame[at + 2 : at + 4])
        segment = frame[at : at + length]
        if frame[at + 1] in (0xDB, 0xC4):
            tables += segment
        elif frame[at + 1] != 0xE0:
            strip += segment
        at += length
    return b"\xff\xd8" + tables + b"\xff\xd9", b"\xff\xd8" + strip + frame[at:]


def _jpeg_tiff(film: Grey, encode: Encode, change: Callable[[bytes], bytes]) -> bytes:
    """Two strips of 96 rows with common tables, the second of them changed."""
    halves = [encode(film[:96], "JPEG", quality=92), encode(film[96:], "JPEG", quality=92)]
    (tables, first), (_, second) = map(_tables_and_strip, halves)
    return tiff(film, strips=[first, change(second)], t259=7, t347=(7, tables))


def test_jpeg_in_tiff_is_read(film: Grey, encode: Encode) -> None:
    radiograph = decode(_jpeg_tiff(film, encode, lambda strip: strip))
    assert np.abs(radiograph.pixels - film / 255).mean() < 2 / 255


def test_half_a_scan_in_a_strip_of_a_tiff_is_refused(film: Grey, encode: Encode) -> None:
    with pytest.raises(CorruptImageError, match="TIFF"):
        decode(_jpeg_tiff(film, encode, _with_half_a_scan))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_hole_in_the_jpeg_of_a_tiff_is_refused(film: Grey, encode: Encode, mode: str) -> None:
    from PIL import Image

    image = Image.fromarray(film).convert(mode)
    content = bytearray(encode(image, "TIFF", compression="jpeg", quality=92))
    decode(bytes(content))
    scan = content.index(b"\xff\xda") + 300
    content[scan : scan + 100] = b"\x55" * 100
    content[scan + 400 : scan + 402] = b"\xff\xd9"
    with pytest.raises(CorruptImageError, match="TIFF"):
        decode(bytes(content))


def test_strips_that_claim_more_than_the_picture_are_refused(film: Grey, encode: Encode) -> None:
    content = _jpeg_tiff(film, encode, lambda strip: strip)
    at = content.index(b"\xff\xc0") + 5
    claims = content[:at] + b"\xea\x60\xea\x60" + content[at + 4 :]
    with pytest.raises(ImageTooLargeError):
        decode(claims)
    with pytest.raises(ImageTooLargeError):
        decode(content, limits=DecodeLimits(max_pixels=film.size - 1))


def test_jpeg_in_a_way_that_tiff_has_withdrawn_is_refused_by_name(film: Grey) -> None:
    with pytest.raises(UnsupportedFormatError, match="compression 6"):
        decode(tiff(film, t259=6))
