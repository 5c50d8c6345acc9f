"""Takes files apart into segments, chunks, boxes and elements, and repairs their checksums."""

import re
import struct
import zlib
from collections.abc import Callable
from itertools import pairwise

from tests.deidentification.raw_films import LONG

_PNG_SIGNATURE = 8
_DICOM_START = 132
_BOXES = (
    b"ftyp", b"meta", b"hdlr", b"pitm", b"iloc", b"iinf", b"infe", b"iprp", b"ipco", b"ispe",
    b"pixi", b"ipma", b"hvcC", b"av1C", b"mdat", b"jp2h", b"ihdr", b"colr", b"jp2c", b"jxlc",
    b"jxlp",
)  # fmt: skip


def segments(content: bytes) -> list[bytes]:
    """Segments of a JPEG, JPEG-LS or JPEG 2000, each from its marker on."""
    found = re.finditer(rb"\xff[\x4f-\x6f\x90-\x93\xc0-\xfe]", content)
    return _cut(content, [each.start() for each in found])


def chunks(content: bytes) -> list[bytes]:
    """Chunks of a PNG, after its signature."""
    return _walk(content, _PNG_SIGNATURE, lambda at: 12 + int.from_bytes(content[at : at + 4]))


def riff(content: bytes) -> list[bytes]:
    """Chunks of a WebP."""

    def length(at: int) -> int:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        return 8 + size + size % 2

    return _walk(content, 12, length)


def boxes(content: bytes) -> list[bytes]:
    """Boxes of HEIF, AVIF, JP2 and JPEG XL, those inside of `meta`, `iprp` and `jp2h`, too."""
    found = re.finditer(b"|".join(_BOXES), content)
    return _cut(content, [each.start() - 4 for each in found])


def entries(content: bytes) -> list[bytes]:
    """Entries of a TIFF's first directory, little endian, and what stands around them."""
    if len(content) < 8:
        return [content]
    start = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[start : start + 2], "little")
    return _cut(content, [start + 2 + 12 * n for n in range(min(count, 500) + 1)])


def elements(content: bytes) -> list[bytes]:
    """Elements of a DICOM file in explicit little endian, and of what its sequences hold."""

    def length(at: int) -> int:
        representation = content[at + 4 : at + 6].decode("latin-1")
        if representation in LONG:
            size = int.from_bytes(content[at + 8 : at + 12], "little")
            # Of a sequence, the items follow as pieces of their own.
            return 12 if size == 0xFFFFFFFF or representation == "SQ" else 12 + size
        if content[at : at + 2] == b"\xfe\xff":
            size = int.from_bytes(content[at + 4 : at + 8], "little")
            return 8 + size if content[at + 2 : at + 4] == b"\0\xe0" and size < 4096 else 8
        return 8 + int.from_bytes(content[at + 6 : at + 8], "little")

    return _walk(content, _DICOM_START, length)


def with_png_sums(content: bytes) -> bytes:
    """Make the checksum of each chunk that of its bytes."""
    parts = chunks(content)
    for n, part in enumerate(parts[1:], 1):
        if len(part) >= 12:
            parts[n] = part[:-4] + struct.pack(">I", zlib.crc32(part[4:-4]))
    return b"".join(parts)


def inflated(content: bytes) -> bytes:
    """Inflate the data set of a deflated DICOM file, whose group 0002 goes on saying otherwise."""
    at = _after_meta(content)
    return content[:at] + zlib.decompress(content[at:], -zlib.MAX_WBITS)


def deflated(content: bytes) -> bytes:
    """Deflate the data set again."""
    at = _after_meta(content)
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return content[:at] + packer.compress(content[at:]) + packer.flush()


def _after_meta(content: bytes) -> int:
    """Where the data set starts, by File Meta Information Group Length."""
    return (
        _DICOM_START + 12 + int.from_bytes(content[_DICOM_START + 8 : _DICOM_START + 12], "little")
    )


def _walk(content: bytes, start: int, length: Callable[[int], int]) -> list[bytes]:
    starts, at = [], start
    while at + 8 <= len(content) and len(starts) < 2000:
        starts.append(at)
        at += length(at)
    return _cut(content, [*starts, at])


def _cut(content: bytes, starts: list[int]) -> list[bytes]:
    bounds = sorted({0, *(at for at in starts if 0 < at < len(content)), len(content)})
    return [content[start:end] for start, end in pairwise(bounds)]
