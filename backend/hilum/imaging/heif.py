"""What a HEIF's or an AVIF's boxes tell before it is decoded: sizes of its pictures, their end."""

import re
import struct
from collections.abc import Iterator
from itertools import islice

from hilum.imaging.limits import DecodeLimits

_BOX_HEADER_BYTES = 8
# Image Spatial Extents: its length, its name, version and flags, width, height (ISO/IEC 23008-12
# 6.5.3).
_EXTENTS = re.compile(rb"\0\0\0\x14ispe.{4}(.{8})", re.DOTALL)

_MOST_BOXES = 1_000
_MOST_ZEROS = 64
"""At the end of a picture's data. HEVC has no three in a row (H.265 7.3.1.1), AV1 ends with a 1 and
a few zeros (AV1 5.3.4)."""
# Items whose own data may end in zeros: names of their kinds in the header.
_METADATA = re.compile(rb"Exif|mime|uri ")


def check_extents(content: bytes, limits: DecodeLimits) -> None:
    """Raise `ImageTooLargeError` where a picture in the file is larger than what is shown of it.

    A clean aperture, by which Pillow and libheif tell the size, is cut out of what is decoded.

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    for columns, rows in map(struct.Struct(">II").unpack, _EXTENTS.findall(_meta(content))):
        limits.check_pixels(rows, columns)


def check_end(content: bytes) -> None:
    """Raise `ValueError` where zeros stand in place of the last data of the pictures.

    Decoders take them for pixels. A file is so where a copy or a download ended early.

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    data = [span for kind, span in islice(_boxes(content), _MOST_BOXES) if kind == b"mdat"]
    if not data or _METADATA.search(_meta(content)):
        return
    start, end = data[-1].start, data[-1].stop
    if content[max(start, end - _MOST_ZEROS - 1) : end].count(0) > _MOST_ZEROS:
        raise ValueError("the data ends in zeros")


def _meta(content: bytes) -> bytes:
    """The box with what is said of the pictures; empty where there is none."""
    return next((content[span] for kind, span in _boxes(content) if kind == b"meta"), b"")


def _boxes(content: bytes) -> Iterator[tuple[bytes, slice]]:
    """Kinds of the boxes and where their contents are; none after one with a length of 64 bits."""
    at = 0
    while at + _BOX_HEADER_BYTES <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        # 0 is up to the file's end (ISO/IEC 14496-12 4.2).
        end = at + length if length else len(content)
        if end < at + _BOX_HEADER_BYTES:
            break
        yield kind, slice(at + _BOX_HEADER_BYTES, end)
        at = end
