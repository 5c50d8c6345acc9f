"""Stored files of a reading, and their description for searches."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset

from hilum.imaging.dicom.file import NO_LIMITS, before_pixels
from hilum.imaging.dicom.json_model import dicom_json
from hilum.imaging.dicom.validity import valid_element
from hilum.reporting.passed_on import IDENTIFYING
from hilum.reporting.report import Report

_LONGEST_TEXT = 1024


def film_without_metadata(report: Report) -> bytes:
    """Encode a film that is not DICOM as PNG again, without its metadata.

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
    """Attributes by which a DICOM file can be found.

    Attributes
    ----------
    study, series, instance : str
        UIDs; empty of what is no DICOM, and where the file has none.
    header : dict
        DICOM JSON model (PS3.18 F.2) of the elements that are text or numbers, and valid.
    """

    study: str
    series: str
    instance: str
    header: dict[str, Any]


NO_DICOM = About("", "", "", {})


def describe(content: bytes) -> About:
    """Get the attributes by which a DICOM file can be found.

    Parameters
    ----------
    content : bytes
    """
    dataset = before_pixels(content, NO_LIMITS)
    plain = Dataset()
    for tag in dataset.keys():  # noqa: SIM118 - a data set yields elements, and decodes them all
        element = valid_element(dataset, tag)
        if element is None or element.VR in {"SQ", "UN"} or element.VR.startswith("O"):
            continue
        if len(str(element.value)) <= _LONGEST_TEXT:
            plain.add(element)
    study, series, instance = (str(plain.get(name) or "") for name in IDENTIFYING)
    return About(study, series, instance, dicom_json(plain))
