"""JPEG and JPEG-LS frames reduced to what decoders need (ITU-T T.81, T.87)."""

import re
import struct
from dataclasses import dataclass, field
from typing import Final

from hilum.deidentification.removal import Removal
from hilum.errors import CorruptImageError
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.jpeg_segments import MARKER, MARKER_AFTER_SCAN, MARKER_AFTER_SCAN_LS

_EOI, _SOS, _DQT, _DHT, _LSE = 0xD9, 0xDA, 0xDB, 0xC4, 0xF8
_APP0, _APP8, _APP14 = 0xE0, 0xE8, 0xEE
_JPEG_LS = 0xF7
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {_DHT, 0xC8, 0xCC})
_DNL, _DRI = 0xDC, 0xDD
_NUMBER_BYTES: Final = 2
_LOSSLESS = frozenset({0xC3, 0xC7, 0xCB, 0xCF, _JPEG_LS})
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
# Parameters of JPEG-LS (T.87 C.2.4.1.1); tables of colours are left out.
_PARAMETERS, _PARAMETERS_BYTES = 1, 11
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})

# The header that encoders of JPEG-LS write, and the mark of its end (T.84 annex F): left out
# without a word.
_SPIFF = re.compile(rb"SPIFF\0.{24}|\0\0\0\x01(\xff\xd8)?", re.DOTALL)

# The version, a density of 1 without a unit, and no thumbnail.
_JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"
_ADOBE_BYTES = 12
# HP's transform of colours, which decoders of JPEG-LS look for: "mrfx" and its number.
_MRFX_BYTES = 5


@dataclass
class _Tables:
    """Tables of one kind, by their identifier, and those that are already written."""

    now: dict[int, bytes] = field(default_factory=dict)
    written: dict[int, bytes] = field(default_factory=dict)

    def needed(self, marker: int, identifiers: set[int]) -> bytes:
        """Segments of those tables that are not written yet."""
        parts = []
        for each in sorted(identifiers & set(self.now)):
            if self.written.get(each) != self.now[each]:
                self.written[each] = self.now[each]
                parts.append(_segment(marker, self.now[each]))
        return b"".join(parts)


def clean_jpeg(frame: bytes, removals: set[Removal]) -> bytes:
    """Write only a frame's tables, headers and scans.

    Application segments are left out, but for those that decoders read colours by (JFIF without
    its thumbnail, Adobe's, HP's of JPEG-LS); so are comments, tables that no scan uses, fill
    bytes, and what follows the end of the image. The scans are the same bytes.

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
        A segment is cut short, or the end of the image is missing.
    """
    writer = _Writer(frame, removals)
    at = 2
    while True:
        marker, body, at = _next(frame, at)
        if marker == _EOI:
            break
        at = writer.take(marker, body, at)
    if frame[at:].strip(b"\0"):
        removals.add(Removal.AFTER_FRAME)
    return b"\xff\xd8" + b"".join(writer.parts) + b"\xff\xd9"


