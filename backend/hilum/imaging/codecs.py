"""Decoding of compressed frames to stored samples: JPEG, JPEG-LS, JPEG 2000."""

import os
from functools import partial

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from hilum.imaging.codestream import Codec, Codestream
from hilum.imaging.jpeg import decode_strictly, without_stray_bytes
from hilum.imaging.jpeg_2000_cost import check_jpeg_2000
from hilum.imaging.jpeg_ends import is_whole
from hilum.imaging.limits import DecodeLimits

Words = NDArray[np.uint8] | NDArray[np.uint16]

# A JPEG 2000 frame of eight megapixels takes seconds; its code blocks are independent.
_JPEG_2000_THREADS = min(4, os.cpu_count() or 1)


def decode_codestream(frame: bytes, codestream: Codestream, limits: DecodeLimits) -> Words:
    """Decode a frame, without any change of colour space.

    Parameters
    ----------
    frame : bytes
    codestream : Codestream
        Its header; not of RLE.

    Returns
    -------
    ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
        Two's complement where the codestream is signed.

    Raises
    ------
    ValueError, RuntimeError
        Damaged, or a part of it is missing.
    ImageTooLargeError
        It takes more to be decoded than a picture of its size.
    """
    if codestream.codec is Codec.JPEG_2000:
        check_jpeg_2000(frame, limits)
        return _unsigned(imagecodecs.jpeg2k_decode(frame, numthreads=_JPEG_2000_THREADS))
    if codestream.codec is Codec.JPEG_LS:
        return _unsigned(imagecodecs.jpegls_decode(frame))
    if codestream.precision != 8 or codestream.is_lossless:
        return _whole_jpeg(frame, codestream)
    if codestream.components == 1:
        return decode_strictly(frame, "GRAY")[:, :, 0]
    # Strict, but it changes the colour space: for its errors alone.
    decode_strictly(frame, "RGB")
    return _jpeg(frame, codestream)


def _whole_jpeg(frame: bytes, codestream: Codestream) -> Words:
    """A JPEG of a kind that libjpeg decodes without a word where its data is damaged."""
    decode = partial(_jpeg, codestream=codestream)
    frame = without_stray_bytes(frame, is_padding_kept=True)
    decoded = decode(frame)
    if not is_whole(frame, decoded, decode):
        # Zeros at the end are black pixels, or pad a scan.
        bare = without_stray_bytes(frame)
        decoded = decode(bare)
        if bare == frame or not is_whole(bare, decoded, decode):
            raise ValueError("a part of the scan is missing, or is left over")
    if decoded.max() >> codestream.precision:
        # Of a lossless one, whose differences add up to anything.
        raise ValueError("values are beyond the precision that the header names")
    return decoded


def _jpeg(frame: bytes, codestream: Codestream) -> Words:
    shape = (codestream.rows, codestream.columns)
    is_grey = codestream.components == 1
    dtype = np.uint8 if codestream.precision <= 8 else np.uint16
    # Zeros, since libjpeg leaves alone what it cannot decode.
    out = np.zeros(shape if is_grey else (*shape, 3), dtype)
    as_coded = None if is_grey else "RGB"
    return _unsigned(
        imagecodecs.jpeg8_decode(frame, colorspace=as_coded, outcolorspace=as_coded, out=out)
    )


def _unsigned(decoded: NDArray[np.integer]) -> Words:
    return decoded.view(np.uint8) if decoded.dtype.itemsize == 1 else decoded.view(np.uint16)
