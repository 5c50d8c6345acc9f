"""Damaged files are told from sound ones, and nothing but a `HilumError` comes of them."""

import random
import resource
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import CorruptImageError, HilumError
from hilum.imaging import DecodeLimits, Radiograph, decode
from tests.imaging.dicom_files import SYNTAXES, write

Grey = NDArray[np.uint8]
Encode = Callable[..., bytes]

FORMATS = ("jpeg", "png", "webp", "tiff", "bmp", "dicom")
MUTATIONS = 300


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.75, 0.9, 0.97])
@pytest.mark.parametrize("name", FORMATS)
def test_a_truncated_file_is_corrupt_and_its_format_named(
    name: str, share: float, files: dict[str, bytes]
) -> None:
    content = files[name]
    with pytest.raises(CorruptImageError, match=name.upper()):
        decode(content[: int(len(content) * share)])


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_after_its_signature_is_corrupt_and_its_format_named(
    name: str, files: dict[str, bytes]
) -> None:
    with pytest.raises(CorruptImageError, match=name.upper()):
        decode(files[name][:160])


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff"])
def test_a_hole_in_the_compressed_pixels_is_corrupt(name: str, files: dict[str, bytes]) -> None:
    # BMP and plain DICOM hold bare pixels: there any byte is a sound grey value.
    content = bytearray(files[name])
    middle = len(content) // 2
    content[middle : middle + 200] = b"\xff" * 200
    with pytest.raises(CorruptImageError, match=name.upper()):
        decode(bytes(content))


def test_a_jpeg_with_stray_bytes_between_segments_is_read(files: dict[str, bytes]) -> None:
    sound = files["jpeg"]
    at = sound.index(b"\xff\xdb")
    strayed = decode(sound[:at] + b"\0\0" + sound[at:])
    assert (strayed.pixels == decode(sound).pixels).all()


STRAY = {
    "before a table": lambda jpeg: jpeg.replace(b"\xff\xdb", b"\0\0\xff\xdb", 1),
    "before the end": lambda jpeg: jpeg[:-2] + bytes(20) + jpeg[-2:],
}


@pytest.mark.parametrize("where", STRAY)
@pytest.mark.parametrize("progressive", [False, True])
def test_stray_bytes_are_passed_over_and_change_no_pixel(
    film: Grey, encode: Encode, where: str, progressive: bool
) -> None:
    sound = encode(film, "JPEG", quality=95, progressive=progressive)
    assert (decode(STRAY[where](sound)).pixels == decode(sound).pixels).all()


