"""Memory and time for decoding a TIFF, from its directories."""

import struct

from hilum.errors import ImageError, ImageTooLargeError
from hilum.imaging.limits import MAX_TIFF_ENTRIES, MAX_TIFF_VALUES

# Types of one byte (TIFF 6.0 section 2), which are kept as they are: text, colour profiles.
_OF_BYTES = frozenset({1, 2, 6, 7})
_MOST_TABLES_BYTES = 1 << 16
_TILE_SLACK_PIXELS = 1 << 20


def check_directory(content: bytes, at: int) -> None:
    """Raise where a directory has more entries, or an entry more values, than in any picture.

    Parameters
    ----------
    content : bytes
        The whole file.
    at : int
        Where the directory begins.

    Raises
    ------
    ImageTooLargeError
    struct.error
        The directory is cut short.
    """
    order = ">" if content.startswith(b"M") else "<"
    is_big = b"+" in content[2:4]
    count, entry = ("Q", "HHQ8x") if is_big else ("H", "HHI4x")
    head, layout = struct.Struct(order + count), struct.Struct(order + entry)
    (entries,) = head.unpack_from(content, at)
    if entries > MAX_TIFF_ENTRIES:
        raise _too_much("entries")
    for number in range(entries):
        _, kind, values = layout.unpack_from(content, at + head.size + number * layout.size)
        if kind not in _OF_BYTES and values > MAX_TIFF_VALUES:
            raise _too_much("strips, tiles or other values")


def check_parts(
    content: bytes, pixels: int, tile_pixels: int, lengths: tuple[int, ...], tables: bytes
) -> None:
    """Raise where strips or tiles share their bytes, or a tile is larger than the picture.

    Parameters
    ----------
    content : bytes
        The whole file.
    pixels, tile_pixels : int
        Of the picture, and of a tile.
    lengths : tuple of int
        Bytes of each strip or tile.
    tables : bytes
        Of JPEG, which are read for each of them.

    Raises
    ------
    ImageTooLargeError
    """
    if sum(lengths) > 2 * len(content) or len(tables) > _MOST_TABLES_BYTES:
        raise _too_much("bytes in its strips or tiles")
    if tile_pixels > 2 * pixels + _TILE_SLACK_PIXELS:
        raise _too_much("pixels in a tile")


def _too_much(what: str) -> ImageError:
    return ImageTooLargeError(
        f"The TIFF file claims more {what} than a radiograph has. Export it again, as PNG or as a "
        "plain TIFF."
    )
