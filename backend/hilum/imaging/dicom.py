"""Plain DICOM through pydicom: one frame, one grey channel, its windows applied."""

import io
import warnings

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut, convert_color_space

from hilum.errors import CorruptImageError, UnreadableRadiographError, UnsupportedFormatError
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.radiograph import ImageFormat, Radiograph, View

_VIEWS = {"PA": View.PA, "AP": View.AP, "LL": View.LATERAL, "RL": View.LATERAL}
_BT601 = np.array([0.299, 0.587, 0.114], dtype=np.float32)

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
    Shape is INVERSE (PS3.3 C.7.6.3.1.2, C.11.6). No patient attribute is read.
    """
    try:
        with warnings.catch_warnings():
            # pydicom quotes values of the file in its warnings; they must reach no log.
            warnings.simplefilter("ignore")
            return _decode(content, sha256, limits)
    except (InvalidDicomError, AttributeError, EOFError, OSError, KeyError, IndexError) as exc:
        raise CorruptImageError(_DAMAGED) from exc
    except (TypeError, ValueError, MemoryError, OverflowError) as exc:
        raise CorruptImageError(_DAMAGED) from exc


def _decode(content: bytes, sha256: str, limits: DecodeLimits) -> Radiograph:
    # force: files without preamble are common in archives; `identify` has seen a DICOM element.
    dataset = pydicom.dcmread(io.BytesIO(content), force=True)
    rows, columns = dataset.get("Rows"), dataset.get("Columns")
    if not rows or not columns:
        raise UnsupportedFormatError(
            "The DICOM object holds no picture (it may be a report or a directory). "
            "Send the radiograph of the study, a CR, DX or secondary capture."
        )
    limits.check_size(int(rows), int(columns))
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        raise UnreadableRadiographError(
            "The DICOM file holds several frames. Send a single frontal radiograph."
        )
    pixels = _displayed(dataset)
    return Radiograph(
        pixels=pixels,
        rows=int(rows),
        columns=int(columns),
        format=ImageFormat.DICOM,
        sha256=sha256,
        spacing_mm=_spacing_mm(dataset),
        view=_VIEWS.get(str(dataset.get("ViewPosition", "")).strip().upper(), View.UNKNOWN),
        was_colour=int(dataset.get("SamplesPerPixel") or 1) > 1,
    )


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
        syntax = dataset.file_meta.get("TransferSyntaxUID") if dataset.file_meta else None
        name = syntax.name if syntax is not None else "unknown"
        if syntax is not None and syntax.is_compressed and "Unable to decompress" in str(exc):
            raise UnsupportedFormatError(
                f"The DICOM file is compressed as {name}, which cannot be decoded here. "
                "Export it uncompressed, as JPEG baseline or as JPEG 2000."
            ) from exc
        raise CorruptImageError(_DAMAGED) from exc


def _is_inverted(dataset: Dataset) -> bool:
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        return True
    return bool(dataset.get("PresentationLUTShape") == "INVERSE")


def _spacing_mm(dataset: Dataset) -> tuple[float, float] | None:
    """Row and column spacing: Pixel Spacing, else that at the detector (PS3.3 10.7)."""
    spacing = dataset.get("PixelSpacing") or dataset.get("ImagerPixelSpacing")
    if not spacing or len(spacing) != 2 or min(spacing) <= 0:
        return None
    return float(spacing[0]), float(spacing[1])
