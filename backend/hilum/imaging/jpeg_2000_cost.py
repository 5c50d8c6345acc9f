"""Memory and time for decoding a JPEG 2000, from its headers (ITU-T T.800 annex A, B).

A few bytes can claim tiles, code-blocks and packets by the million, for each of which a decoder
takes memory before it looks for their data.
"""

import struct
from dataclasses import dataclass

from hilum.errors import ImageTooLargeError
from hilum.imaging.limits import MAX_CODE_BLOCKS, MAX_PACKETS, MAX_TILES, DecodeLimits

_START = b"\xff\x4f\xff\x51"
_COD, _COC, _SOT, _SOD, _EOC = 0xFF52, 0xFF53, 0xFF90, 0xFF93, 0xFFD9
_LOWEST = 0xFF00
_END = b"\xff\xd9"
_CODESTREAM = b"jp2c"
_BOX_HEADER_BYTES = 8
_TILE_PART_BYTES = 12
_HAS_PRECINCTS = 1
_MOST_LEVELS = 32
_WIDEST_PRECINCT = 15
_NUMBERED_BY_BYTE = 256
_MOST_SEGMENTS = 50_000
"""A tile may come in a part for each resolution."""
_MOST_ZEROS = 64
"""Bytes at the end of a tile-part beside those of empty packets, which are a zero each (B.10.3)."""


@dataclass
class _Size:
    """Of the picture and its tiles (T.800 A.5.1, B.3)."""

    columns: int
    rows: int
    left: int
    top: int
    tile_columns: int
    tile_rows: int
    tiles_left: int
    tiles_top: int
    components: int

    @property
    def samples(self) -> int:
        return max(0, (self.columns - self.left) * (self.rows - self.top)) * self.components

    @property
    def tiles(self) -> int:
        across = -(-(self.columns - self.tiles_left) // self.tile_columns)
        return across * -(-(self.rows - self.tiles_top) // self.tile_rows)


@dataclass
class _Styles:
    """The most that coding styles make of it: of the picture, its tiles, its components (A.6.1)."""

    size: _Size
    segments: int = 0
    layers: int = 1
    blocks: int = 0
    precincts: int = 0

    def take(self, style: int, body: bytes) -> None:
        levels, width, height = body[0], (body[1] & 0xF) + 2, (body[2] & 0xF) + 2
        if levels > _MOST_LEVELS:
            raise ValueError("more resolutions than there can be")
        sizes = [(_WIDEST_PRECINCT, _WIDEST_PRECINCT)] * (levels + 1)
        if style & _HAS_PRECINCTS:
            sizes = [(each & 0xF, each >> 4) for each in body[5 : 6 + levels]]
        # Each resolution of a tile has one at least.
        blocks = precincts = self.size.tiles * self.size.components * (levels + 1)
        for halvings, (across, down) in enumerate(reversed(sizes)):
            samples = self.size.samples >> 2 * halvings
            precincts += samples >> across + down
            # A code-block is in one precinct of a band, which is half as wide as the resolution's.
            blocks += samples >> min(width, max(0, across - 1)) + min(height, max(0, down - 1))
        self.blocks, self.precincts = max(self.blocks, blocks), max(self.precincts, precincts)


def check_jpeg_2000(content: bytes, limits: DecodeLimits) -> None:
    """Raise where a JPEG 2000 takes too much to be decoded, or lacks a tile or its data.

    Parameters
    ----------
    content : bytes
        A codestream, or a file around one.
    limits : DecodeLimits
        `max_pixels` bounds the samples of all components, which take a decoder 7 bytes each.

    Raises
    ------
    ImageTooLargeError
        Over the limits.
    ValueError, struct.error, IndexError
        The headers make no sense, or there is a tile that no data is of: decoders leave it black.
        Or zeros are in place of data: decoders take each for a packet that is empty.
    """
    at = codestream_start(content)
    size = _Size(*struct.unpack_from(">IIIIIIIIH", content, at + 8))
    if not (size.tile_columns and size.tile_rows and size.components):
        raise ValueError("a size of zero")
    rows, columns = size.rows - size.top, size.columns - size.left
    limits.check_pixels(rows, columns)
    _check(rows * columns * size.components, limits.max_pixels, "values in its pixels")
    _check(size.tiles, MAX_TILES, "tiles")
    styles = _Styles(size)
    at = _take_segments(content, at + 2, styles)
    found, zeros = set(), 0
    while at + 2 <= len(content) and _marker(content, at) == _SOT:
        index, length = struct.unpack_from(">HI", content, at + 4)
        found.add(index)
        data = _take_segments(content, at + _TILE_PART_BYTES, styles)
        if 0 < length < _TILE_PART_BYTES:
            raise ValueError("a tile-part is shorter than its header")
        end = at + length if length else len(content)
        zeros = max(zeros, _zeros_at_end(content[data:end]))
        if length == 0:
            break
        at = end
    if found != set(range(size.tiles)):
        raise ValueError("there is a tile without data")
    _check(styles.blocks, MAX_CODE_BLOCKS, "code-blocks")
    _check(styles.precincts * styles.layers, MAX_PACKETS, "packets")
    if zeros > styles.precincts * styles.layers + _MOST_ZEROS:
        raise ValueError("zeros are in place of data")


def _zeros_at_end(tile_part: bytes) -> int:
    data = tile_part.removesuffix(_END)
    return len(data) - len(data.rstrip(b"\0"))


def codestream_start(content: bytes) -> int:
    """Find the codestream: it is the file, or its box of that name (T.800 I.4).

    Parameters
    ----------
    content : bytes

    Raises
    ------
    ValueError, struct.error
        There is none.
    """
    at = 0
    for _ in range(_MOST_SEGMENTS):
        if content.startswith(_START, at):
            return at
        length, kind = struct.unpack_from(">I4s", content, at)
        head = _BOX_HEADER_BYTES
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, at + head)
            head += 8
        if kind != _CODESTREAM and length < head:
            break
        at += head if kind == _CODESTREAM else length
    raise ValueError("there is no codestream")


def _take_segments(content: bytes, at: int, styles: _Styles) -> int:
    """Read the coding styles of a header; return the end of it."""
    while (marker := _marker(content, at)) not in (_SOT, _SOD, _EOC):
        styles.segments += 1
        _check(styles.segments, _MOST_SEGMENTS, "segments")
        if marker < _LOWEST:
            raise ValueError("no marker where one has to be")
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if marker == _COD:
            styles.layers = max(styles.layers, *struct.unpack_from(">H", body, 2))
            styles.take(body[0], body[5:])
        elif marker == _COC:
            skipped = 1 if styles.size.components <= _NUMBERED_BY_BYTE else 2
            styles.take(body[skipped], body[skipped + 1 :])
        at += 2 + max(length, 2)
    styles.segments += 1
    return at


def _marker(content: bytes, at: int) -> int:
    found: int = struct.unpack_from(">H", content, at)[0]
    return found


def _check(count: int, most: int, what: str) -> None:
    if count > most:
        raise ImageTooLargeError(
            f"The JPEG 2000 has over {most:,} {what}. Export it in grey, as PNG or with larger "
            "tiles and code-blocks."
        )
