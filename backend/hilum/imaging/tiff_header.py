"""Directories of a TIFF: choice of the image, and whether it is supported."""

import io
import struct
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from hilum.errors import UnsupportedFormatError
from hilum.imaging.depth import range_of_words
from hilum.imaging.film_warning import FilmWarning, FilmWarningCode
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.tiff_cost import check_directory, check_parts


class Tag(IntEnum):
    """Tags of TIFF 6.0, section 8 and after."""

    SUBFILE_TYPE = 254
    OLD_SUBFILE_TYPE = 255
    WIDTH = 256
    LENGTH = 257
    BITS = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    STRIP_OFFSETS = 273
    ORIENTATION = 274
    SAMPLES = 277
    STRIP_BYTES = 279
    PLANES = 284
    COLOUR_MAP = 320
    TILE_WIDTH = 322
    TILE_LENGTH = 323
    TILE_OFFSETS = 324
    TILE_BYTES = 325
    EXTRA_SAMPLES = 338
    SAMPLE_FORMAT = 339
    JPEG_TABLES = 347


WHITE_IS_ZERO, _BLACK_IS_ZERO, RGB = 0, 1, 2
_PALETTE, _CMYK, _YCBCR = 3, 5, 6
# Counts of samples and depths that Pillow reads; others it refuses or reads wrongly.
_READ_BY_PILLOW = {
    WHITE_IS_ZERO: ((1,), (1, 2, 4, 8)),
    _BLACK_IS_ZERO: ((1,), (1, 2, 4, 8)),
    RGB: ((3, 4), (8,)),
    _PALETTE: ((1,), (1, 2, 4, 8)),
    _CMYK: ((4,), (8, 16)),
    _YCBCR: ((1, 3), (8,)),
}
_GREY_OR_RGB = (WHITE_IS_ZERO, _BLACK_IS_ZERO, RGB)
_KINDS = {
    WHITE_IS_ZERO: "grey values",
    _BLACK_IS_ZERO: "grey values",
    RGB: "RGB colours",
    _PALETTE: "colours of a palette",
    4: "a mask",
    _CMYK: "CMYK colours",
    _YCBCR: "YCbCr colours",
    8: "CIELab colours",
    9: "ICCLab colours",
    10: "ITULab colours",
    32803: "raw values of a colour filter",
    34892: "linear raw values",
}
_SEPARATE_PLANES = 2
# CCITT Group 3 and 4, of which libtiff reads any bytes, with an error message for each line.
_FAX = (2, 3, 4, 32771)
# None, LZW, JPEG in both ways, deflate in both, PackBits, LZMA and Zstandard.
_COMPRESSIONS = (1, 5, 6, 7, 8, 32773, 32946, 34925, 50000)
_REDUCED, _OLD_REDUCED = 1, 2
_MOST_DIRECTORIES = 16
_UNSIGNED, _NUMBERS = 1, (1, 2, 3)
WHOLE_WORDS = (16, 32, 64)
ADVICE = "Export it in grey with 8 or 16 bits."
SEVERAL_PICTURES = FilmWarning(FilmWarningCode.SEVERAL_PICTURES)
_BIG_ENDIAN_BIG_TIFF = b"MM\x00+"
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, OverflowError, struct.error)


class TiffHeader(NamedTuple):
    """The directory of a TIFF's first picture that is no reduced copy of another.

    Attributes
    ----------
    tags : ImageFileDirectory_v2
    bits : int
        Most bits of a sample.
    has_more : bool
        There are more pictures, reduced copies not counted.
    page : int
        Number of the directory, from 0.
    """

    tags: ImageFileDirectory_v2
    bits: int
    has_more: bool
    page: int

    def number(self, tag: int, default: int) -> int:
        """First value of a tag."""
        found = self.tags.get(tag, default)
        return int(found[0] if isinstance(found, tuple) else found)

    def numbers(self, tag: int) -> tuple[int, ...]:
        """All values of a tag."""
        found = self.tags.get(tag, ())
        return found if isinstance(found, tuple) else (int(found),)

    @property
    def is_reduced(self) -> bool:
        """Whether it is marked as a smaller copy of another image of the file."""
        return bool(
            self.number(Tag.SUBFILE_TYPE, 0) & _REDUCED
            or self.number(Tag.OLD_SUBFILE_TYPE, 0) == _OLD_REDUCED
        )


