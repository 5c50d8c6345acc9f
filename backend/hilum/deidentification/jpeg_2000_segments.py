"""Segments of a JPEG 2000 header that decoders need, each once and in minimal length."""

import struct
from dataclasses import dataclass, field
from typing import Self

from hilum.errors import CorruptImageError
from hilum.imaging.dicom.damage import DAMAGED

_SIZ, _CAP, _COD, _COC, _QCD, _QCC, _RGN, _POC = (
    *(0xFF51, 0xFF50, 0xFF52, 0xFF53, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF5F),
)
# Headers of packets, apart from them: not of DICOM (PS3.5 A.4.4), and of any length.
_PACKED = frozenset({0xFF60, 0xFF61})
_SIZE_BYTES, _COMPONENT_BYTES = 36, 3
_HAS_PRECINCTS = 1
_STYLE_BYTES = 5
_HIGH_THROUGHPUT = 1 << 17
_MOST_LEVELS = 32
_MOST_PROGRESSIONS = 4
# With more components, two bytes number one.
_NUMBERED_BY_BYTE = 256


@dataclass
class Parameters:
    """Segments of the main header, or of a tile-part's.

    Attributes
    ----------
    levels : int
        The most that a wavelet is taken to.
    segments : dict
        By marker and component: the last of each holds (T.800 A.6).
    """

    components: int = 0
    levels: int = 0
    segments: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def of_tile(self) -> Self:
        """Those of a tile-part, without segments yet."""
        return type(self)(self.components, self.levels)

    def take(self, marker: int, body: bytes) -> bool:
        """Take what decoders need of a segment.

        Parameters
        ----------
        body : bytes

        Returns
        -------
        bool
            Whether it is kept whole.

        Raises
        ------
        CorruptImageError
            It is cut short, makes no sense, or holds headers of packets.
        """
        if marker in _PACKED:
            raise CorruptImageError(DAMAGED)
        try:
            component, kept = self._needed(marker, body)
        except (IndexError, struct.error) as exc:
            raise CorruptImageError(DAMAGED) from exc
        if kept:
            self.segments[marker, component] = kept
        return len(kept) == len(body)

    def written(self) -> bytes:
        """Encode the segments."""
        return b"".join(
            struct.pack(">HH", marker, len(body) + 2) + body
            for (marker, _), body in self.segments.items()
        )

    def _needed(self, marker: int, body: bytes) -> tuple[int, bytes]:
        """Component, and the needed part of the body; empty if none."""
        if marker == _SIZ:
            self.components = struct.unpack_from(">H", body, _SIZE_BYTES - 2)[0]
            return 0, body[: _SIZE_BYTES + _COMPONENT_BYTES * self.components]
        if marker == _CAP:
            return 0, _capabilities(body)
        if marker == _COD:
            return 0, body[: 5 + self._style_bytes(body[0], body[5])]
        if marker == _QCD:
            return 0, body[: self._quantisation_bytes(body[0])]
        if marker == _POC:
            return 0, self._progressions(body)
        if marker not in (_COC, _QCC, _RGN):
            return 0, b""
        at = 1 if self.components <= _NUMBERED_BY_BYTE else 2
        component = int.from_bytes(body[:at], "big")
        if component >= self.components:
            return 0, b""
        if marker == _COC:
            return component, body[: at + 1 + self._style_bytes(body[at], body[at + 1])]
        size = self._quantisation_bytes(body[at]) if marker == _QCC else 2
        return component, body[: at + size]

    def _style_bytes(self, style: int, levels: int) -> int:
        """Length of the parameters of a coding style (T.800 A.6.1)."""
        if levels > _MOST_LEVELS:
            raise IndexError(levels)
        self.levels = max(self.levels, levels)
        return _STYLE_BYTES + (levels + 1 if style & _HAS_PRECINCTS else 0)

    def _quantisation_bytes(self, quantisation: int) -> int:
        """Length of a quantisation (T.800 A.6.4)."""
        bands = 3 * self.levels + 1
        return 1 + {0: bands, 1: 2, 2: 2 * bands}.get(quantisation & 0x1F, 0)

    def _progressions(self, body: bytes) -> bytes:
        """Changes of the order of progression, which are within bounds (T.800 A.6.6)."""
        layout = struct.Struct(">BBHBBB" if self.components <= _NUMBERED_BY_BYTE else ">BHHBHB")
        kept = body[: len(body) // layout.size * layout.size]
        for first, _, _, last, _, order in layout.iter_unpack(kept):
            if not first < last <= _MOST_LEVELS + 1 or order > _MOST_PROGRESSIONS:
                raise IndexError(order)
        return kept


def _capabilities(body: bytes) -> bytes:
    """Those of high throughput, of all (T.814 A.3)."""
    parts = struct.unpack_from(">I", body)[0]
    if not parts & _HIGH_THROUGHPUT:
        return b""
    # Two bytes for each part that is named, from the highest bit on.
    before = (parts >> 18).bit_count()
    return struct.pack(">I", _HIGH_THROUGHPUT) + body[4 + 2 * before : 6 + 2 * before]