@pytest.mark.parametrize("where", STRAY)
def test_stray_bytes_hide_no_damage(files: dict[str, bytes], where: str) -> None:
    content = bytearray(STRAY[where](files["jpeg"]))
    middle = len(content) // 2
    content[middle : middle + 200] = b"\xff" * 200
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(bytes(content))
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(STRAY[where](files["jpeg"])[: len(content) * 3 // 4])


def test_a_hole_in_a_cmyk_jpeg_is_corrupt(film: Grey, encode: Encode) -> None:
    content = bytearray(encode(Image.fromarray(film).convert("CMYK"), "JPEG", quality=95))
    middle = len(content) // 2
    content[middle : middle + 200] = b"\x55" * 200
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(bytes(content))


def _png(film: Grey, missing_bytes: int, *, is_interlaced: bool) -> bytes:
    """A PNG whose compressed stream ends soundly, but before all pixels are there."""
    # Adam7 (W3C PNG 8.2): the first row and column of each pass, and its steps.
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
              (1, 0, 2, 1)] if is_interlaced else [(0, 0, 1, 1)]  # fmt: skip
    rows = [
        b"\0" + row.tobytes()
        for top, left, down, across in passes
        for row in film[top::down, left::across]
    ]
    plain = b"".join(rows)
    header = struct.pack(">IIBBBBB", film.shape[1], film.shape[0], 8, 0, 0, 0, is_interlaced)
    chunks = {
        b"IHDR": header,
        b"IDAT": zlib.compress(plain[: len(plain) - missing_bytes]),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks.items()
    )


@pytest.mark.parametrize("is_interlaced", [False, True])
@pytest.mark.parametrize("missing_bytes", [1, 129, 2000])
def test_a_png_whose_pixels_end_early_by_a_sound_stream_is_corrupt(
    film: Grey, missing_bytes: int, is_interlaced: bool
) -> None:
    with pytest.raises(CorruptImageError, match="PNG"):
        decode(_png(film, missing_bytes, is_interlaced=is_interlaced))


@pytest.mark.parametrize("is_interlaced", [False, True])
def test_a_png_that_ends_in_black_is_read(film: Grey, is_interlaced: bool) -> None:
    black_below = film.copy()
    black_below[-30:] = 0
    pixels = decode(_png(black_below, 0, is_interlaced=is_interlaced)).pixels
    assert np.abs(pixels - black_below / 255).max() < 1e-6


def _mutated(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    reach = rng.choice([64, 600, len(changed)])
    for _ in range(rng.choice([1, 1, 2, 8])):
        changed[rng.randrange(min(len(changed), reach))] = rng.choice(
            [0, 1, 127, 128, 255, rng.randrange(256)]
        )
    dice = rng.random()
    if dice < 0.2:
        del changed[rng.randrange(len(changed)) :]
    elif dice < 0.3:
        at = rng.randrange(len(changed))
        changed[at:at] = rng.randbytes(rng.randrange(1, 20))
    return bytes(changed)


@pytest.mark.parametrize("name", FORMATS)
def test_of_mutated_files_comes_a_radiograph_or_a_hilum_error(
    name: str, files: dict[str, bytes]
) -> None:
    rng = random.Random(f"mutations of {name}")
    limits = DecodeLimits(max_pixels=1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for _ in range(MUTATIONS):
        try:
            radiograph = decode(_mutated(files[name], rng), limits=limits)
        except HilumError:
            refused += 1
        else:
            assert isinstance(radiograph, Radiograph)
            assert 0 <= radiograph.pixels.min() < radiograph.pixels.max() <= 1
    assert 0 < refused < MUTATIONS
    # A megapixel is 4 MB as float32; a dozen copies of it are more than any decoder needs.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_png_whose_pixels_are_not_those_that_were_written_is_refused(
    film: Grey, encode: Callable[..., bytes]
) -> None:
    content = encode(film, "PNG")
    start = content.index(b"IDAT")
    (length,) = struct.unpack_from(">I", content, start - 4)
    rows = bytearray(zlib.decompress(content[start + 4 : start + 4 + length]))
    # A sound stream of other pixels, under the sum of the first ones.
    rows[len(rows) // 2 :] = bytes(len(rows) - len(rows) // 2)
    other = zlib.compress(rows)
    changed = (
        content[: start - 4]
        + struct.pack(">I", len(other)) + b"IDAT" + other
        + content[start + 4 + length :]
    )  # fmt: skip
    with pytest.raises(CorruptImageError, match="PNG"):
        decode(changed)


JPEGS_2000 = ["JPEG 2000 lossless", "JPEG 2000 lossy", "HTJ2K lossless"]


@pytest.mark.parametrize("end", [b"", b"\xff\xd9"], ids=["no end", "an end"])
@pytest.mark.parametrize("name", JPEGS_2000)
def test_zeros_in_place_of_half_a_jpeg_2000_are_refused(film: Grey, name: str, end: bytes) -> None:
    frame = SYNTAXES[name].encode(film, 8)
    half = frame[: len(frame) // 2]
    zeroed = half + bytes(len(frame) - len(half) - len(end)) + end
    with pytest.raises(CorruptImageError):
        decode(zeroed)
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(write(film, SYNTAXES[name], bits_stored=8, frame=zeroed))


def test_empty_packets_at_the_end_of_a_jpeg_2000_are_data(film: Grey, encode: Encode) -> None:
    # 48 precincts of the finest resolution, most of them without a coefficient but zero.
    bare = np.full((192, 256), 64, np.uint8)
    bare[:8, :8] = film[100:108, 100:108]
    options = {"irreversible": True, "quality_layers": [400, 200], "precinct_size": (32, 32)}
    content = encode(bare, "JPEG2000", codeblock_size=(8, 8), **options)
    data = content.removesuffix(b"\xff\xd9")
    # Packets that say of each code-block that it is left out become packets that are empty.
    packets = data.rstrip(b"\x80")
    emptied = packets + bytes(len(data) - len(packets)) + b"\xff\xd9"
    assert len(data) - len(packets) > 150
    np.testing.assert_array_equal(decode(emptied).pixels, decode(content).pixels)
