"""Boxes of HEIF and AVIF files, read before decoding: sizes of the images, end of the data."""

import re
import struct
from itertools import islice

from hilum.imaging.heif_boxes import boxes, coded_pictures
from hilum.imaging.limits import DecodeLimits

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
    """Raise `ImageTooLargeError` if an image in the file is larger than its displayed part.

    A clean aperture, by which Pillow and libheif tell the size, is cut out of what is decoded.

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    for columns, rows in map(struct.Struct(">II").unpack, _EXTENTS.findall(_meta(content))):
        limits.check_pixels(rows, columns)


def check_end(content: bytes) -> None:
    """Raise `ValueError` if the last data of the images were replaced by zeros.

    Decoders take them for pixels. A file is so where a copy or a download ended early.

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    meta = _meta(content)
    for extents in coded_pictures(meta) or _last_box(content, meta):
        if _tail(content, extents).count(0) > _MOST_ZEROS:
            raise ValueError("the data ends in zeros")


def _last_box(content: bytes, meta: bytes) -> list[list[slice]]:
    """The last box with data, where all of it is code of pixels; for a header that is no help."""
    data = [span for kind, span in islice(boxes(content), _MOST_BOXES) if kind == b"mdat"]
    return [] if _METADATA.search(meta) else [[span] for span in data[-1:]]


def _tail(content: bytes, extents: list[slice]) -> bytes:
    """The last of a picture's data, one byte more than may be zero."""
    tail = b""
    for extent in reversed(extents):
        start, end, _ = extent.indices(len(content))
        wanted = _MOST_ZEROS + 1 - len(tail)
        tail = content[max(start, end - wanted) : end] + tail
    return tail


def _meta(content: bytes) -> bytes:
    """Content of the box ``meta``, which describes the images; empty if there is none."""
    return next((content[span] for kind, span in boxes(content) if kind == b"meta"), b"")
