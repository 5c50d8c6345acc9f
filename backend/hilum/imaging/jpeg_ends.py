"""Completeness check of the scans of a JPEG.

libjpeg goes on without a word, for JPEGs that are lossless or of more than eight bits, where data
is missing or left over. Both show when the data's end is changed and the picture is decoded again.
"""

import re
import struct
from collections.abc import Callable, Collection
from itertools import pairwise, product
from operator import mod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.jpeg_segments import FRAME_HEADERS, SCAN, segments
from hilum.imaging.limits import MAX_SCANNED_PIXELS

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

_RESTART = re.compile(rb"(\xff[\xd0-\xd7])", re.DOTALL)
_INTERVAL, _LOSSLESS, _TABLES = 0xDD, 0xC3, 0xC4
_BLOCK = 8
_LEFT_OUT = 3
"""Bytes. Encoders end with a few bits of padding, and some with a byte, which may be stuffed."""
_LEFT_OUT_BEYOND = 12
"""Bytes. Of a unit of several blocks, the last ones may lie beyond the picture."""
_LEFT_OUT_PROGRESSIVE, _LEFT_OUT_REFINING = 8, 32
"""Bytes. The last ones of such a scan may change coefficients too little for any pixel."""
_SHORTEST_PROGRESSIVE = 64
"""Bytes of a scan. Fewer may say of nearly all blocks that nothing changes."""
# Random bits may decode to what was there, or change a pixel that is black or white to a value
# beyond, which is shown as black or white too: up to a third of them do; ten hardly all do.
_FILLERS = [bytes(each) for each in np.random.default_rng(0).integers(0, 0xFF, (10, 16))]


class _Scan(NamedTuple):
    """Position of a scan's data, and the check for its end.

    Attributes
    ----------
    left_out : int
        With so many of its last bytes some pixel changes.
    interval : int
        Units between restarts; 0 where it is checked as a whole.
    height, width : int
        Pixels of a unit.
    """

    start: int
    end: int
    left_out: int
    is_checked: bool
    interval: int
    height: int
    width: int


