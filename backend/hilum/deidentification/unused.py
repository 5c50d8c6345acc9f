"""Unused bytes at the end of a JPEG 2000 frame."""

import itertools

import numpy as np

from hilum.deidentification.jpeg_2000 import shortened_jpeg_2000
from hilum.deidentification.removal import Removal
from hilum.errors import ImageTooLargeError
from hilum.imaging.codecs import decode_codestream
from hilum.imaging.codestream import Codec, Codestream
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.limits import DecodeLimits

_END = b"\xff\xd9"
# Encoders end with a few bits of padding, and some with a byte.
_FEW_BYTES = 4
_MOST_DECODED = 2
"""Times the most pixels of a picture that may be decoded to find what is needed of one."""
_TOO_LONG = (
    "The picture's data goes on after what its pixels need, and the picture is too large to find "
    "out from where on. Export it again, uncompressed or with another program."
)


def without_unused_end(
    frame: bytes, codestream: Codestream, limits: DecodeLimits, removals: set[Removal]
) -> bytes:
    """Decode a frame, and drop the end of its data where the pixels are the same without it.

    Parameters
    ----------
    frame : bytes
        Written anew, so that it ends with the mark of its end.
    codestream : Codestream
        Its header.
    removals : set of Removal
        Added to.

    Returns
    -------
    bytes

    Raises
    ------
    ImageTooLargeError
        Over `limits`, or too large to find the end of what is needed.
    ValueError, RuntimeError
        The frame cannot be decoded. JPEGs and JPEG-LS are refused with data that no pixel needs.
    """
    pixels = codestream.rows * codestream.columns
    limits.check_pixels(codestream.rows, codestream.columns)
    words = decode_codestream(frame, codestream, limits)
    if codestream.codec is not Codec.JPEG_2000:
        return frame

    decodings = itertools.count(2)

    def is_unused(count: int) -> bool:
        if next(decodings) * pixels > _MOST_DECODED * limits.max_pixels:
            raise ImageTooLargeError(_TOO_LONG)
        try:
            found = decode_codestream(shortened_jpeg_2000(frame, count), codestream, limits)
        except DAMAGE:
            return False
        return np.array_equal(found, words)

    if not is_unused(_FEW_BYTES):
        return frame
    low, high = _FEW_BYTES, 2 * _FEW_BYTES
    while is_unused(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_unused(middle) else (low, middle)
    if any(frame[-len(_END) - low : -len(_END)]):
        removals.add(Removal.AFTER_FRAME)
    return shortened_jpeg_2000(frame, low)
