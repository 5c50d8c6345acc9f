"""What is held of a reading, as files, and how it is described to those who look for it."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset

from hilum.imaging.dicom.file import NO_LIMITS, before_pixels
from hilum.reporting.report import Report

_LONGEST_TEXT = 1024


def film_without_metadata(report: Report) -> bytes:
    """Encode a film that was no DICOM anew as PNG: the picture alone, no text that came with it.

    Parameters
    ----------
    report : Report

    Returns
    -------
    bytes
        8-bit grey PNG, of the size that reports show.
    """
    grey = np.uint8(np.round(255 * np.clip(report.film.pixels, 0, 1)))
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class About:
    """What a DICOM file can be found by.

    Attributes
    ----------
    study, series, instance : str
        UIDs; empty of what is no DICOM.
    header : dict
        DICOM JSON model (PS3.18 F.2) of the elements that are text or numbers.
    """

    study: str
    series: str
    instance: str
    header: dict[str, Any]


NO_DICOM = About("", "", "", {})


def describe(content: bytes) -> About:
    """Tell what a DICOM file can be found by.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    About
    """
    dataset = before_pixels(content, NO_LIMITS)
    plain = Dataset()
    for element in dataset:
        is_text = element.VR not in {"SQ", "UN"} and not element.VR.startswith("O")
        if is_text and len(str(element.value)) <= _LONGEST_TEXT and not element.tag.is_private:
            plain.add(element)
    header: dict[str, Any] = plain.to_json_dict(suppress_invalid_tags=True)
    return About(
        str(dataset.StudyInstanceUID),
        str(dataset.SeriesInstanceUID),
        str(dataset.SOPInstanceUID),
        header,
    )
