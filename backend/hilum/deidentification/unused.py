"""Bytes at the end of a compressed frame's data that no pixel needs."""

import struct
from collections.abc import Callable

import numpy as np

from hilum.deidentification.jpeg_2000 import shortened_jpeg_2000
from hilum.deidentification.removal import Removal
from hilum.imaging.codecs import Words, decode_codestream
from hilum.imaging.codestream import Codec, Codestream
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.limits import DecodeLimits

_END = b"\xff\xd9"
# Encoders end with a few bits of padding, and some with a byte.
_FEW_BYTES = 4


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
        Over `limits`.
    ValueError, RuntimeError
        The frame cannot be decoded. Decoders of JPEG-LS, and of JPEGs of eight bits, refuse data
        that they do not need.
    """
    if codestream.rows * codestream.columns > limits.max_pixels:
        limits.check_size(codestream.rows, codestream.columns)
    words = decode_codestream(frame, codestream)
    if codestream.codec is Codec.JPEG_LS or (
        codestream.codec is Codec.JPEG and codestream.precision == 8 and not codestream.is_lossless
    ):
        return frame
    shorten = shortened_jpeg_2000 if codestream.codec is Codec.JPEG_2000 else _shortened_jpeg

    def is_unused(count: int) -> bool:
        return _decodes_to(words, frame, codestream, shorten, count)

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


def _decodes_to(
    words: Words,
    frame: bytes,
    codestream: Codestream,
    shorten: Callable[[bytes, int], bytes],
    count: int,
) -> bool:
    try:
        return np.array_equal(decode_codestream(shorten(frame, count), codestream), words)
    except DAMAGE:
        return False


def _shortened_jpeg(frame: bytes, count: int) -> bytes:
    """Leave out the last bytes of the last scan."""
    end = len(frame) - len(_END) - count
    if end <= 0 or frame[end - 1 : end] == b"\xff":
        raise struct.error("there is no scan, or a stuffed byte is parted")
    return frame[:end] + _END
