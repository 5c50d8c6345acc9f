"""The single frame of an encapsulated Pixel Data element (PS3.5 A.4)."""

import struct

from hilum.errors import CorruptImageError, ImageTooLargeError, UnreadableRadiographError
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.limits import DecodeLimits

SEVERAL_FRAMES = "The DICOM file holds several frames. Send a single frontal radiograph."

_ITEM = b"\xfe\xff\x00\xe0"
_END_OF_SEQUENCE = b"\xfe\xff\xdd\xe0"
_HEADER_BYTES = 8


def is_sequence_of_items(content: memoryview) -> bool:
    """Begin these bytes with an item, as encapsulated pixels do."""
    return bytes(content[:4]) == _ITEM


def encapsulated_frame(content: memoryview, limits: DecodeLimits) -> bytes:
    """Join the fragments of the only frame.

    Parameters
    ----------
    content : memoryview
        Of the Pixel Data element: a basic offset table, then fragments.

    Returns
    -------
    bytes

    Raises
    ------
    CorruptImageError
        An item is cut short, or there is no fragment.
    UnreadableRadiographError
        The offset table points to several frames.
    """
    (table, *fragments), _ = items_of(content, limits)
    if len(table) > 4:
        raise UnreadableRadiographError(SEVERAL_FRAMES)
    if not any(map(len, fragments)):
        raise CorruptImageError(DAMAGED)
    return b"".join(fragments)


def items_of(content: memoryview, limits: DecodeLimits) -> tuple[list[memoryview], int]:
    """Part encapsulated pixels into items.

    Parameters
    ----------
    content : memoryview
        Of the Pixel Data element, and what follows it.
    limits : DecodeLimits
        Bounds how many there are.

    Returns
    -------
    list of memoryview
        A basic offset table, then fragments.
    int
        Where the element ends.

    Raises
    ------
    CorruptImageError
        An item is cut short, or there is none.
    ImageTooLargeError
        There are more than `limits` allow.
    """
    found: list[memoryview] = []
    at = 0
    # Some writers forget the end of the sequence: a frame that is whole has an end of its own.
    while at < len(content) and bytes(content[at : at + 4]) != _END_OF_SEQUENCE:
        if bytes(content[at : at + 4]) != _ITEM or at + _HEADER_BYTES > len(content):
            raise CorruptImageError(DAMAGED)
        if len(found) > limits.max_fragments:
            raise ImageTooLargeError(
                f"The DICOM file's pixels are in over {limits.max_fragments:,} parts. "
                "Send a single frontal radiograph."
            )
        (length,) = struct.unpack_from("<I", content, at + 4)
        at += _HEADER_BYTES
        if at + length > len(content):
            raise CorruptImageError(DAMAGED)
        found.append(content[at : at + length])
        at += length
    if not found:
        raise CorruptImageError(DAMAGED)
    return found, min(at + _HEADER_BYTES, len(content))
