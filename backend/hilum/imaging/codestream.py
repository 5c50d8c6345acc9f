"""Header of a compressed frame, read before decoding.

A frame is known by its first bytes, not by the transfer syntax, which some writers get wrong.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum

from hilum.errors import UnsupportedFormatError
from hilum.imaging.jpeg_2000_cost import codestream_start
from hilum.imaging.jpeg_segments import check_scans


class Codec(StrEnum):
    """The ways to compress a frame."""

    JPEG = "JPEG"
    JPEG_LS = "JPEG-LS"
    JPEG_2000 = "JPEG 2000"
    RLE = "RLE"


@dataclass(frozen=True, slots=True)
class Codestream:
    """A frame's own header.

    Attributes
    ----------
    rows, columns, components : int
        Zero for RLE, whose header has none but the number of segments.
    precision : int
        Bits of a value.
    is_lossless : bool
        Of JPEG: the process is that without a cosine transform.
    is_rgb : bool or None
        The components decode to red, green and blue (or to luminance and chrominance) whatever
        the data set says; None where the data set has to say it.
    segments : int
        Of RLE: bytes of a pixel.
    """

    codec: Codec
    rows: int = 0
    columns: int = 0
    components: int = 0
    precision: int = 0
    is_signed: bool = False
    is_lossless: bool = False
    is_rgb: bool | None = None
    segments: int = 0


_DAMAGED = "the codestream ends early, or its header makes no sense"

_JPEG = b"\xff\xd8"
_J2K = b"\xff\x4f\xff\x51"
_JP2 = b"\x00\x00\x00\x0cjP  "
_RLE_HEADER_BYTES = 64
_MAX_RLE_SEGMENTS = 15

# Markers of ITU-T T.81 table B.1 and T.87 annex C.
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
_HUFFMAN_SEQUENTIAL_PROGRESSIVE = frozenset({0xC0, 0xC1, 0xC2})
_LOSSLESS = 0xC3
_JPEG_LS = 0xF7
_APP0, _APP14 = 0xE0, 0xEE
_SOS, _EOI = 0xDA, 0xD9
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_LOWEST = 0xC0
"""Markers under it have no meaning."""

# Markers of ITU-T T.800 table A.2.
_COD, _SOT = 0xFF52, 0xFF90


def read_codestream(frame: bytes, *, may_have_opacity: bool = False) -> Codestream:
    """Read a compressed frame's header.

    Parameters
    ----------
    frame : bytes
    may_have_opacity : bool
        Of a JPEG 2000: a further component beside grey or three colours is taken.

    Raises
    ------
    ValueError, IndexError, struct.error
        No known header, or one that is cut short or whose data is.
    UnsupportedFormatError
        A process of JPEG, or a kind of JPEG 2000, that no codec here decodes.
    """
    if frame.startswith(_JPEG):
        return _jpeg(frame)
    if frame.startswith((_J2K, _JP2)):
        return _jpeg_2000(frame, may_have_opacity=may_have_opacity)
    return _rle(frame)


def _jpeg(frame: bytes) -> Codestream:
    """Tables and frame header up to the first scan (T.81 B.2.2)."""
    codes = check_scans(frame)
    found: Codestream | None = None
    is_rgb: bool | None = None
    at = 2
    while True:
        marker, at = _marker(frame, at)
        if marker in _BARE:
            continue
        length = struct.unpack_from(">H", frame, at)[0]
        if marker == _SOS and found:
            break
        if marker in (_SOS, _EOI):
            raise ValueError(_DAMAGED)
        body = frame[at + 2 : at + length]
        if marker in _FRAME_HEADERS:
            found = _jpeg_frame_header(marker, body)
        elif marker == _APP0 and body.startswith(b"JFIF"):
            is_rgb = False
        elif marker == _APP14 and body.startswith(b"Adobe"):
            is_rgb = body[11] == 0
        at += length
    # libjpeg would fill in silently what is missing; CharLS 2.4 would count to two to the
    # thirty-second.
    if codes[-1] != _EOI or min(codes[codes.index(_SOS) :]) < _LOWEST:
        raise ValueError(_DAMAGED)
    is_jpeg_ls = found.codec is Codec.JPEG_LS
    if found.components == 1 or is_jpeg_ls or found.is_lossless:
        return found
    colour = found.is_rgb if is_rgb is None else is_rgb
    return Codestream(Codec.JPEG, found.rows, found.columns, 3, found.precision, is_rgb=colour)


def _marker(frame: bytes, at: int) -> tuple[int, int]:
    """Return the next marker and the end of it, after fill bytes."""
    if frame[at] != 0xFF:
        raise ValueError(_DAMAGED)
    while frame[at] == 0xFF:
        at += 1
    return frame[at], at + 1


def _jpeg_frame_header(marker: int, body: bytes) -> Codestream:
    """Precision, lines, samples a line, components (T.81 B.2.2)."""
    precision, rows, columns, components = struct.unpack_from(">BHHB", body)
    _check_components(components, precision)
    sampling = {body[7 + 3 * n] for n in range(components)}
    if marker == _JPEG_LS:
        return Codestream(Codec.JPEG_LS, rows, columns, components, precision)
    if marker != _LOSSLESS and marker not in _HUFFMAN_SEQUENTIAL_PROGRESSIVE:
        raise UnsupportedFormatError(
            "The picture is compressed by a process of JPEG (hierarchical or arithmetic) that "
            "the standard has retired. Export it uncompressed, as JPEG or as JPEG 2000."
        )
    # Chrominance alone is ever stored at fewer points.
    is_rgb = False if len(sampling) > 1 else None
    is_lossless = marker == _LOSSLESS
    return Codestream(
        Codec.JPEG, rows, columns, components, precision, is_lossless=is_lossless, is_rgb=is_rgb
    )


def _jpeg_2000(frame: bytes, *, may_have_opacity: bool) -> Codestream:
    """Image and tile size, and whether components were transformed (T.800 A.5.1, A.6.1)."""
    at = codestream_start(frame) + 4
    length, _, columns, rows, left, top = struct.unpack_from(">HHIIII", frame, at)
    components = struct.unpack_from(">H", frame, at + 36)[0]
    sizes = [struct.unpack_from(">BBB", frame, at + 38 + 3 * n) for n in range(min(components, 3))]
    precision, is_signed = (sizes[0][0] & 0x7F) + 1, bool(sizes[0][0] & 0x80) if sizes else False
    has_opacity = may_have_opacity and components in (2, 4)
    _check_components(components - has_opacity, precision)
    if any(size != (sizes[0][0], 1, 1) for size in sizes) or columns <= left or rows <= top:
        raise ValueError(_DAMAGED)
    at += length
    is_transformed = False
    while True:
        marker, length = struct.unpack_from(">HH", frame, at)
        if marker == _COD:
            is_transformed = bool(frame[at + 8])
        if marker == _SOT or marker < 0xFF00:
            break
        at += 2 + length
    return Codestream(
        Codec.JPEG_2000,
        rows - top,
        columns - left,
        components,
        precision,
        is_signed=is_signed,
        is_rgb=True if is_transformed and components == 3 else None,
    )


def _check_components(components: int, precision: int) -> None:
    if components not in (1, 3) or not 2 <= precision <= 16:
        raise UnsupportedFormatError(
            "The compressed picture is neither grey nor of three colours with 2 to "
            "16 bits. Export it in grey with 8 to 16 bits."
        )


def _rle(frame: bytes) -> Codestream:
    """Count of segments, and that they begin after the header (PS3.5 G.5)."""
    segments, first = struct.unpack_from("<II", frame)
    if not 0 < segments <= _MAX_RLE_SEGMENTS or first != _RLE_HEADER_BYTES:
        raise ValueError(_DAMAGED)
    return Codestream(Codec.RLE, segments=segments)
