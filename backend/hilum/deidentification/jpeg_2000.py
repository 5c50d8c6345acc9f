"""JPEG 2000 codestreams reduced to what decoders need (ITU-T T.800 annex A, T.814)."""

import re
import struct

from hilum.deidentification.jpeg_2000_segments import Parameters
from hilum.deidentification.removal import Removal
from hilum.errors import CorruptImageError
from hilum.imaging.dicom.damage import DAMAGED

_START, _SIZE = b"\xff\x4f", 0xFF51
_SOT, _SOD, _EOC = 0xFF90, 0xFF93, 0xFFD9
# Lengths of tiles and packets, which help to jump and would be wrong now.
_POINTERS = frozenset({0xFF55, 0xFF57, 0xFF58})
_TILE_PART_BYTES = 12
_COMMENT = 0xFF64
# What encoders write of themselves is left out without a word.
_ENCODER = re.compile(
    rb"..(Created by OpenJPEG version|OpenJPH Ver|Kakadu-v) ?[0-9.]+\0?", re.DOTALL
)


def clean_jpeg_2000(frame: bytes, removals: set[Removal]) -> bytes:
    """Write only a codestream's headers and tile-parts.

    Comments, pointers, unknown segments and what follows the end are left out, and so are the
    boxes of a JP2 file, which DICOM does not allow around a codestream (PS3.5 A.4.4).

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
        A segment or a tile-part is cut short, or packet headers are packed.
    """
    start = frame.find(_START + struct.pack(">H", _SIZE))
    if start:
        removals.add(Removal.FRAME_METADATA)
    parameters = Parameters()
    header, at = _segments(frame, start + 2, parameters, removals)
    parts = [_START, header]
    marker = _marker(frame, at)
    while marker == _SOT:
        length = struct.unpack_from(">I", frame, at + 6)[0]
        end = at + length if length else _end_of_last(frame, at)
        if end > len(frame):
            raise CorruptImageError(DAMAGED)
        header, data = _segments(frame[:end], at + _TILE_PART_BYTES, parameters.of_tile(), removals)
        if _marker(frame, data) != _SOD:
            raise CorruptImageError(DAMAGED)
        rest = header + frame[data:end]
        index, part, count = struct.unpack_from(">H4xBB", frame, at + 4)
        size = _TILE_PART_BYTES + len(rest)
        parts.append(struct.pack(">HHHIBB", _SOT, 10, index, size, part, count) + rest)
        at = end
        # Some writers leave the end out.
        marker = _marker(frame, at) if at + 2 <= len(frame) else _EOC
    if marker != _EOC or len(parts) < 3:
        raise CorruptImageError(DAMAGED)
    if frame[at + 2 :].strip(b"\0"):
        removals.add(Removal.AFTER_FRAME)
    return b"".join(parts) + struct.pack(">H", _EOC)


def shortened_jpeg_2000(frame: bytes, count: int) -> bytes:
    """Leave out the last bytes of the last tile-part.

    Parameters
    ----------
    frame : bytes
        As `clean_jpeg_2000` writes it.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        The tile-part has fewer bytes.
    """
    _, at = _segments(frame, len(_START), Parameters(), set())
    while True:
        length = struct.unpack_from(">I", frame, at + 6)[0]
        if _marker(frame, at + length) == _EOC:
            break
        at += length
    if length - count < _TILE_PART_BYTES + len(_START):
        raise ValueError("the tile-part has fewer bytes")
    end = at + length - count
    shortened = frame[: at + 6] + struct.pack(">I", length - count) + frame[at + 10 : end]
    return shortened + struct.pack(">H", _EOC)


def _segments(
    frame: bytes, at: int, parameters: Parameters, removals: set[Removal]
) -> tuple[bytes, int]:
    """Segments of a header to keep, and the end of the header."""
    while (marker := _marker(frame, at)) not in (_SOT, _SOD, _EOC):
        length = struct.unpack_from(">H", frame, at + 2)[0]
        if marker < 0xFF00 or length < 2 or at + 2 + length > len(frame):
            raise CorruptImageError(DAMAGED)
        is_taken = parameters.take(marker, frame[at + 4 : at + 2 + length])
        is_nothing_hidden = marker in _POINTERS or (
            marker == _COMMENT and _ENCODER.fullmatch(frame, at + 4, at + 2 + length)
        )
        if not is_taken and not is_nothing_hidden:
            removals.add(Removal.FRAME_METADATA)
        at += 2 + length
    return parameters.written(), at


def _marker(frame: bytes, at: int) -> int:
    found: int = struct.unpack_from(">H", frame, at)[0]
    return found


def _end_of_last(frame: bytes, at: int) -> int:
    """End of a tile-part without a length: the last, up to the end of the codestream."""
    end = frame.find(struct.pack(">H", _EOC), at)
    return len(frame) if end < 0 else end