@dataclass
class _Writer:
    """Segments as they come, to segments as they are kept."""

    frame: bytes
    removals: set[Removal]
    parts: list[bytes] = field(default_factory=list)
    kind: int = 0
    pending: dict[int, bytes] = field(default_factory=dict)
    quantised_by: dict[int, int] = field(default_factory=dict)
    quantisation: _Tables = field(default_factory=_Tables)
    huffman: _Tables = field(default_factory=_Tables)

    def take(self, marker: int, body: bytes, at: int) -> int:
        """Take a segment that ends at `at`; return where the next begins."""
        if marker == _SOS:
            return self._scan(body, at)
        if marker in _FRAME_HEADERS:
            self._frame_header(marker, body)
        elif marker == _DQT:
            self.quantisation.now |= _quantisation_tables(body)
        elif marker == _DHT:
            self.huffman.now |= _huffman_tables(body)
        elif marker == _DNL:
            # It follows the first scan, once.
            self.parts.append(_segment(marker, body[:_NUMBER_BYTES]))
        elif marker == _DRI:
            self.pending[marker] = body[:_NUMBER_BYTES]
        elif marker == _LSE:
            if body[0] == _PARAMETERS:
                self.pending[marker] = body[:_PARAMETERS_BYTES]
        else:
            kept = _application(marker, body)
            self.parts.append(_segment(marker, kept) if kept else b"")
            if len(kept) < len(body) and not (marker == _APP8 and _SPIFF.fullmatch(body)):
                self.removals.add(Removal.FRAME_METADATA)
        return at

    def _frame_header(self, marker: int, body: bytes) -> None:
        if self.kind:
            raise CorruptImageError(DAMAGED)
        count = body[5]
        header = body[: 6 + 3 * count]
        self.quantised_by = {header[6 + 3 * n]: header[8 + 3 * n] for n in range(count)}
        self.kind = marker
        self.parts.append(_segment(marker, header))

    def _scan(self, body: bytes, at: int) -> int:
        count = body[0]
        header = body[: 4 + 2 * count]
        named = [(header[1 + 2 * n], header[2 + 2 * n]) for n in range(count)]
        if self.kind not in _LOSSLESS:
            # A component's table is read at its first scan.
            tables = {self.quantised_by.pop(each) for each, _ in named if each in self.quantised_by}
            self.parts.append(self.quantisation.needed(_DQT, tables))
        if self.kind != _JPEG_LS:
            self.parts.append(self.huffman.needed(_DHT, self._coded_by(header, named)))
        self.parts += [_segment(marker, each) for marker, each in self.pending.items()]
        self.pending.clear()
        end = (MARKER_AFTER_SCAN_LS if self.kind == _JPEG_LS else MARKER_AFTER_SCAN).search(
            self.frame, at
        )
        if end is None:
            raise CorruptImageError(DAMAGED)
        self.parts += [_segment(_SOS, header), self.frame[at : end.start()].rstrip(b"\xff")]
        return end.start()

    def _coded_by(self, header: bytes, named: list[tuple[int, int]]) -> set[int]:
        """Class and identifier of the Huffman tables that a scan is coded by (T.81 B.2.3, G.1)."""
        direct = {ids >> 4 for _, ids in named}
        alternating = {0x10 | ids & 0xF for _, ids in named}
        if self.kind in _LOSSLESS:
            return direct
        if self.kind not in _PROGRESSIVE:
            return direct | alternating
        first, refined = header[-3], header[-1] >> 4
        if first:
            return alternating
        return set() if refined else direct


def _next(frame: bytes, at: int) -> tuple[int, bytes, int]:
    """Return the next marker, the content of its segment, and the end of it."""
    while True:
        # Some writers leave stray bytes between segments.
        found = MARKER.search(frame, at)
        if found is None:
            raise CorruptImageError(DAMAGED)
        marker, at = found[0][1], found.end()
        if marker == _EOI:
            return marker, b"", at
        if marker not in _ALONE:
            break
    length = struct.unpack_from(">H", frame, at)[0]
    if length < 2 or at + length > len(frame):
        raise CorruptImageError(DAMAGED)
    return marker, frame[at + 2 : at + length], at + length


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _application(marker: int, body: bytes) -> bytes:
    """Content of an application segment that decoders read; empty if none."""
    if marker == _APP0 and body.startswith(_JFIF[:5]) and len(body) >= len(_JFIF):
        return _JFIF
    if marker == _APP14 and body.startswith(b"Adobe") and len(body) >= _ADOBE_BYTES:
        # Of its fields only the colour transform, its last, is read.
        return b"Adobe\0\x64\0\0\0\0" + body[_ADOBE_BYTES - 1 : _ADOBE_BYTES]
    if marker == _APP8 and body.startswith(b"mrfx") and len(body) >= _MRFX_BYTES:
        return body[:_MRFX_BYTES]
    return b""


def _quantisation_tables(body: bytes) -> dict[int, bytes]:
    """Tables of 64 numbers, of one byte or two (T.81 B.2.4.1), by identifier."""
    found, at = {}, 0
    while at < len(body):
        size = 1 + (128 if body[at] >> 4 else 64)
        found[body[at] & 0xF] = body[at : at + size]
        at += size
    return found


def _huffman_tables(body: bytes) -> dict[int, bytes]:
    """Counts of codes of each length, and their values (T.81 B.2.4.2), by class and identifier."""
    found, at = {}, 0
    while at + 17 <= len(body):
        size = 17 + sum(body[at + 1 : at + 17])
        found[body[at]] = body[at : at + size]
        at += size
    return found
