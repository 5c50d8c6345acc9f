"""Size of a JPEG XL, read before decoding."""

import struct

_CODESTREAM = b"\xff\x0a"
_BOX_HEADER_BYTES = 8
# Ratios of width to height that stand for the width (ISO/IEC 18181-1, SizeHeader).
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_LENGTHS_BITS = (9, 13, 18, 30)
_ENOUGH_BYTES = 16


class _Bits:
    """Bits of a codestream, the lowest of a byte first."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _ENOUGH_BYTES:
            raise EOFError("the codestream ends in its header")
        self._rest = int.from_bytes(content[:_ENOUGH_BYTES], "little")

    def take(self, count: int) -> int:
        taken = self._rest & ((1 << count) - 1)
        self._rest >>= count
        return taken


def size_of_jpeg_xl(content: bytes) -> tuple[int, int]:
    """Read the size of a JPEG XL.

    Parameters
    ----------
    content : bytes
        A codestream, or a container of boxes around one.

    Returns
    -------
    tuple of int
        Rows and columns, as decoded but for a quarter turn.

    Raises
    ------
    EOFError, ValueError
        Too short, or without a codestream.
    """
    bits = _Bits(_codestream(content)[len(_CODESTREAM) :])
    is_small = bits.take(1)
    rows = _length(bits, is_small=is_small)
    ratio = bits.take(3)
    if not ratio:
        return rows, _length(bits, is_small=is_small)
    across, down = _RATIOS[ratio - 1]
    return rows, rows * across // down


def _length(bits: _Bits, *, is_small: int) -> int:
    if is_small:
        return 8 * (1 + bits.take(5))
    return 1 + bits.take(_LENGTHS_BITS[bits.take(2)])


def _codestream(content: bytes) -> bytes:
    """The codestream's first bytes: of the file, or of its first box jxlc or jxlp."""
    if content.startswith(_CODESTREAM):
        return content[: len(_CODESTREAM) + _ENOUGH_BYTES]
    at = 0
    while at + _BOX_HEADER_BYTES <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        start = at + _BOX_HEADER_BYTES
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, start)
            start += 8
        if kind in (b"jxlc", b"jxlp"):
            # A part begins with its number.
            start += 4 if kind == b"jxlp" else 0
            return content[start : start + len(_CODESTREAM) + _ENOUGH_BYTES]
        if length < start - at:
            break
        at += length
    raise ValueError("the file holds no codestream")
