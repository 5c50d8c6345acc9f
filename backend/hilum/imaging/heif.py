"""The sizes in a HEIF's or an AVIF's header, of pictures before they are cropped."""

import re
import struct

from hilum.imaging.limits import DecodeLimits

_BOX_HEADER_BYTES = 8
# Image Spatial Extents: its length, its name, version and flags, width, height (ISO/IEC 23008-12
# 6.5.3).
_EXTENTS = re.compile(rb"\0\0\0\x14ispe.{4}(.{8})", re.DOTALL)


def check_extents(content: bytes, limits: DecodeLimits) -> None:
    """Raise `ImageTooLargeError` where a picture in the file is larger than what is shown of it.

    A clean aperture, by which Pillow and libheif tell the size, is cut out of what is decoded.

    Parameters
    ----------
    content : bytes
        The whole file.
    limits : DecodeLimits
    """
    for columns, rows in map(struct.Struct(">II").unpack, _EXTENTS.findall(_meta(content))):
        limits.check_pixels(rows, columns)


def _meta(content: bytes) -> bytes:
    """The box with what is said of the pictures; empty where there is none."""
    at = 0
    while at + _BOX_HEADER_BYTES <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"meta":
            return content[at : at + length]
        if length < _BOX_HEADER_BYTES:
            break
        at += length
    return b""
