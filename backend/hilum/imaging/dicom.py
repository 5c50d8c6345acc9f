"""Plain DICOM through pydicom: one frame, one grey channel, its windows applied."""

import io
import logging
import struct
import warnings

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import get_frame
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut, convert_color_space
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000TransferSyntaxes,
    JPEGTransferSyntaxes,
)

from hilum.errors import CorruptImageError, UnreadableRadiographError, UnsupportedFormatError
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.radiograph import ImageFormat, Radiograph, View

_VIEWS = {"PA": View.PA, "AP": View.AP, "LL": View.LATERAL, "RL": View.LATERAL}
_UNITS_A_YEAR = {"Y": 1.0, "M": 12.0, "W": 365.25 / 7, "D": 365.25}
_BT601 = np.array([0.299, 0.587, 0.114], dtype=np.float32)

# pydicom quotes values of the file in its warnings and its log; they must reach neither ours nor
# the console. Said once for the process: `warnings.catch_warnings` is not safe between threads.
warnings.filterwarnings("ignore", module=r"pydicom\.")
logging.getLogger("pydicom").addFilter(lambda _record: False)

# What pydicom and its codecs raise on damaged bytes.
_DAMAGE = (
    InvalidDicomError,
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)

_DAMAGED = (
    "The DICOM file is truncated or damaged and cannot be decoded. "
    "Export or send the radiograph again."
)


def decode(content: bytes, sha256: str, limits: DecodeLimits) -> Radiograph:
    """Decode a DICOM file; see `hilum.imaging.decode` for parameters, result and errors.

    Notes
    -----
    The order is the standard's (PS3.4 N.2): modality LUT or rescale, then VOI LUT or window,
    and inversion last, where Photometric Interpretation is MONOCHROME1 or Presentation LUT
    Shape is INVERSE (PS3.3 C.7.6.3.1.2, C.11.6). Of the patient, only the age is read.
    """
    try:
        with np.errstate(invalid="ignore", over="ignore"):
            return _decode(content, sha256, limits)
    except _DAMAGE as exc:
        raise CorruptImageError(_DAMAGED) from exc


def _decode(content: bytes, sha256: str, limits: DecodeLimits) -> Radiograph:
    if DeflatedExplicitVRLittleEndian.encode() in content:
        raise UnsupportedFormatError(
            "The DICOM file is deflated as a whole, so that its size cannot be told beforehand. "
            "Export it uncompressed, as JPEG baseline or as JPEG 2000."
        )
    # force: files without preamble are common in archives; `identify` has seen a DICOM element.
    dataset = pydicom.dcmread(io.BytesIO(content), force=True)
    if "TransferSyntaxUID" not in dataset.file_meta:
        # A bare data set, without the file's own group: pydicom has told its encoding.
        is_implicit, _ = dataset.original_encoding
        dataset.file_meta.TransferSyntaxUID = (
            ImplicitVRLittleEndian if is_implicit else ExplicitVRLittleEndian
        )
    rows, columns = dataset.get("Rows"), dataset.get("Columns")
    if not rows or not columns:
        kind = dataset.file_meta.get("MediaStorageSOPClassUID") or dataset.get("SOPClassUID")
        if kind is None or "Image" in kind.name:
            # It ends before its picture.
            raise CorruptImageError(_DAMAGED)
        raise UnsupportedFormatError(
            "The DICOM object holds no picture (it may be a report or a directory). "
            "Send the radiograph of the study, a CR, DX or secondary capture."
        )
    limits.check_size(int(rows), int(columns))
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        raise UnreadableRadiographError(
            "The DICOM file holds several frames. Send a single frontal radiograph."
        )
    _check_frame(dataset, limits)
    pixels = _displayed(dataset)
    return Radiograph(
        pixels=pixels,
        rows=int(rows),
        columns=int(columns),
        format=ImageFormat.DICOM,
        sha256=sha256,
        spacing_mm=_spacing_mm(dataset),
        patient_age_years=_age_years(dataset),
        view=_VIEWS.get(str(dataset.get("ViewPosition", "")).strip().upper(), View.UNKNOWN),
        was_colour=int(dataset.get("SamplesPerPixel") or 1) > 1,
    )


def _check_frame(dataset: Dataset, limits: DecodeLimits) -> None:
    """A compressed frame has a header of its own, which may claim more than the data set's."""
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if syntax not in JPEGTransferSyntaxes + JPEG2000TransferSyntaxes:
        return
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    with Image.open(io.BytesIO(frame), formats=("JPEG", "JPEG2000")) as image:
        limits.check_size(image.height, image.width)


def _displayed(dataset: Dataset) -> NDArray[np.float32]:
    """Pixels in [0, 1] as a viewer would show them."""
    stored = _stored(dataset)
    if stored.ndim == 3:
        colour = convert_color_space(stored, dataset.PhotometricInterpretation, "RGB")
        return np.asarray(colour.astype(np.float32) @ _BT601 / np.iinfo(stored.dtype).max)
    values = apply_voi_lut(apply_modality_lut(stored, dataset), dataset)
    pixels = np.asarray(values, dtype=np.float32)
    low, high = np.min(pixels), np.max(pixels)
    pixels = (pixels - low) / (high - low) if high > low else np.zeros_like(pixels)
    if _is_inverted(dataset):
        pixels = 1 - pixels
    return pixels


def _stored(dataset: Dataset) -> NDArray[np.integer]:
    """Stored values; what no codec here can decode is told apart from what is damaged."""
    if "PixelData" not in dataset:
        raise CorruptImageError(_DAMAGED)
    try:
        return dataset.pixel_array
    except (RuntimeError, NotImplementedError) as exc:
        syntax = dataset.file_meta.TransferSyntaxUID
        if syntax.is_compressed and "Unable to decompress" in str(exc):
            raise UnsupportedFormatError(
                f"The DICOM file is compressed as {syntax.name}, which cannot be decoded here. "
                "Export it uncompressed, as JPEG baseline or as JPEG 2000."
            ) from exc
        raise CorruptImageError(_DAMAGED) from exc


def _is_inverted(dataset: Dataset) -> bool:
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        return True
    return bool(dataset.get("PresentationLUTShape") == "INVERSE")


def _age_years(dataset: Dataset) -> float | None:
    """Patient's Age, an age string such as 034Y or 006M (PS3.5 6.2, value representation AS)."""
    text = str(dataset.get("PatientAge") or "").strip().upper()
    if len(text) != 4 or not text[:3].isdigit() or text[3] not in _UNITS_A_YEAR:
        return None
    return int(text[:3]) / _UNITS_A_YEAR[text[3]]


def _spacing_mm(dataset: Dataset) -> tuple[float, float] | None:
    """Row and column spacing: Pixel Spacing, else that at the detector (PS3.3 10.7)."""
    spacing = dataset.get("PixelSpacing") or dataset.get("ImagerPixelSpacing")
    if not spacing or len(spacing) != 2 or min(spacing) <= 0:
        return None
    return float(spacing[0]), float(spacing[1])