def is_whole(frame: bytes, decoded: Pixels, decode: Callable[[bytes], Pixels]) -> bool:
    """Whether the data of all scans, and of all their restart intervals, ends where pixels do.

    Parameters
    ----------
    frame : bytes
        A JPEG without stray bytes between its segments.
    decoded : ndarray, shape (rows, columns) or (rows, columns, components)
        What it decodes to.
    decode : callable
        Called for changed copies: for a whole picture once, and once or a few times more for each
        scan; more often for one that is not whole.

    Returns
    -------
    bool
        False where three bytes of an interval or more are left over (a few more if chroma is
        subsampled, or of a progressive scan), or any are missing.
    """
    scans = _scans(frame)
    # A whole picture needs nothing after its data; another takes this for what is missing.
    if not np.array_equal(decoded, decode(_with_ends(frame, scans, _FILLERS[0], left_out=0))):
        return False
    groups = max(1, MAX_SCANNED_PIXELS // max(1, len(scans) * decoded[..., :1].size))
    checked = [scan for scan in scans if scan.is_checked]
    return all(
        _ends_with_pixels(frame, group, decoded, decode)
        for group in (checked[n::groups] for n in range(min(groups, len(checked))))
    )


def _ends_with_pixels(
    frame: bytes, scans: list[_Scan], decoded: Pixels, decode: Callable[[bytes], Pixels]
) -> bool:
    """Whether other bytes at the end of the scans, or of each restart interval, change pixels."""
    lengths = sorted({_LEFT_OUT, max(scan.left_out for scan in scans)})
    changed: NDArray[np.bool_] | None = None
    for filler, left_out in product(_FILLERS, lengths):
        differs = decoded != decode(_with_ends(frame, scans, filler, left_out))
        found = _of_intervals(scans, differs.any(axis=2) if differs.ndim == 3 else differs)
        changed = found if changed is None else changed | found
        if changed.all():
            return True
    return False


def _with_ends(frame: bytes, scans: Collection[_Scan], filler: bytes, left_out: int) -> bytes:
    """Put a filler in place of the last bytes of each interval of some scans."""
    kept, at = [], 0
    for scan in scans:
        kept.append(frame[at : scan.start])
        parts = _RESTART.split(frame[scan.start : scan.end])
        # Each second one is a marker.
        parts[::2] = (_without_last(part, left_out) + filler for part in parts[::2])
        kept += parts
        at = scan.end
    return b"".join([*kept, frame[at:]])


def _without_last(data: bytes, count: int) -> bytes:
    """Leave the last bytes out, but for fill bytes, and no half of a stuffed byte in."""
    used = len(data.rstrip(b"\xff"))
    return data[: max(0, used - count)].rstrip(b"\xff")


def _of_intervals(scans: list[_Scan], differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each restart interval of a scan whether any of its pixels differs."""
    scan = scans[0]
    if len(scans) > 1 or not scan.interval:
        return np.array([differs.any()])
    rows, columns = differs.shape
    padded = np.pad(differs, ((0, -rows % scan.height), (0, -columns % scan.width)))
    shape = (-1, scan.height, padded.shape[1] // scan.width, scan.width)
    units = padded.reshape(shape).any(axis=(1, 3)).ravel()
    return np.logical_or.reduceat(units, np.arange(0, units.size, scan.interval))


def _scans(frame: bytes) -> list[_Scan]:
    """Find the scans, with their restart intervals (T.81 B.2.4.4) and coded units (A.2)."""
    scans = []
    interval, header = 0, 0
    codes: dict[int, int] = {}
    for (code, start, end), following in pairwise(segments(frame)):
        if code == _INTERVAL:
            interval = int.from_bytes(frame[start + 4 : start + 6])
        elif code == _TABLES:
            codes |= _lengths(frame[start + 4 : end])
        elif code in FRAME_HEADERS:
            header = start
        elif code == SCAN:
            is_progressive = frame[header + 1] & 3 == 2
            has_choice = _has_choice(frame[start + 5 : end - 3], codes)
            unit = _unit(frame, header, start)
            size = struct.unpack_from(">HH", frame, header + 5)
            is_beyond = max(unit) > _BLOCK and any(map(mod, size, unit))
            left_out = _LEFT_OUT_BEYOND if is_beyond else _LEFT_OUT
            scan = _Scan(end, following.start, left_out, has_choice, interval, *unit)
            scans.append(_progressive(frame, scan) if is_progressive else scan)
    return scans


def _lengths(tables: bytes) -> dict[int, int]:
    """Count the codes of each Huffman table of a segment (T.81 B.2.4.2)."""
    found, at = {}, 0
    while at < len(tables):
        found[tables[at]] = count = sum(tables[at + 1 : at + 17])
        at += 17 + count
    return found


def _has_choice(components: bytes, codes: dict[int, int]) -> bool:
    """Whether a scan's tables have two codes or more, so that other data is another picture.

    Of one colour, as the chroma of a grey picture, an encoder writes a single code.
    """
    tables = {each for by in components[1::2] for each in (by >> 4, 0x10 | by & 15)}
    return max((codes[each] for each in tables if each in codes), default=2) > 1


def _progressive(frame: bytes, scan: _Scan) -> _Scan:
    """How the end of a progressive scan is checked (T.81 G.1.2)."""
    first_coefficient, _, approximation = frame[scan.start - 3 : scan.start]
    is_refining = approximation > 0xF
    # One that refines the blocks' means has one bit for each.
    is_checked = (
        scan.is_checked
        and scan.end - scan.start >= _SHORTEST_PROGRESSIVE
        and not (is_refining and first_coefficient == 0)
    )
    left_out = _LEFT_OUT_REFINING if is_refining else _LEFT_OUT_PROGRESSIVE
    return scan._replace(left_out=left_out, is_checked=is_checked, interval=0)


def _unit(frame: bytes, header: int, scan: int) -> tuple[int, int]:
    """Rows and columns of pixels that a minimum coded unit of a scan covers."""
    count = frame[header + 9]
    factors = {
        frame[at]: (frame[at + 1] & 15 or 1, frame[at + 1] >> 4 or 1)
        for at in range(header + 10, header + 10 + 3 * count, 3)
    }
    down, across = (max(each) for each in zip(*factors.values(), strict=True))
    if frame[scan + 4] == 1:
        # Of a single component a unit is one block, whatever its factors.
        own_down, own_across = factors.get(frame[scan + 5], (1, 1))
        down, across = down // own_down, across // own_across
    size = 1 if frame[header + 1] == _LOSSLESS else _BLOCK
    return max(1, down) * size, max(1, across) * size
