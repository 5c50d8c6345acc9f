"""The type `Radiograph`, which all image files are decoded to."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.film_warning import FilmWarning
from hilum.imaging.header import Header
from hilum.imaging.orientation import UPRIGHT, Orientation, SideDoubt


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
    """View position, with the terms of DICOM's View Position (0018,5101)."""

    PA = "PA"
    AP = "AP"
    LATERAL = "lateral"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Radiograph:
    """A greyscale image as it is displayed, without the patient's identity.

    A frontal film is displayed in radiological convention if its file states the orientation: the
    patient's left is on the right of the image, the feet are at its lower edge.

    Attributes
    ----------
    pixels : ndarray of float32, shape (rows', columns')
        Values in [0, 1]; higher is brighter, bone is white. May be smaller than the file's
        image if `decode` was called with a smaller side; `rows` and `columns` then still give the
        file's size.
    rows, columns : int
        Size of the picture in the file, once displayed.
    format : ImageFormat
        The format found in the bytes.
    sha256 : str
        Hash of the bytes as received, 64 hexadecimal digits.
    spacing_mm : tuple of float or None
        Distance between pixel centres of the full-size picture, (row, column), where known;
        `Header.spacing_origin` says where it was measured.
    view : View
        View position, if the file states it.
    estimated_view : View
        View position estimated from the image, if the file states none.
    patient_age_years : float or None
        Age at the time of the study, if the file states it.
    was_colour : bool
        The file had colours, which were converted to grey by luminance.
    warnings : tuple of FilmWarning
        Warnings for readers of the image.
    header : Header or None
        Other facts of a DICOM header; None for other formats.
    orientation : Orientation
        Orientation of the displayed image relative to the file.
    side_doubts : tuple of SideDoubt
        Reasons why left and right are not certain; empty if they are.
    turned_degrees : int
        Part of `orientation`: clockwise rotation because the image was not upright and a user
        requested it.
    """

    pixels: NDArray[np.float32]
    rows: int
    columns: int
    format: ImageFormat
    sha256: str
    spacing_mm: tuple[float, float] | None = None
    view: View = View.UNKNOWN
    estimated_view: View = View.UNKNOWN
    patient_age_years: float | None = None
    was_colour: bool = False
    warnings: tuple[FilmWarning, ...] = ()
    header: Header | None = None
    orientation: Orientation = UPRIGHT
    side_doubts: tuple[SideDoubt, ...] = ()
    turned_degrees: int = 0

    @property
    def are_sides_certain(self) -> bool:
        """The right of the displayed picture is the patient's left."""
        return not self.side_doubts

    @property
    def file_size(self) -> tuple[int, int]:
        """Rows and columns of the picture in the file."""
        return self.orientation.size(self.rows, self.columns)

    def displayed(self, orientation: Orientation) -> Self:
        """Display it in another way.

        Parameters
        ----------
        orientation : Orientation
            From the displayed pixels to those of the result.
        """
        rows, columns = orientation.size(self.rows, self.columns)
        spacing = self.spacing_mm
        if spacing is not None and orientation.swaps_axes:
            spacing = (spacing[1], spacing[0])
        return replace(
            self,
            pixels=orientation.display(self.pixels),
            rows=rows,
            columns=columns,
            spacing_mm=spacing,
            orientation=self.orientation.then(orientation),
        )
