"""Parts of a DICOM file: transfer syntax, data set up to the pixels, and pixel bytes.

Whoever reads a DICOM file of others reads it here: with or without preamble, group 0002 and
transfer syntax, inflated within the limits.
"""

import struct
import sys
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from hilum.errors import CorruptImageError, ImageTooLargeError, UnsupportedFormatError
from hilum.imaging.dicom.bounded import is_shortened, read_elements
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.dicom.objects import directory, is_directory
from hilum.imaging.limits import DecodeLimits

NO_LIMITS = DecodeLimits(max_bytes=sys.maxsize, max_pixels=sys.maxsize)
"""For a file that was taken within limits before; what pydicom makes of it is bounded again."""

_PREAMBLE_BYTES = 132
_META_GROUP = b"\x02\x00"
_MOST_META_ELEMENTS = 1000
"""PS3.10 7.1 has 18."""
_SOP_CLASS = 0x0002
_TRANSFER_SYNTAX = 0x0010
# Representations with a length of four bytes after two reserved ones (PS3.5 7.1.2).
_LONG = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
_PIXELS_FROM = 0x7FE00008
_FLOAT_PIXELS = (0x7FE00008, 0x7FE00009)
_PIXEL_DATA = 0x7FE00010
_UNDEFINED_LENGTH = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class PixelData:
    """The element Pixel Data (7FE0,0010), its value not yet understood.

    Attributes
    ----------
    content : memoryview
        Its value; all that follows where the length is undefined.
    is_encapsulated : bool
        It holds items, of which one or more make a frame (PS3.5 A.4).
    representation : str
        Value representation, OB or OW; empty where the file is implicit.
    rest : memoryview
        What follows a value of known length.
    """

    content: memoryview
    is_encapsulated: bool
    is_big_endian: bool
    representation: str
    rest: memoryview = field(default_factory=lambda: memoryview(b""))


@dataclass(frozen=True, slots=True)
class DicomFile:
    """A file's parts.

    Attributes
    ----------
    dataset : Dataset
        All elements before the pixels. Those that follow the pixels (padding and digital
        signatures, PS3.3 C.12.1.1.3) are not read.
    sop_class, transfer_syntax : str
        Unique identifiers, empty where the file names none.
    pixel_data : PixelData or None
    is_implicit, is_little_endian : bool
        The data set's encoding, as it was found.
    is_cut : bool
        The file ends within an element before the pixels.
    """

    dataset: Dataset
    sop_class: str
    transfer_syntax: str
    pixel_data: PixelData | None
    is_implicit: bool
    is_little_endian: bool
    is_cut: bool


def take_apart(content: bytes, limits: DecodeLimits) -> DicomFile:
    """Read a file up to its pixels (PS3.10 section 7).

    Parameters
    ----------
    content : bytes
        With or without preamble, with or without group 0002.
    limits : DecodeLimits
        A deflated data set is inflated to `max_bytes` at most; elements, items, levels and
        values are counted.

    Raises
    ------
    CorruptImageError
        A deflated data set that ends early, or pixels that are shorter than their length.
    ImageTooLargeError
        A deflated data set that is larger than `max_bytes`, or a header over `limits`.
    UnsupportedFormatError
        Pixels that are floating-point numbers.
    """
    found = _parsed(content, limits)
    dataset = found.dataset
    pixel_data = _pixel_data(
        found.rest, is_implicit=found.is_implicit, little=found.is_little_endian
    )
    sop_class = found.sop_class or str(dataset.get("SOPClassUID") or "")
    is_cut = False
    for tag in list(dataset.keys()):
        raw = dataset.get_item(tag)
        is_cut = is_cut or (isinstance(raw, RawDataElement) and is_shortened(raw))
    return DicomFile(
        dataset,
        sop_class,
        found.syntax,
        pixel_data,
        found.is_implicit,
        found.is_little_endian,
        is_cut,
    )


def before_pixels(content: bytes, limits: DecodeLimits) -> Dataset:
    """Read the data set up to the pixels, whatever follows.

    Parameters
    ----------
    content : bytes
    limits : DecodeLimits
        As for `take_apart`.

    Raises
    ------
    CorruptImageError, ImageTooLargeError
        As for `take_apart`, but for the pixels.
    """
    return _parsed(content, limits).dataset


def data_set_start(content: bytes) -> int:
    """End of the file meta information, by its elements; its group length may be wrong.

    Parameters
    ----------
    content : bytes
        Of a file that `take_apart` takes.
    """
    return _file_meta(content)[2]


class _Parsed(NamedTuple):
    dataset: Dataset
    sop_class: str
    syntax: str
    is_implicit: bool
    is_little_endian: bool
    rest: memoryview


