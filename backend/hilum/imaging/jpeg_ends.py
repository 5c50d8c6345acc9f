"""Whether a JPEG's scans hold what its pixels need, no less and no more.

libjpeg goes on without a word, for JPEGs that are lossless or of more than eight bits, where data
is missing or left over. Both show when the data's end is changed and the picture is decoded again.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.jpeg_segments import FRAME_HEADERS, SCAN, segments

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

_RESTART = re.compile(rb"(\xff[\xd0-\xd7])", re.DOTALL)
_INTERVAL, _LOSSLESS = 0xDD, 0xC3
_BLOCK = 8
_LEFT_OUT = 3
"""Bytes. Encoders end with a few bits of padding, and some with a byte, which may be stuffed."""
_FILLER = bytes.fromhex("5a3c96c3") * 4
# A change of a pixel that is black may be to a lower value, which is black too.
_FILLERS = (_FILLER, bytes(0xFF ^ byte for byte in _FILLER))


def is_whole(frame: bytes, decoded: Pixels, decode: Callable[[bytes], Pixels]) -> bool:
    """Whether the data of all scans, and of all their restart intervals, ends where pixels do.

    Parameters
    ----------
    frame : bytes
        A JPEG without stray bytes between its segments.
    decoded : ndarray, shape (rows, columns) or (rows, columns, components)
        What it decodes to.
    decode : callable
        Called for changed copies: twice for a whole picture.

    Returns
    -------
    bool
        False where three bytes of an interval or more are left over, or any are missing.
    """
    # A whole picture needs nothing after its data; another takes this for what is missing.
    if not np.array_equal(decoded, decode(_with_ends(frame, _FILLER, left_out=0))):
        return False
    changed: NDArray[np.bool_] | None = None
    for filler in _FILLERS:
        differs = decoded != decode(_with_ends(frame, filler, left_out=_LEFT_OUT))
        found = _of_intervals(frame, differs.any(axis=2) if differs.ndim == 3 else differs)
        changed = found if changed is None else changed | found
        if changed.all():
            return True
    return False


def _with_ends(frame: bytes, filler: bytes, left_out: int) -> bytes:
    """Put a filler in place of the last bytes of each interval."""
    kept, at = [], 0
    for scan, following in pairwise(segments(frame)):
        if scan.code != SCAN:
            continue
        kept.append(frame[at : scan.end])
        parts = _RESTART.split(frame[scan.end : following.start])
        # Each second one is a marker.
        parts[::2] = (_without_last(part, left_out) + filler for part in parts[::2])
        kept += parts
        at = following.start
    return b"".join([*kept, frame[at:]])


def _without_last(data: bytes, count: int) -> bytes:
    """Leave the last bytes out, but for fill bytes, and no half of a stuffed byte in."""
    used = len(data.rstrip(b"\xff"))
    return data[: max(0, used - count)].rstrip(b"\xff")


class _Layout(NamedTuple):
    """The restart interval of a picture of one scan, and the pixels of a unit that it counts."""

    interval: int
    height: int
    width: int


def _of_intervals(frame: bytes, differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each restart interval whether any of its pixels differs."""
    layout = _layout(frame)
    if layout is None:
        return np.array([differs.any()])
    _, height, width = layout
    rows, columns = differs.shape
    padded = np.pad(differs, ((0, -rows % height), (0, -columns % width)))
    units = padded.reshape(-1, height, padded.shape[1] // width, width).any(axis=(1, 3)).ravel()
    return np.logical_or.reduceat(units, np.arange(0, units.size, layout.interval))


def _layout(frame: bytes) -> _Layout | None:
    """Find the restart interval (T.81 B.2.4.4) and the minimum coded unit (A.2); None without."""
    interval, height, width = 0, 1, 1
    scans = 0
    for code, start, _ in segments(frame):
        scans += code == SCAN
        if code == _INTERVAL and not scans:
            interval = int.from_bytes(frame[start + 4 : start + 6])
        elif code in FRAME_HEADERS:
            factors = list(_sampling(frame, start))
            unit = 1 if code == _LOSSLESS else _BLOCK
            # Of a single component a unit is one block, whatever its factors.
            across, down = map(max, *factors) if len(factors) > 1 else (1, 1)
            height, width = unit * down, unit * across
    # Scans of one component each have units of their own.
    return _Layout(interval, height, width) if interval and scans == 1 else None


def _sampling(frame: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Horizontal and vertical factors of the components in a frame header."""
    for n in range(frame[start + 9]):
        factors = frame[start + 11 + 3 * n]
        yield factors >> 4 or 1, factors & 15 or 1
