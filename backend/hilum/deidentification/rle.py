"""RLE frames, encoded anew (PS3.5 annex G)."""

import struct

import imagecodecs
import numpy as np

from hilum.deidentification.removal import Removal
from hilum.errors import CorruptImageError
from hilum.imaging.dicom.damage import DAMAGED

_HEADER = "<16I"
_HEADER_BYTES = 64
# Of a run that ends past the plane, some encoders keep the rest.
_SLACK_BYTES = 128


def clean_rle(frame: bytes, rows: int, columns: int, removals: set[Removal]) -> bytes:
    """Decode the segments and encode them again, without data between or after them.

    Parameters
    ----------
    frame : bytes
    removals : set of Removal
        Added to.

    Returns
    -------
    bytes

    Raises
    ------
    CorruptImageError
        A segment has fewer bytes than the picture has pixels.
    """
    count, *starts = struct.unpack_from(_HEADER, frame)
    ends = [*starts[1:count], len(frame)]
    segments, has_excess = [], any(starts[count:])
    for start, end in zip(starts[:count], ends, strict=True):
        plane = np.zeros(rows * columns + _SLACK_BYTES, np.uint8)
        found = imagecodecs.packbits_decode(frame[start:end], out=plane.data)
        if len(found) < rows * columns:
            raise CorruptImageError(DAMAGED)
        has_excess = has_excess or bool(plane[rows * columns :].any())
        lines = plane[: rows * columns].reshape(rows, columns)
        # A run does not cross the end of a line (PS3.5 G.3.1).
        segment = bytes(imagecodecs.packbits_encode(lines, axis=-1))
        segments.append(segment + b"\0" * (len(segment) % 2))
    made = np.cumsum([_HEADER_BYTES, *map(len, segments)])[:-1].tolist()
    table = struct.pack(_HEADER, count, *made, *[0] * (15 - count))
    content = table + b"".join(segments)
    if has_excess:
        removals.add(Removal.AFTER_FRAME)
    return content
