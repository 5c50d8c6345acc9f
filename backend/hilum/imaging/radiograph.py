"""The radiograph: what every picture becomes, whatever file it came in."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.header import Header


class ImageFormat(StrEnum):
    """The file formats that Hilum reads."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    TIFF = "tiff"
    BMP = "bmp"
    HEIF = "heif"
    AVIF = "avif"
    JPEG_2000 = "jpeg2000"
    JPEG_XL = "jpegxl"

    @property
    def words(self) -> str:
        """The format's name for people."""
        return {"jpeg2000": "JPEG 2000", "jpegxl": "JPEG XL", "heif": "HEIF (HEIC)"}.get(
            self.value, self.value.upper()
        )

    DICOM = "dicom"


class View(StrEnum):
    """View position, in the words of DICOM's View Position (0018,5101)."""

    PA = "PA"
    AP = "AP"
    LATERAL = "lateral"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Radiograph:
    """One upright grey picture, free of patient identity.

    Attributes
    ----------
    pixels : ndarray of float32, shape (rows', columns')
        Values in [0, 1]; higher is brighter, bone is white. May be smaller than the file's
        picture when `decode` was told that less is enough; `rows` and `columns` then still
        give the file's size.
    rows, columns : int
        Size of the picture in the file, after it was turned upright.
    format : ImageFormat
        The format found in the bytes.
    sha256 : str
        Hash of the bytes as received, 64 hexadecimal digits.
    spacing_mm : tuple of float or None
        Distance between pixel centres of the full-size picture, (row, column), where known;
        `Header.spacing_origin` says where it was measured.
    view : View
        View position, where the file says it.
    patient_age_years : float or None
        Age at the study, where the file says it; nothing that tells who.
    was_colour : bool
        The file held colour that was turned to grey by luminance.
    warnings : tuple of str
        What a reader of this picture should know, in words for people.
    header : Header or None
        What else a DICOM header says; None for every other format.
    """

    pixels: NDArray[np.float32]
    rows: int
    columns: int
    format: ImageFormat
    sha256: str
    spacing_mm: tuple[float, float] | None = None
    view: View = View.UNKNOWN
    patient_age_years: float | None = None
    was_colour: bool = False
    warnings: tuple[str, ...] = ()
    header: Header | None = None
