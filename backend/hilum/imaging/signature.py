"""Detection of a file's format by its first bytes, not by its name or declared type."""

from hilum.errors import UnsupportedFormatError
from hilum.imaging.radiograph import ImageFormat

_DICOM_PREAMBLE_BYTES = 128
# Group 0002's length, or what it starts with where a writer has left that out: version, SOP class
# and instance, transfer syntax, with their representations (PS3.10 7.1). Or group 0008's own first
# elements: length, character set, image type, creation date, SOP class and instance (PS3.6),
# little endian; some of these big endian with the representation that it always has (PS3.5 7.1.2).
_DICOM_FIRST_TAGS = (
    b"\x02\x00\x00\x00",
    *(bytes((2, 0, e, 0)) + vr for e, vr in ((1, b"OB"), (2, b"UI"), (3, b"UI"), (16, b"UI"))),
    *(bytes((8, 0, e, 0)) for e in (0, 5, 8, 18, 22, 24)),
    *(bytes((0, 8, 0, e)) + vr for e, vr in ((0, b"UL"), (5, b"CS"), (8, b"CS"), (22, b"UI"))),
)
# Value representations (PS3.5 6.2) that an element of group 0008 may have.
_REPRESENTATIONS = frozenset(
    (
        *(b"AE", b"CS", b"DA", b"DT", b"LO", b"LT", b"OB", b"PN", b"SH", b"SQ", b"ST", b"TM"),
        *(b"UC", b"UI", b"UL", b"UR", b"US", b"UT"),
    )
)

_STARTS = {
    ImageFormat.JPEG: (b"\xff\xd8\xff",),
    ImageFormat.PNG: (b"\x89PNG\r\n\x1a\n",),
    ImageFormat.TIFF: (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    ImageFormat.JPEG_2000: (b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  \r\n\x87\n"),
    ImageFormat.JPEG_XL: (b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n"),
    ImageFormat.DICOM: _DICOM_FIRST_TAGS,
}
# ISO/IEC 23008-12 annexes B and E, and the brands of AVIF; of each, pictures and sequences.
_BRANDS = dict.fromkeys((b"avif", b"avis"), ImageFormat.AVIF) | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), ImageFormat.HEIF
)
_HEIF_OF_ANY = (b"mif1", b"msf1")
_MOST_BRANDS_BYTES = 128

_REFUSED = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"MZ": "a Windows program",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"GIF8": "a GIF picture",
}


def identify(content: bytes) -> ImageFormat:
    """Name the picture format that `content` begins with.

    Parameters
    ----------
    content : bytes
        A whole file, or at least its first 132 bytes.

    Raises
    ------
    UnsupportedFormatError
        Where the bytes begin like none of the formats that Hilum reads.

    Notes
    -----
    Signatures: JPEG by its SOI marker (ITU T.81 B.1.1.3), PNG by its eight bytes (W3C PNG 5.2),
    WebP by its RIFF form, TIFF by byte order and 42 (43 for BigTIFF), BMP by ``BM`` and a header
    size, HEIF and AVIF by the brands of their ``ftyp`` box (ISO/IEC 23008-12 10), JPEG 2000 and
    JPEG XL by their codestream's or their container's first bytes, DICOM by ``DICM`` after the
    preamble (PS3.10 section 7.1) or by a leading group 0002 or 0008 element where the preamble is
    missing, whichever of group 0008 comes first. What stands in the preamble, such as the header
    of a TIFF that shares the pixels (PS3.10 7.1), is not looked at.
    """
    if content[_DICOM_PREAMBLE_BYTES : _DICOM_PREAMBLE_BYTES + 4] == b"DICM":
        return ImageFormat.DICOM
    for image_format, starts in _STARTS.items():
        if content.startswith(starts):
            return image_format
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ImageFormat.WEBP
    if content.startswith(b"BM") and content[15:18] == b"\x00\x00\x00":
        return ImageFormat.BMP
    if _begins_like_a_data_set(content):
        return ImageFormat.DICOM
    if content[4:8] == b"ftyp" and (of_brand := _by_brand(content)):
        return of_brand
    name = next((name for magic, name in _REFUSED.items() if content.startswith(magic)), None)
    raise UnsupportedFormatError(
        f"The file is {name or 'not a picture in a known format'}. "
        "Send a chest radiograph as JPEG, PNG, WebP, TIFF, BMP or DICOM; HEIC, AVIF, JPEG 2000 "
        "and JPEG XL are read, too."
    )


def _begins_like_a_data_set(content: bytes) -> bool:
    """Whether an element of group 0008 comes first that the start of a data set need not have."""
    if content[:2] in (b"\x08\0", b"\0\x08") and content[4:6] in _REPRESENTATIONS:
        return True
    # Implicit: the next element is of this group or of the next that the standard has.
    following = 8 + int.from_bytes(content[4:8], "little")
    return content[:2] == b"\x08\0" and content[following : following + 2] in (
        b"\x08\0",
        b"\x10\0",
    )


def _by_brand(content: bytes) -> ImageFormat | None:
    """HEIF or AVIF, by the major brand, else by those that the file is compatible with."""
    box = content[8 : min(int.from_bytes(content[:4]), _MOST_BRANDS_BYTES)]
    brands = [box[at : at + 4] for at in (0, *range(8, len(box), 4))]
    known = (_BRANDS[brand] for brand in brands if brand in _BRANDS)
    found = next(known, None)
    return found or (ImageFormat.HEIF if any(brand in _HEIF_OF_ANY for brand in brands) else None)
