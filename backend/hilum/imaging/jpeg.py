"""A JPEG's pixels through libjpeg-turbo: strictly, and no larger than needed."""

import re

import numpy as np
import simplejpeg
from PIL import Image

JPEG_MODES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
"""Pillow's modes of the files that `load_jpeg` decodes, and libjpeg-turbo's names for them."""

# ITU T.81 B.1.1: 0xFF and a code; 0xFF 0x00 is a byte of a scan, 0xFF 0xFF a fill byte.
_MARKER = re.compile(rb"\xff[\x01-\xfe]", re.DOTALL)
_MARKER_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_SCAN, _END = 0xDA, 0xD9


def load_jpeg(content: bytes, header: Image.Image, smallest_side_px: int) -> Image.Image:
    """Decode a JPEG of grey, YCbCr or CMYK.

    Pillow passes over what libjpeg only warns of, and returns whatever pixels come out of a
    damaged scan. Here every warning is an error, but for stray bytes between segments, which
    real devices write and which harm nothing.

    Parameters
    ----------
    content : bytes
        The whole file.
    header : Image
        The file as Pillow opened it, in one of `JPEG_MODES`; its pixels are not loaded.
    smallest_side_px : int
        No side of the result is under this, unless the file's is; 0 for full size.

    Returns
    -------
    Image
        Not turned upright.

    Raises
    ------
    ValueError
        Truncated or damaged.
    """
    try:
        return _decoded(content, header.mode, smallest_side_px)
    except ValueError as exc:
        # The first warning ends the decoding: what else is wrong shows without the stray bytes.
        if "extraneous bytes" not in str(exc):
            raise
        return _decoded(without_stray_bytes(content), header.mode, smallest_side_px)


def without_stray_bytes(content: bytes) -> bytes:
    """Drop what belongs to no segment, and zeros that pad a scan.

    Parameters
    ----------
    content : bytes
        A JPEG file; what is damaged otherwise stays damaged.

    Returns
    -------
    bytes
    """
    kept = [content[:2]]
    at = 2
    while marker := _MARKER.search(content, at):
        start, code = marker.start(), content[marker.start() + 1]
        if code == _END:
            return b"".join((*kept, content[start:]))
        length = 0 if code in _ALONE else int.from_bytes(content[start + 2 : start + 4])
        at = start + 2 + length
        kept.append(content[start:at])
        if code == _SCAN:
            end = _MARKER_AFTER_SCAN.search(content, at)
            scan = content[at : end.start() if end else len(content)]
            at += len(scan)
            kept.append(_without_padding(scan))
    return b"".join(kept)


def _without_padding(scan: bytes) -> bytes:
    bare = scan.rstrip(b"\0")
    # After 0xFF a zero is the scan's own.
    return scan[: len(bare) + 1] if bare.endswith(b"\xff") else bare


def _decoded(content: bytes, mode: str, smallest_side_px: int) -> Image.Image:
    pixels = simplejpeg.decode_jpeg(
        content,
        JPEG_MODES[mode],
        strict=True,
        min_height=smallest_side_px,
        min_width=smallest_side_px,
    )
    if mode == "CMYK":
        # As Adobe writes it, and as Pillow takes all of them to be: 255 is no ink.
        return Image.fromarray(np.uint8(255) - pixels, "CMYK")
    return Image.fromarray(pixels[:, :, 0] if mode == "L" else pixels)
