"""Transfer syntax of a compressed frame, determined from the frame itself."""

import struct

from hilum.errors import CorruptImageError
from hilum.imaging.codestream import Codec, Codestream
from hilum.imaging.dicom.damage import DAMAGED

_PREFIX = "1.2.840.10008.1.2."
# Transfer syntaxes that frames of each kind may have (PS3.5 10, PS3.6 table A-1).
_JPEG_KINDS = {0xC0: ("4.50", "4.51"), 0xC1: ("4.51",), 0xC2: ("4.55",)}
_JPEG_LOSSLESS = ("4.70", "4.57")
_JPEG_LS = ("4.80", "4.81")
_JPEG_2000 = ("4.90", "4.91")
_HIGH_THROUGHPUT = ("4.201", "4.202", "4.203")
_RLE = "5"

_SOS, _CAP, _COD, _SOT = 0xDA, 0xFF50, 0xFF52, 0xFF90
_REVERSIBLE = 1


def syntax_of(frame: bytes, codestream: Codestream, named: str) -> str:
    """Name the transfer syntax of a frame.

    Parameters
    ----------
    frame : bytes
    codestream : Codestream
        Its header.
    named : str
        What the file names, or an empty string.

    Returns
    -------
    str
        `named`, where the frame can be of it.
    """
    if codestream.codec is Codec.RLE:
        return _PREFIX + _RLE
    if codestream.codec is Codec.JPEG_2000:
        kinds = _jpeg_2000(frame)
    elif codestream.codec is Codec.JPEG_LS:
        near = _scan_header(frame)[-3]
        kinds = _JPEG_LS[1:] if near else _JPEG_LS
    elif codestream.is_lossless:
        predictor = _scan_header(frame)[-3]
        kinds = _JPEG_LOSSLESS if predictor == 1 else _JPEG_LOSSLESS[1:]
    else:
        kinds = _JPEG_KINDS[_frame_marker(frame)]
    allowed = [_PREFIX + kind for kind in kinds]
    return named if named in allowed else allowed[0]


def _jpeg_2000(frame: bytes) -> tuple[str, ...]:
    """By the capabilities and the wavelet in the main header (T.800 A.5.2, A.6.1)."""
    at = frame.index(b"\xff\x4f\xff\x51") + 2
    has_capabilities = is_reversible = False
    while True:
        marker, length = struct.unpack_from(">HH", frame, at)
        if marker == _SOT:
            break
        has_capabilities = has_capabilities or marker == _CAP
        if marker == _COD:
            is_reversible = frame[at + 13] == _REVERSIBLE
        at += 2 + length
    if has_capabilities:
        return _HIGH_THROUGHPUT if is_reversible else _HIGH_THROUGHPUT[2:]
    return _JPEG_2000 if is_reversible else _JPEG_2000[1:]


def _jpeg_segments(frame: bytes) -> list[tuple[int, bytes]]:
    """Segments up to the first scan of a cleaned frame."""
    found, at = [], 2
    while at + 4 <= len(frame):
        marker, length = struct.unpack_from(">xBH", frame, at)
        found.append((marker, frame[at + 4 : at + 2 + length]))
        if marker == _SOS:
            return found
        at += 2 + length
    raise CorruptImageError(DAMAGED)


def _scan_header(frame: bytes) -> bytes:
    return _jpeg_segments(frame)[-1][1]


def _frame_marker(frame: bytes) -> int:
    return next(marker for marker, _ in _jpeg_segments(frame) if marker in _JPEG_KINDS)