def _parsed(content: bytes, limits: DecodeLimits) -> _Parsed:
    sop_class, syntax, start = _file_meta(content)
    if syntax == DeflatedExplicitVRLittleEndian:
        content, start = inflate(memoryview(content)[start:], limits), 0
    is_implicit, is_little_endian = _encoding(content, start, syntax)
    try:
        dataset, end = read_elements(
            content,
            start,
            limits,
            pixels_from=_PIXELS_FROM,
            is_implicit=is_implicit,
            is_little_endian=is_little_endian,
        )
    except ImageTooLargeError:
        if is_directory(Dataset(), sop_class):
            raise directory() from None
        raise
    # pydicom has looked closer: some writers name one encoding and use the other.
    is_implicit = bool(dataset.original_encoding[0])
    rest = memoryview(content)[end:]
    return _Parsed(dataset, sop_class, syntax, is_implicit, is_little_endian, rest)


def inflate(deflated: memoryview, limits: DecodeLimits) -> bytes:
    """Inflate a data set (PS3.5 A.5, RFC 1951), refusing what grows over the limit of a file.

    Parameters
    ----------
    limits : DecodeLimits
        `max_bytes` bounds the result, and the memory that is used.

    Returns
    -------
    bytes
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(deflated, min(limits.max_bytes, sys.maxsize - 1) + 1)
    except zlib.error as exc:
        raise CorruptImageError(DAMAGED) from exc
    if len(plain) > limits.max_bytes:
        raise ImageTooLargeError(
            f"The deflated DICOM file is over {limits.max_bytes / 2**20:.0f} MB once inflated, "
            "which is the limit. Send a smaller export of the radiograph."
        )
    if not inflater.eof:
        raise CorruptImageError(DAMAGED)
    return plain


def _file_meta(content: bytes) -> tuple[str, str, int]:
    """Media storage class, transfer syntax, and where the data set starts."""
    has_preamble = content[_PREAMBLE_BYTES - 4 : _PREAMBLE_BYTES] == b"DICM"
    at = _PREAMBLE_BYTES if has_preamble else 0
    found = {_SOP_CLASS: "", _TRANSFER_SYNTAX: ""}
    for _ in range(_MOST_META_ELEMENTS):
        if content[at : at + 2] != _META_GROUP:
            return found[_SOP_CLASS], found[_TRANSFER_SYNTAX], at
        (element,) = struct.unpack_from("<H", content, at + 2)
        _, length, header = _element_header(memoryview(content)[at:], is_implicit=False)
        if length == _UNDEFINED_LENGTH:
            raise CorruptImageError(DAMAGED)
        if element in found:
            text = content[at + header : at + header + length]
            found[element] = text.decode("ascii", "replace").strip("\0 ")
        at += header + length
    raise CorruptImageError(DAMAGED)


def _element_header(
    content: memoryview, *, is_implicit: bool, little: bool = True
) -> tuple[str, int, int]:
    """Value representation, length of the value, and length of the element's header."""
    order = "<" if little else ">"
    representation = bytes(content[4:6]).decode("latin-1")
    if is_implicit or not (representation.isascii() and representation.isupper()):
        return "", struct.unpack_from(order + "I", content, 4)[0], 8
    if representation in _LONG:
        return representation, struct.unpack_from(order + "I", content, 8)[0], 12
    return representation, struct.unpack_from(order + "H", content, 6)[0], 8


def _encoding(content: bytes, start: int, syntax: str) -> tuple[bool, bool]:
    """Is the data set implicit, and is it little endian."""
    # Explicit where the first element has a representation; and its group, under 0x0100 in any
    # file, tells the order of bytes, whatever the file's syntax says of it.
    representation = content[start + 4 : start + 6]
    is_explicit = representation.isalpha() and representation.isupper()
    is_big_endian = is_explicit and content[start : start + 1] == b"\0"
    if is_big_endian or syntax in ("", ExplicitVRBigEndian):
        return not is_explicit, not is_big_endian
    return syntax == ImplicitVRLittleEndian, True


def _pixel_data(rest: memoryview, *, is_implicit: bool, little: bool) -> PixelData | None:
    if len(rest) < 8:
        return None
    group, element = struct.unpack_from("<HH" if little else ">HH", rest)
    tag = group << 16 | element
    if tag in _FLOAT_PIXELS:
        raise UnsupportedFormatError(
            "The DICOM file holds floating-point values, not a radiograph's grey values. "
            "Send the radiograph itself, a CR, DX or secondary capture."
        )
    if tag != _PIXEL_DATA:
        return None
    representation, length, header = _element_header(rest, is_implicit=is_implicit, little=little)
    content = rest[header:]
    if length == _UNDEFINED_LENGTH:
        return PixelData(content, True, not little, representation)
    if length > len(content):
        raise CorruptImageError(DAMAGED)
    return PixelData(content[:length], False, not little, representation, content[length:])
