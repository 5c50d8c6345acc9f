"""Pixel spacing, and where it was measured (PS3.3 10.7.1)."""

from pydicom import Dataset

from hilum.imaging.dicom.elements import code, number, numbers
from hilum.imaging.header import SpacingOrigin

_CALIBRATED = ("FIDUCIAL", "GEOMETRY")
_MOST_MAGNIFIED = 3.0
"""The body lies near the detector: more is a distance in other units, or one that was not set."""

Pair = tuple[float, float]


def read_spacing(dataset: Dataset) -> tuple[Pair | None, SpacingOrigin | None]:
    """Read row and column spacing in millimetres, and where it was measured.

    Pixel Spacing goes first. Where that is the detector's own (the same as Imager Pixel Spacing,
    and no calibration is named), or where there is Imager Pixel Spacing alone, the magnification
    is taken out, if the file tells it.
    """
    pixel, imager = _pair(dataset, "PixelSpacing"), _pair(dataset, "ImagerPixelSpacing")
    is_calibrated = code(dataset, "PixelSpacingCalibrationType") in _CALIBRATED
    if pixel and (is_calibrated or (imager and imager != pixel)):
        return pixel, SpacingOrigin.CALIBRATED
    if imager:
        magnification = _magnification(dataset)
        if magnification is None:
            return imager, SpacingOrigin.DETECTOR
        return (imager[0] / magnification, imager[1] / magnification), SpacingOrigin.CORRECTED
    if pixel:
        return pixel, SpacingOrigin.UNSTATED
    film = _pair(dataset, "NominalScannedPixelSpacing")
    return film, SpacingOrigin.FILM if film else None


def _magnification(dataset: Dataset) -> float | None:
    """Estimated Radiographic Magnification Factor, else the ratio of the two distances.

    From the source to the detector, and to the patient's side of the table or support (PS3.3
    C.8.7.3, C.8.11.5); None where the file tells neither, or one that cannot be.
    """
    estimated = number(dataset, "EstimatedRadiographicMagnificationFactor") or 0
    if 1 <= estimated <= _MOST_MAGNIFIED:
        return estimated
    detector = number(dataset, "DistanceSourceToDetector") or 0
    patient = number(dataset, "DistanceSourceToPatient") or 0
    ratio = detector / patient if patient > 0 else 0
    return ratio if 1 <= ratio <= _MOST_MAGNIFIED else None


def _pair(dataset: Dataset, keyword: str) -> Pair | None:
    spacing = numbers(dataset, keyword)
    return (spacing[0], spacing[1]) if len(spacing) == 2 and min(spacing) > 0 else None
