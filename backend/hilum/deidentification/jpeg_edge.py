"""Samples past the image edge in the last blocks of a lossy JPEG (ITU-T T.81 A.2.4)."""

import struct
from dataclasses import replace
from typing import Final

import numpy as np

from hilum.imaging.codecs import decode_codestream
from hilum.imaging.codestream import Codec, Codestream
from hilum.imaging.jpeg_segments import FRAME_HEADERS, segments
from hilum.imaging.limits import DecodeLimits

_BLOCK = 8
_SIZE_AT = 5
"""Bytes of a frame header's segment before the numbers of lines and of samples a line."""
_COUNT_AT = 9
"""Bytes before the number of components."""
_NOISE: Final = 1 / 32
"""Share of the range by which losses alone make repeated pixels differ."""


def shows_past_edge(frame: bytes, codestream: Codestream, limits: DecodeLimits) -> bool:
    """Whether there are other pixels past the edge than repetitions of those on it.

    A picture cut without decoding it, as jpegtran does, has the rest of its blocks there.

    Parameters
    ----------
    frame : bytes
    codestream : Codestream
        Its header.

    Returns
    -------
    bool
        Of pictures in colour, True where there are pixels past the edge.
    """
    if codestream.codec is not Codec.JPEG or codestream.is_lossless:
        return False
    header = next(each.start for each in segments(frame) if each.code in FRAME_HEADERS)
    height, width = _unit(frame, header)
    rows, columns = codestream.rows, codestream.columns
    below, beside = -rows % height, -columns % width
    if codestream.components > 1 or not (below or beside):
        return bool(below or beside)
    whole = replace(codestream, rows=rows + below, columns=columns + beside)
    at = header + _SIZE_AT
    enlarged = frame[:at] + struct.pack(">HH", whole.rows, whole.columns) + frame[at + 4 :]
    words = decode_codestream(enlarged, whole, limits).astype(np.int32)
    repeated = np.pad(words[:rows, :columns], ((0, below), (0, beside)), mode="edge")
    return bool(np.abs(words - repeated).max() > _NOISE * (1 << codestream.precision))


def _unit(frame: bytes, header: int) -> tuple[int, int]:
    """Rows and columns of the blocks that are coded together (A.2.3)."""
    count = frame[header + _COUNT_AT]
    if count == 1:
        return _BLOCK, _BLOCK
    first = header + _COUNT_AT + 2
    factors = frame[first : first + 3 * count : 3]
    return _BLOCK * max(each & 0xF for each in factors), _BLOCK * max(each >> 4 for each in factors)
