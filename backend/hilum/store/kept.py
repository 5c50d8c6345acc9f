"""What is held of a reading, as files, and how it is described to those who look for it."""

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from hilum.imaging.dicom.damage import DAMAGE
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
    dataset = pydicom.dcmread(io.BytesIO(content), force=True, stop_before_pixels=True)
    described = {f"{tag:08X}": _in_json(dataset, tag) for tag in dataset.keys()}  # noqa: SIM118
    return About(
        str(dataset.StudyInstanceUID),
        str(dataset.SeriesInstanceUID),
        str(dataset.SOPInstanceUID),
        {tag: value for tag, value in described.items() if value is not None},
    )


def _in_json(dataset: Dataset, tag: BaseTag) -> dict[str, Any] | None:
    """An element as DICOM JSON; None where it is no text or number, or not a valid one."""
    try:
        element = dataset[tag]
        is_text = element.VR not in {"SQ", "UN"} and not element.VR.startswith("O")
        if not is_text or tag.is_private or len(str(element.value)) > _LONGEST_TEXT:
            return None
        value: dict[str, Any] = element.to_json_dict(None, 0)
        # Databases take no NaN.
        json.dumps(value, allow_nan=False)
    except DAMAGE:
        return None
    return value
