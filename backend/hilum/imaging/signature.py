"""Tell a file's format by its first bytes, never by its name or declared type."""

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

    Returns
    -------
    ImageFormat

    Raises
    ------
    UnsupportedFormatError
        Where the bytes begin like none of the formats that Hilum reads.

    Notes
    -----
    Signatures: JPEG by its SOI marker (ITU T.81 B.1.1.3), PNG by its eight bytes (W3C PNG 5.2),
    WebP by its RIFF form, TIFF by byte order and 42 (43 for BigTIFF), BMP by ``BM`` and a header
    size, DICOM by ``DICM`` after the preamble (PS3.10 section 7.1) or by a leading group 0002 or
    0008 element where the preamble is missing.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ImageFormat.WEBP
    if content[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return ImageFormat.TIFF
    if content.startswith(b"BM") and content[15:18] == b"\x00\x00\x00":
        return ImageFormat.BMP
    if content[_DICOM_PREAMBLE_BYTES : _DICOM_PREAMBLE_BYTES + 4] == b"DICM":
        return ImageFormat.DICOM
    if content.startswith(_DICOM_FIRST_TAGS):
        return ImageFormat.DICOM
    found = next((name for magic, name in _REFUSED.items() if content.startswith(magic)), None)
    raise UnsupportedFormatError(
        f"The file is {found or 'not a picture in a known format'}. "
        "Send a chest radiograph as JPEG, PNG, WebP, TIFF, BMP or DICOM."
    )
