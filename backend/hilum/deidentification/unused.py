"""Bytes at the end of a compressed frame's data that no pixel needs."""

import itertools
import struct

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
    limits : DecodeLimits
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
        The frame cannot be decoded. Decoders of JPEG-LS, and of JPEGs of eight bits, refuse data
        that they do not need.
    """
    pixels = codestream.rows * codestream.columns
    limits.check_pixels(codestream.rows, codestream.columns)
    words = decode_codestream(frame, codestream, limits)
    if codestream.codec is Codec.JPEG_LS or (
        codestream.codec is Codec.JPEG and codestream.precision == 8 and not codestream.is_lossless
    ):
        return frame
    shorten = shortened_jpeg_2000 if codestream.codec is Codec.JPEG_2000 else _shortened_jpeg

    decodings = itertools.count(2)

    def is_unused(count: int) -> bool:
        if next(decodings) * pixels > _MOST_DECODED * limits.max_pixels:
            raise ImageTooLargeError(_TOO_LONG)
        try:
            found = decode_codestream(shorten(frame, count), codestream, limits)
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
    return shorten(frame, low)


def _shortened_jpeg(frame: bytes, count: int) -> bytes:
    """Leave out the last bytes of the last scan."""
    end = len(frame) - len(_END) - count
    if end <= 0 or frame[end - 1 : end] == b"\xff":
        raise struct.error("there is no scan, or a stuffed byte is parted")
    return frame[:end] + _END
