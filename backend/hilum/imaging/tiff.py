"""TIFFs that Pillow does not read correctly: high bit depths, unusual layouts, damaged JPEG."""

import numpy as np

from hilum.errors import ImageTooLargeError, UnsupportedFormatError
from hilum.imaging.deep import Samples, without_opacity
from hilum.imaging.jpeg import decode_strictly, frame_header
from hilum.imaging.jpeg_segments import SCAN, check_scans
from hilum.imaging.limits import MAX_SCANNED_PIXELS, MAX_SCANS, DecodeLimits
from hilum.imaging.tiff_header import (
    ADVICE,
    RGB,
    SEVERAL_PICTURES,
    WHITE_IS_ZERO,
    WHOLE_WORDS,
    Tag,
    TiffHeader,
)

_STRIPS = (Tag.STRIP_OFFSETS, Tag.STRIP_BYTES)
_TILES = (Tag.TILE_OFFSETS, Tag.TILE_BYTES)
_OLD_JPEG, _JPEG = 6, 7
_COLOUR_SPACES = {1: "GRAY", 3: "RGB", 4: "CMYK"}


def load_deep_tiff(content: bytes, header: TiffHeader, limits: DecodeLimits) -> Samples:
    """Decode a TIFF of whole numbers or of floating-point ones, of half, single or double.

    Parameters
    ----------
    content : bytes
        The whole file.
    limits : DecodeLimits
        Checked on the header.

    Raises
    ------
    ValueError, RuntimeError
        Truncated or damaged.
    ImageTooLargeError
        Over `limits`.
    UnsupportedFormatError
        JPEG of more than eight bits, or with opacity.
    """
    import imagecodecs

    rows, columns = header.number(Tag.LENGTH, 0), header.number(Tag.WIDTH, 0)
    limits.check_size(rows, columns)
    limits.check_samples(rows, columns, header.number(Tag.SAMPLES, 1), header.bits)
    if header.number(Tag.COMPRESSION, 1) in (_OLD_JPEG, _JPEG):
        raise UnsupportedFormatError(
            "The TIFF file holds a JPEG of more than 8 bits or with opacity, which cannot be "
            "checked for damage. "
            "Export it uncompressed, or with LZW or deflate."
        )
    values = imagecodecs.tiff_decode(content, index=header.page)
    if values.ndim == 3 and values.shape[:2] != (rows, columns):
        # One sample after the other, not one pixel after the other.
        values = np.moveaxis(values, 0, 2)
    if values.dtype.kind not in "uif" or values.shape[:2] != (rows, columns):
        raise UnsupportedFormatError(f"The TIFF file holds no grey values or colours. {ADVICE}")
    photometric = header.number(Tag.PHOTOMETRIC, WHITE_IS_ZERO)
    return Samples(
        without_opacity(values, is_colour=photometric == RGB),
        None if header.bits in WHOLE_WORDS else header.bits,
        is_white_zero=photometric == WHITE_IS_ZERO,
        orientation=header.number(Tag.ORIENTATION, 1),
        notes=(SEVERAL_PICTURES,) if header.has_more else (),
    )


def check_tiff_jpeg_is_whole(content: bytes, header: TiffHeader, limits: DecodeLimits) -> None:
    """Raise `ValueError` where JPEG in a TIFF is damaged, which libtiff passes over.

    Parameters
    ----------
    content : bytes
        The whole file.
    limits : DecodeLimits
        Bounds what the strips or tiles decode to.

    Raises
    ------
    UnsupportedFormatError
        JPEG in the way that TIFF 6.0 had it, which later editions have withdrawn.
    """
    compression = header.number(Tag.COMPRESSION, 1)
    if compression == _OLD_JPEG:
        raise UnsupportedFormatError(
            "The TIFF file holds JPEG in a way that the standard has withdrawn (compression 6). "
            "Export it uncompressed, or with LZW or deflate."
        )
    if compression != _JPEG:
        return
    tables = header.tags.get(Tag.JPEG_TABLES, b"")
    offsets, counts = _TILES if _TILES[0] in header.tags else _STRIPS
    pixels = scanned = 0
    for start, length in zip(header.numbers(offsets), header.numbers(counts), strict=True):
        frame = content[start : start + length]
        found = frame_header(frame)
        if found is None:
            raise ValueError("a strip or tile without a frame")
        size = found.rows * found.columns
        pixels += size
        scans = check_scans(frame).count(SCAN)
        scanned += scans * size
        # libtiff takes no more scans of one, and says so on the console.
        if scans >= MAX_SCANS or scanned > MAX_SCANNED_PIXELS:
            raise ImageTooLargeError(
                "The JPEGs in the TIFF file have more scans than any radiograph. Export it as PNG "
                "or as a plain TIFF."
            )
        # Tiles reach over the edges.
        if pixels > 4 * limits.max_pixels:
            raise ImageTooLargeError("The TIFF file's tiles claim more pixels than are read.")
        # Tables stand for themselves, between a start and an end (TIFF Technical Note 2).
        whole = tables[:-2] + frame[2:] if tables else frame
        decode_strictly(whole, _COLOUR_SPACES[found.components])
