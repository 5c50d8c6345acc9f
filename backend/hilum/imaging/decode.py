"""Decoding of all file formats to `Radiograph`, shared by training and serving."""

import hashlib
from dataclasses import replace

import numpy as np

from hilum.errors import CorruptImageError, UnreadableRadiographError
from hilum.imaging import picture
from hilum.imaging.film_warning import FilmWarning, FilmWarningCode
from hilum.imaging.limits import SMALL_SIDE_PX, DecodeLimits
from hilum.imaging.radiograph import ImageFormat, Radiograph
from hilum.imaging.signature import identify

_MIN_CONTRAST = 1.5 / 255
"""Brightest minus darkest pixel; one grey level of eight bits is rounding, not a picture."""


def decode(
    content: bytes,
    *,
    limits: DecodeLimits | None = None,
    smallest_side_px: int | None = None,
    window: int = 0,
) -> Radiograph:
    """Decode a file's bytes into a radiograph.

    Parameters
    ----------
    content : bytes
        The whole file.
    limits : DecodeLimits, optional
        Bounds on bytes and pixels, checked before any pixel is decoded.
    smallest_side_px : int, optional
        The caller will average the picture down so that no side is under this. A JPEG may
        then be decoded at some eighths of its size, from 1/8 to 7/8 (libjpeg's scaled inverse
        transform), which drops what the average would drop and costs less. Default: full size.
    window : int
        Of a DICOM file's VOI LUTs and then its windows, the one to show it by, from 0; the
        first where there is no such. `Header.windows` counts them.

    Raises
    ------
    UnsupportedFormatError
        Not a picture format that Hilum reads, or a variant of it that it does not.
    CorruptImageError
        Truncated or damaged.
    ImageTooLargeError
        Over `limits`.
    UnreadableRadiographError
        Too small, too elongated, or of one colour.
    """
    limits = limits or DecodeLimits()
    limits.check_bytes(len(content))
    image_format = identify(content)
    sha256 = hashlib.sha256(content).hexdigest()
    if image_format is ImageFormat.DICOM:
        # pydicom is a slow import that most readings never need.
        from hilum.imaging import dicom

        radiograph = dicom.decode(content, sha256, limits, window)
    else:
        radiograph = picture.decode(content, image_format, sha256, limits, smallest_side_px)
    _check_contrast(radiograph)
    side = min(radiograph.rows, radiograph.columns)
    if side >= SMALL_SIDE_PX:
        return radiograph
    small = FilmWarning(FilmWarningCode.SMALL, side)
    return replace(radiograph, warnings=(*radiograph.warnings, small))


def _check_contrast(radiograph: Radiograph) -> None:
    low, high = float(np.min(radiograph.pixels)), float(np.max(radiograph.pixels))
    if not np.isfinite(high - low):
        raise CorruptImageError(
            f"The {radiograph.format.words} file holds pixels that are not numbers. "
            "Export the radiograph again."
        )
    if high - low < _MIN_CONTRAST:
        raise UnreadableRadiographError(
            "The picture is of one colour: there is nothing to read. Send the radiograph itself."
        )