def read_tiff_header(content: bytes) -> TiffHeader:
    """Read the directory of a TIFF's picture; a thumbnail may stand before it.

    Parameters
    ----------
    content : bytes
        The whole file.

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
    first = _read_directory(content, None)
    pages = [first]
    while pages[-1].has_more and len(pages) < _MOST_DIRECTORIES:
        try:
            pages.append(_read_directory(content, pages[-1]))
        except _BROKEN:
            break
    whole = [page for page in pages if not page.is_reduced]
    found = whole[0] if whole else first
    return found._replace(has_more=pages[-1].has_more or len(whole or pages) > 1)


def _read_directory(content: bytes, previous: TiffHeader | None) -> TiffHeader:
    tags = ImageFileDirectory_v2(content[: 16 if content[2] == 43 else 8])
    stream = io.BytesIO(content)
    at = previous.tags.next if previous else tags.next
    check_directory(content, at)
    stream.seek(at)
    tags.load(stream)
    bits = tags.get(Tag.BITS, (1,))
    # Whole numbers: text in their place would be quoted where the kind is not read.
    deepest = max(map(int, bits if isinstance(bits, tuple) else (bits,)))
    return TiffHeader(tags, deepest, bool(tags.next), previous.page + 1 if previous else 0)


def check_tiff_kind(header: TiffHeader) -> None:
    """Raise `UnsupportedFormatError`, naming the reason, if an intact TIFF is not supported."""
    photometric = header.number(Tag.PHOTOMETRIC, WHITE_IS_ZERO)
    sample_format = header.number(Tag.SAMPLE_FORMAT, _UNSIGNED)
    if sample_format not in _NUMBERS:
        raise UnsupportedFormatError(
            "The TIFF file holds no grey values or colours, but complex or undefined ones "
            f"(sample format {sample_format}). {ADVICE}"
        )
    compression = header.number(Tag.COMPRESSION, 1)
    if compression in _FAX:
        raise UnsupportedFormatError(
            "The TIFF file holds a fax, in black and white and not in greys, which cannot be "
            f"checked for damage. {ADVICE}"
        )
    if compression not in _COMPRESSIONS:
        raise UnsupportedFormatError(
            "The TIFF file is compressed in a way that is not read here (compression "
            f"{compression}). Export it uncompressed, or with LZW or deflate."
        )
    samples, depths = header.number(Tag.SAMPLES, 1), set(header.numbers(Tag.BITS))
    if photometric in _GREY_OR_RGB:
        is_read = (
            samples >= (3 if photometric == RGB else 1)
            and len(depths) <= 1
            and (header.bits <= WHOLE_WORDS[0] or header.bits in WHOLE_WORDS)
        )
    else:
        is_read = (
            photometric in _READ_BY_PILLOW
            and _is_read_by_pillow(header)
            and not header.numbers(Tag.EXTRA_SAMPLES)
        )
    if not is_read:
        kind = _KINDS.get(photometric, "values of an unknown kind")
        in_planes = header.number(Tag.PLANES, 1) == _SEPARATE_PLANES
        raise UnsupportedFormatError(
            f"The TIFF file holds {kind} (photometric interpretation {photometric}), {samples} "
            f"a pixel of {header.bits} bits{' in separate planes' if in_planes else ''}, which "
            f"is not read here. {ADVICE}"
        )


def check_tiff_parts(content: bytes, header: TiffHeader, limits: DecodeLimits) -> None:
    """Raise `ImageTooLargeError` where strips or tiles make a decoder work more than the picture.

    Parameters
    ----------
    content : bytes
    """
    rows, columns = header.number(Tag.LENGTH, 0), header.number(Tag.WIDTH, 0)
    limits.check_pixels(rows, columns)
    check_parts(
        content,
        rows * columns,
        header.number(Tag.TILE_LENGTH, 0) * header.number(Tag.TILE_WIDTH, 0),
        header.numbers(Tag.STRIP_BYTES) + header.numbers(Tag.TILE_BYTES),
        header.tags.get(Tag.JPEG_TABLES, b""),
    )


def is_deep_tiff(header: TiffHeader) -> bool:
    """Whether a TIFF is grey or RGB, but other than the unsigned bytes that Pillow reads."""
    is_grey_or_rgb = header.number(Tag.PHOTOMETRIC, WHITE_IS_ZERO) in _GREY_OR_RGB
    return is_grey_or_rgb and not _is_read_by_pillow(header)


def _is_read_by_pillow(header: TiffHeader) -> bool:
    counts, depths = _READ_BY_PILLOW[header.number(Tag.PHOTOMETRIC, WHITE_IS_ZERO)]
    samples = header.number(Tag.SAMPLES, 1)
    return (
        samples in counts
        and set(header.numbers(Tag.BITS) or (1,)) <= set(depths)
        and header.number(Tag.SAMPLE_FORMAT, _UNSIGNED) == _UNSIGNED
        and (samples < 4 or header.number(Tag.PLANES, 1) != _SEPARATE_PLANES)
    )


def colour_map_of_fewer_bits(header: TiffHeader) -> tuple[list[int], FilmWarning] | None:
    """Spread a palette whose words of 16 bits use fewer, as pictures of such words are.

    Returns
    -------
    list of int
        Red, green and blue of each entry, in 8 bits.
    FilmWarning
        That it is not what the file would have. None in place of both where the file's own
        palette holds.
    """
    words = np.array(header.numbers(Tag.COLOUR_MAP), np.uint16)
    if header.number(Tag.PHOTOMETRIC, WHITE_IS_ZERO) != _PALETTE or not words.size:
        return None
    found = range_of_words(words)
    if not found.note:
        return None
    spread = np.round(np.minimum(words / found.high, 1) * 255).astype(int)
    return spread.reshape(3, -1).T.ravel().tolist(), found.note
