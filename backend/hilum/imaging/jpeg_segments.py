"""Segments of a JPEG, counted before decoding (ITU-T T.81 annex B)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hilum.errors import ImageError, ImageTooLargeError
from hilum.imaging.limits import (
    MAX_METADATA_BYTES,
    MAX_SCANNED_PIXELS,
    MAX_SCANS,
    MAX_SEGMENTS,
    MAX_STRAY_BYTES,
)

# ITU T.81 B.1.1: 0xFF and a code; 0xFF 0x00 is a byte of a scan, 0xFF 0xFF a fill byte. None of
# the patterns repeats anything: in a long row of 0xFF that would take the square of its length.
MARKER = re.compile(rb"\xff[\x01-\xfe]", re.DOTALL)
MARKER_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
# A JPEG-LS encoder stuffs a bit, not a byte, after 0xFF (T.87 annex A).
MARKER_AFTER_SCAN_LS = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]", re.DOTALL)
ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
SCAN, END = 0xDA, 0xD9
_METADATA = {0xE1: b"Exif\0\0", 0xED: b"Photoshop 3.0\0"}
JPEG_LS = 0xF7
FRAME_HEADERS = frozenset({*range(0xC0, 0xD0), JPEG_LS} - {0xC4, 0xC8, 0xCC})


class Segment(NamedTuple):
    """A marker with its position and the end of its segment."""

    code: int
    start: int
    end: int


def segments(content: bytes) -> Iterator[Segment]:
    """Iterate over the segments up to the end of image, skipping stray bytes.

    Parameters
    ----------
    content : bytes

    Yields
    ------
    Segment
        Data of a scan belongs to none.

    Raises
    ------
    ImageTooLargeError
        There are more segments, more bytes that belong to none, or more metadata than in any
        picture.
    """
    at, count, stray, metadata = 2, 0, 0, 0
    pattern, after_scan = MARKER, MARKER_AFTER_SCAN
    while marker := pattern.search(content, at):
        start, code = marker.start(), content[marker.start() + 1]
        count += 1
        stray += start - at if pattern is MARKER else 0
        if count > MAX_SEGMENTS or stray > MAX_STRAY_BYTES:
            raise _too_much("segments")
        length = 0 if code in ALONE else int.from_bytes(content[start + 2 : start + 4])
        at = start + 2 + length
        if code in _METADATA and content.startswith(_METADATA[code], start + 4):
            metadata += length
            if metadata > MAX_METADATA_BYTES:
                raise _too_much("Exif data or Photoshop resources")
        yield Segment(code, start, at)
        if code == END:
            return
        if code == JPEG_LS:
            after_scan = MARKER_AFTER_SCAN_LS
        pattern = after_scan if code == SCAN else MARKER


def check_scans(content: bytes) -> list[int]:
    """Count the scans: each may have few bytes, but makes a decoder process all blocks.

    Parameters
    ----------
    content : bytes
        A JPEG or JPEG-LS; damaged ones pass.

    Returns
    -------
    list of int
        Codes of the segments.

    Raises
    ------
    ImageTooLargeError
        A decoder would go through the picture too often.
    """
    codes = []
    pixels = scans = 0
    for segment in segments(content):
        if segment.code in FRAME_HEADERS:
            at = segment.start + 5
            pixels = int.from_bytes(content[at : at + 2]) * int.from_bytes(content[at + 2 : at + 4])
        scans += segment.code == SCAN
        if scans > MAX_SCANS or scans * pixels > max(MAX_SCANNED_PIXELS, pixels):
            raise _too_much("scans")
        codes.append(segment.code)
    return codes


def _too_much(what: str) -> ImageError:
    return ImageTooLargeError(
        f"The JPEG has more {what} than any radiograph. Export it as a plain JPEG or PNG."
    )
