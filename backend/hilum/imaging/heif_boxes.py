"""Boxes of a HEIF or AVIF file, and the location of its image data."""

import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

_HEADER = struct.Struct(">I4s")
_LONG_LENGTH_BYTES = 8
_VERSION_BYTES = 4
_MOST = 10_000
"""Items and extents, together. A phone's picture of 48 megapixels has some 200 tiles."""
_CODED = (b"av01", b"hvc1", b"avc1", b"vvc1")
"""Kinds of items that are code of pixels. Others put these together, or are metadata."""


def boxes(content: bytes) -> Iterator[tuple[bytes, slice]]:
    """Kinds of the boxes and where their contents are (ISO/IEC 14496-12 4.2).

    Parameters
    ----------
    content : bytes
        A file, or the content of a box.
    """
    at = 0
    while at + _HEADER.size <= len(content):
        length, kind = _HEADER.unpack_from(content, at)
        start = at + _HEADER.size
        if length == 1:
            start += _LONG_LENGTH_BYTES
            length = int.from_bytes(content[start - _LONG_LENGTH_BYTES : start])
        # 0 is up to the file's end.
        end = at + length if length else len(content)
        if end < start:
            break
        yield kind, slice(start, end)
        at = end


def coded_pictures(meta: bytes) -> list[list[slice]]:
    """Tell where in the file the data of its coded pictures are: of tiles and thumbnails, too.

    Parameters
    ----------
    meta : bytes
        Content of the box of this name.

    Returns
    -------
    list of lists of slices
        Extents of each. Empty where the boxes do not tell, are too many or make no sense.
    """
    meta = meta[_VERSION_BYTES:]
    found = {kind: meta[span] for kind, span in islice(boxes(meta), _MOST)}
    try:
        coded = _coded_items(found.get(b"iinf", b""))
        return [spans for item, spans in _extents(found.get(b"iloc", b"")) if item in coded]
    except EOFError:
        return []


def _coded_items(infos: bytes) -> set[int]:
    """Numbers of the items that are code of pixels (ISO/IEC 14496-12 8.11.6)."""
    count_bytes = 4 if infos[:1] > b"\0" else 2
    infos = infos[_VERSION_BYTES + count_bytes :]
    coded = set()
    for kind, span in islice(boxes(infos), _MOST):
        info = BytesIO(infos[span])
        version = _number(info, 1)
        # Items have had kinds since version 2.
        if kind != b"infe" or version < 2:
            continue
        _number(info, 3)
        item = _number(info, 2 if version == 2 else 4)
        _number(info, 2)
        if info.read(4) in _CODED:
            coded.add(item)
    return coded


def _extents(locations: bytes) -> Iterator[tuple[int, list[slice]]]:
    """Items by number, and where in the file they are (ISO/IEC 14496-12 8.11.3)."""
    box = BytesIO(locations)
    version = _number(box, 1)
    _number(box, 3)
    sizes = _number(box, 2)
    offset_bytes, length_bytes, base_bytes, index_bytes = (
        sizes >> shift & 0xF for shift in (12, 8, 4, 0)
    )
    number_bytes = 2 if version < 2 else 4
    left = _MOST
    for _ in range(_number(box, number_bytes)):
        item = _number(box, number_bytes)
        # Others are in a box of the header, or are made of other items.
        is_in_file = not version or not _number(box, 2) & 0xF
        is_in_file &= not _number(box, 2)
        base = _number(box, base_bytes)
        count = _number(box, 2)
        left -= 1 + count
        if left < 0:
            raise EOFError
        spans = []
        for _ in range(count):
            _number(box, index_bytes if version else 0)
            start = base + _number(box, offset_bytes)
            length = _number(box, length_bytes)
            # 0 is all there is.
            spans.append(slice(start, start + length if length else None))
        if is_in_file:
            yield item, spans


def _number(box: BytesIO, size: int) -> int:
    found = box.read(size)
    if len(found) < size:
        raise EOFError
    return int.from_bytes(found)
