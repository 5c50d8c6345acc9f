"""TIFFs that Pillow does not read as they are: deep or odd ones, and damaged JPEG inside."""

import io
from typing import NamedTuple

import numpy as np
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from hilum.errors import ImageTooLargeError, UnsupportedFormatError
from hilum.imaging.deep import Samples, without_opacity
from hilum.imaging.jpeg import decode_strictly, frame_header
from hilum.imaging.limits import DecodeLimits

# Tags and values of TIFF 6.0, section 8 and after.
_WIDTH, _LENGTH, _BITS, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION = 256, 257, 258, 259, 262, 274
_SAMPLES = 277
_STRIPS, _TILES = (273, 279), (324, 325)
_JPEG_TABLES = 347
_BIG_ENDIAN_BIG_TIFF = b"MM\x00+"
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2
_SAMPLES_READ_BY_PILLOW = {_WHITE_IS_ZERO: (1,), _BLACK_IS_ZERO: (1, 2), _RGB: (3, 4)}
_SAMPLE_FORMAT, _UNSIGNED = 339, 1
_OLD_JPEG, _JPEG = 6, 7
_WHOLE_WORDS = (16, 32, 64)
_MOST_SAMPLES = 8
_SEVERAL = "The file holds several pictures; only the first was read."
_COLOUR_SPACES = {1: "GRAY", 3: "RGB", 4: "CMYK"}


class TiffHeader(NamedTuple):
    """A TIFF's first directory.

    Attributes
    ----------
    tags : ImageFileDirectory_v2
    bits : int
        Most bits of a sample.
    has_more : bool
        There are more pictures.
    """

    tags: ImageFileDirectory_v2
    bits: int
    has_more: bool

    def number(self, tag: int, default: int) -> int:
        """First value of a tag."""
        found = self.tags.get(tag, default)
        return int(found[0] if isinstance(found, tuple) else found)

    def numbers(self, tag: int) -> tuple[int, ...]:
        """All values of a tag."""
        found = self.tags.get(tag, ())
        return found if isinstance(found, tuple) else (int(found),)


def read_tiff_header(content: bytes) -> TiffHeader:
    """Read a TIFF's first directory.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    TiffHeader

    Raises
    ------
    UnsupportedFormatError
        A BigTIFF whose high bytes come first.
    """
    if content.startswith(_BIG_ENDIAN_BIG_TIFF):
        raise UnsupportedFormatError(
            "The file is a BigTIFF with its high bytes first, which is not read here. "
            "Export it as a plain TIFF."
        )
    tags = ImageFileDirectory_v2(content[: 16 if content[2] == 43 else 8])
    stream = io.BytesIO(content)
    stream.seek(tags.next)
    tags.load(stream)
    bits = tags.get(_BITS, (1,))
    return TiffHeader(tags, max(bits if isinstance(bits, tuple) else (bits,)), bool(tags.next))


def is_deep_tiff(header: TiffHeader) -> bool:
    """Whether a TIFF is grey or RGB, but other than the unsigned bytes that Pillow reads."""
    photometric = header.number(_PHOTOMETRIC, _WHITE_IS_ZERO)
    if photometric not in _SAMPLES_READ_BY_PILLOW:
        return False
    return (
        header.bits > 8
        or header.number(_SAMPLE_FORMAT, _UNSIGNED) != _UNSIGNED
        or header.number(_SAMPLES, 1) not in _SAMPLES_READ_BY_PILLOW[photometric]
    )


def load_deep_tiff(content: bytes, header: TiffHeader, limits: DecodeLimits) -> Samples:
    """Decode a TIFF of whole numbers or of floating-point ones, of half, single or double.

    Parameters
    ----------
    content : bytes
        The whole file.
    header : TiffHeader
    limits : DecodeLimits
        Checked on the header.

    Returns
    -------
    Samples

    Raises
    ------
    ValueError, RuntimeError
        Truncated or damaged.
    ImageTooLargeError
        Over `limits`.
    UnsupportedFormatError
        Complex numbers, or JPEG of more than eight bits.
    """
    import imagecodecs

    rows, columns = header.number(_LENGTH, 0), header.number(_WIDTH, 0)
    limits.check_size(rows, columns)
    _check_room(rows * columns, header, limits)
    if header.number(_COMPRESSION, 1) in (_OLD_JPEG, _JPEG):
        raise UnsupportedFormatError(
            "The TIFF file holds a JPEG of more than 8 bits, which cannot be checked for damage. "
            "Export it uncompressed, or with LZW or deflate."
        )
    values = imagecodecs.tiff_decode(content)
    if values.ndim == 3 and values.shape[:2] != (rows, columns):
        # One sample after the other, not one pixel after the other.
        values = np.moveaxis(values, 0, 2)
    if values.dtype.kind not in "uif" or values.shape[:2] != (rows, columns):
        raise UnsupportedFormatError(
            "The TIFF file holds no grey values or colours. Export it in grey with 8 or 16 bits."
        )
    photometric = header.number(_PHOTOMETRIC, _WHITE_IS_ZERO)
    return Samples(
        without_opacity(values, is_colour=photometric == _RGB),
        None if header.bits in _WHOLE_WORDS else header.bits,
        is_white_zero=photometric == _WHITE_IS_ZERO,
        orientation=header.number(_ORIENTATION, 1),
        notes=(_SEVERAL,) if header.has_more else (),
    )


def _check_room(size: int, header: TiffHeader, limits: DecodeLimits) -> None:
    """As much as four words of 16 bits for each pixel of the largest picture, and no more."""
    samples = header.number(_SAMPLES, 1)
    room = size * samples * -(-header.bits // 8)
    if samples > _MOST_SAMPLES or room > 8 * limits.max_pixels:
        raise ImageTooLargeError(
            f"The TIFF file claims {samples} values a pixel, of {header.bits} bits each: "
            f"{room / 2**20:.0f} MB in all. Export it in grey with 8 or 16 bits."
        )


def check_tiff_jpeg_is_whole(content: bytes, header: TiffHeader, limits: DecodeLimits) -> None:
    """Raise `ValueError` where JPEG in a TIFF is damaged, which libtiff passes over.

    Parameters
    ----------
    content : bytes
        The whole file.
    header : TiffHeader
    limits : DecodeLimits
        Bounds what the strips or tiles decode to.

    Raises
    ------
    UnsupportedFormatError
        JPEG in the way that TIFF 6.0 had it, which later editions have withdrawn.
    """
    compression = header.number(_COMPRESSION, 1)
    if compression == _OLD_JPEG:
        raise UnsupportedFormatError(
            "The TIFF file holds JPEG in a way that the standard has withdrawn (compression 6). "
            "Export it uncompressed, or with LZW or deflate."
        )
    if compression != _JPEG:
        return
    tables = header.tags.get(_JPEG_TABLES, b"")
    offsets, counts = _TILES if _TILES[0] in header.tags else _STRIPS
    pixels = 0
    for start, length in zip(header.numbers(offsets), header.numbers(counts), strict=True):
        frame = content[start : start + length]
        found = frame_header(frame)
        if found is None:
            raise ValueError("a strip or tile without a frame")
        pixels += found.rows * found.columns
        # Tiles reach over the edges.
        if pixels > 4 * limits.max_pixels:
            raise ImageTooLargeError("The TIFF file's tiles claim more pixels than are read.")
        # Tables stand for themselves, between a start and an end (TIFF Technical Note 2).
        whole = tables[:-2] + frame[2:] if tables else frame
        decode_strictly(whole, _COLOUR_SPACES[found.components])
