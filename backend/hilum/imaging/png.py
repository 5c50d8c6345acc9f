"""Completeness check of PNG pixel data."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from hilum.errors import ImageTooLargeError
from hilum.imaging.limits import MAX_PNG_CHUNKS

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7 (W3C PNG 8.2): first column and row of each pass, and the steps between.
_PASSES = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
    (0, 1, 1, 2),
)  # fmt: skip
_NOT_INTERLACED = ((0, 0, 1, 1),)
_FIRST_CHUNK = 8
_COLOUR_PROFILE = b"iCCP"
_STEP_BYTES = 1 << 20


def check_png_chunks(content: bytes) -> None:
    """Raise `ImageTooLargeError` where a PNG is in more chunks than a reader should go through.

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    at, chunks, profiles = _FIRST_CHUNK, 0, 0
    while at + 8 <= len(content):
        chunks += 1
        profiles += content[at + 4 : at + 8] == _COLOUR_PROFILE
        # Of profiles there is one (W3C PNG 11.3.3.3), which Pillow inflates on opening.
        if chunks > MAX_PNG_CHUNKS or profiles > 1:
            raise ImageTooLargeError(
                "The PNG file has more chunks or colour profiles than any picture. "
                "Export the radiograph again."
            )
        at += 12 + int.from_bytes(content[at : at + 4])


def check_png_sums(content: bytes) -> None:
    """Raise `ValueError` where compressed pixels are not those that were written (W3C PNG 5.5).

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    at = _FIRST_CHUNK
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 8 + length
        if kind == b"IDAT" and end + 4 <= len(content):
            (expected,) = struct.unpack_from(">I", content, end)
            if zlib.crc32(memoryview(content)[at + 4 : end]) != expected:
                raise ValueError("a checksum of the compressed pixels is not theirs")
        at = end + 4


def check_png_is_whole(content: bytes, last_rows: NDArray[np.generic]) -> None:
    """Raise `EOFError` where the compressed pixels end early, which Pillow takes for black.

    Pixels are inflated again only where the picture ends in black: a row that was never filled
    is black, and the last ones are filled last, the last odd one in an interlaced picture.

    Parameters
    ----------
    content : bytes
        The whole file.
    last_rows : ndarray, shape (2, ...)
        The last two rows, decoded.
    """
    last = last_rows.reshape(2, -1)
    if not last.any(axis=1).all() and not _is_inflated_to(content, _inflated_bytes(content)):
        raise EOFError("the compressed pixels end early")


def _inflated_bytes(content: bytes) -> int:
    """Length of all rows, with the byte before each that names its filter (W3C PNG 9)."""
    columns, rows, depth, colour, _, _, is_interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    bits = depth * _CHANNELS[colour]
    total = 0
    for left, top, across, down in _PASSES if is_interlaced else _NOT_INTERLACED:
        width, height = -(-(columns - left) // across), -(-(rows - top) // down)
        total += height * (1 + (width * bits + 7) // 8) if width > 0 else 0
    return total


def _is_inflated_to(content: bytes, needed: int) -> bool:
    """Whether the IDAT chunks inflate to so many bytes; none is kept."""
    inflater = zlib.decompressobj()
    at = _FIRST_CHUNK
    while needed > 0 and at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"IDAT":
            rest = memoryview(content)[at + 8 : at + 8 + length]
            while needed > 0 and (plain := inflater.decompress(rest, _STEP_BYTES)):
                needed -= len(plain)
                rest = memoryview(inflater.unconsumed_tail)
        at += 12 + length
    return needed <= 0
