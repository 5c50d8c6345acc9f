"""Checks of the parsers of files: what comes out is sound, or a documented error."""

import io
import json
import struct

import numpy as np
import pydicom

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.errors import HilumError, ImageError
from hilum.imaging import DecodeLimits, ImageFormat, Radiograph, decode
from hilum.imaging.codestream import read_codestream
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.dicom.file import before_pixels, take_apart
from hilum.imaging.dicom.json_model import dicom_json
from hilum.imaging.jpeg import frame_header
from hilum.imaging.signature import identify
from hilum.imaging.tiff_header import check_tiff_kind, read_tiff_header
from hilum.reporting.source import read_source

LIMITS = DecodeLimits(max_bytes=4 << 20, max_pixels=1_000_000)
"""So low that time and memory of an input are bounded far below those of a large film."""

_DAMAGE = (
    ArithmeticError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, struct.error,
)  # fmt: skip
"""What the decoder of pictures takes for damage."""


def picture(content: bytes) -> bool:
    """Decode at full size; pixels are finite, in [0, 1], and as many as are told."""
    try:
        radiograph = decode(content, limits=LIMITS)
    except ImageError as exc:
        check_words(exc)
        return False
    _check_pixels(radiograph)
    return True


def _check_pixels(radiograph: Radiograph) -> None:
    pixels = radiograph.pixels
    assert pixels.dtype == np.float32
    assert pixels.ndim == 2
    assert np.isfinite(pixels).all()
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    assert {radiograph.rows, radiograph.columns} == set(pixels.shape)
    assert radiograph.spacing_mm is None or all(0 < each < 1e6 for each in radiograph.spacing_mm)


def check_words(exc: HilumError) -> None:
    """An error says something to people, in one line."""
    words = str(exc)
    assert 10 < len(words) < 1000
    assert words.isprintable()


def deidentified(content: bytes) -> bool:
    """De-identify; the file that is written is read, and says that it has no identity."""
    try:
        done = deidentify(content, Profile(), limits=LIMITS).content
    except ImageError as exc:
        check_words(exc)
        return False
    made = take_apart(done, LIMITS)
    assert not made.is_cut
    assert made.dataset.PatientIdentityRemoved == "YES"
    again = pydicom.dcmread(io.BytesIO(done))
    # Decodes every element, which a file of our own allows.
    again.walk(lambda _dataset, _element: None)
    assert again.file_meta.MediaStorageSOPInstanceUID == again.SOPInstanceUID
    if picture(content):
        assert picture(done), "a film that is read is not read once it is de-identified"
    return True


def described(content: bytes) -> bool:
    """Write the header in the DICOM JSON model, which is JSON without NaN."""
    try:
        dataset = before_pixels(content, LIMITS)
    except (HilumError, *DAMAGE):
        return False
    json.dumps(dicom_json(dataset), allow_nan=False)
    return True


_FILM = Radiograph(
    pixels=np.zeros((64, 80), np.float32), rows=64, columns=80, format=ImageFormat.DICOM,
    sha256="0" * 64,
)  # fmt: skip


def carried_on(content: bytes) -> bool:
    """Take what results carry on from a header; it can be written and read again."""
    source = read_source(content, _FILM)
    if not source.has_study:
        return False
    header = source.header("A report")
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, header, implicit_vr=False, little_endian=True)
    buffer.seek(0)
    assert pydicom.dcmread(buffer, force=True).StudyInstanceUID == header.StudyInstanceUID
    return True


def identified(content: bytes) -> bool:
    """Name the format."""
    try:
        identify(content)
    except ImageError as exc:
        check_words(exc)
        return False
    return True


def jpeg_header(content: bytes) -> bool:
    """Find the frame header, with the errors that the decoder takes for damage."""
    try:
        return frame_header(content) is not None
    except (ImageError, *_DAMAGE):
        return False


def codestream(content: bytes) -> bool:
    """Read a compressed frame's header, with the errors that are documented."""
    try:
        found = read_codestream(content)
    except (ImageError, ValueError, IndexError, struct.error):
        return False
    assert found.segments or 2 <= found.precision <= 16
    return True


def tiff_header(content: bytes) -> bool:
    """Read the directory and tell the kind, with the errors that the decoder takes for damage."""
    try:
        check_tiff_kind(read_tiff_header(content))
    except (ImageError, *_DAMAGE):
        return False
    return True
