"""Drawn CR films, as a modality would send them, of a patient who is nobody."""

import io
from functools import cache
from typing import Any

import numpy as np
import pydicom
from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian

from hilum.imaging.phantom import draw_phantom

# Long enough not to appear by chance in compressed pixels or their base64, as "Doe" did.
NAMES = (b"Lindqvist", b"Josephine", b"MRN-4711")
ROWS, COLUMNS = 250, 200


def film(number: int = 0, *, rows: int = ROWS, columns: int = COLUMNS, **elements: Any) -> Dataset:
    """A film with UIDs and a picture of its number; with None, an element is left out."""
    root = f"1.2.826.0.1.3680043.8.498.{number + 1}"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = elements.pop("TransferSyntaxUID", ExplicitVRLittleEndian)
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    header = {
        "SOPClassUID": ComputedRadiographyImageStorage,
        "SOPInstanceUID": f"{root}.3",
        "StudyInstanceUID": f"{root}.1",
        "SeriesInstanceUID": f"{root}.2",
        "PatientName": "Lindqvist^Josephine",
        "PatientID": "MRN-4711",
        "PatientBirthDate": "20220301",
        "PatientSex": "F",
        "PatientAge": "004Y",
        "StudyDate": "20261120",
        "StudyTime": "101500",
        "StudyID": "S1",
        "AccessionNumber": "A77",
        "ReferringPhysicianName": "House^G",
        "Manufacturer": "Tester",
        "Modality": "CR",
        "ViewPosition": "PA",
        "BodyPartExamined": "CHEST",
        "PatientOrientation": ["L", "F"],
        "ImagerPixelSpacing": [0.4, 0.4],
        "SeriesNumber": 1,
        "InstanceNumber": 1,
        "Rows": rows,
        "Columns": columns,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
    }
    for name, value in (header | elements).items():
        if value is not None:
            setattr(made, name, value)
    made.PixelData = _drawn(rows, columns, number % 40)
    made["PixelData"].VR = "OW"
    meta.MediaStorageSOPClassUID = made.SOPClassUID
    meta.MediaStorageSOPInstanceUID = made.get("SOPInstanceUID", "1.2.3")
    return made


@cache
def _drawn(rows: int, columns: int, seed: int) -> bytes:
    """Stored values of a phantom, which takes longer to draw than most tests take besides."""
    drawn = draw_phantom(rows, columns, seed=seed, opacity="left_lower")
    return np.uint16(4095 * drawn).tobytes()


def as_file(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def report(number: int = 0, **elements: Any) -> Dataset:
    """A structured report of the study of that film."""
    made = film(number)
    for name in ("PixelData", "Rows", "Columns"):
        del made[name]
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.22"
    made.SOPInstanceUID = f"{made.SOPInstanceUID}.88"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.SeriesInstanceUID = f"{made.SeriesInstanceUID}.88"
    made.Modality = "SR"
    for name, value in elements.items():
        setattr(made, name, value)
    return made
