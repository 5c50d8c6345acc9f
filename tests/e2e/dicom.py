"""DICOM files for the page's tests: a synthetic film of 16 bits, with an invented header."""

import io
import zipfile
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import FilePayload, Page
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    MediaStorageDirectoryStorage,
)

from hilum.imaging.phantom import draw_phantom

ROWS, COLUMNS = 600, 600
SPACING_MM = 0.2
NAME, PATIENT_ID, STUDY_DATE = "Lindqvist^Josephine", "MRN-4711", "20240229"
WINDOWS = {"NORMAL": (32768, 65536), "SOFT": (20000, 20001), "HARD": (45000, 30001)}
_REPORT = "1.2.840.10008.5.1.4.1.1.88.33"


def stored_values(seed: int = 1) -> NDArray[np.uint16]:
    """A film's stored values, MONOCHROME1: bone has the low ones."""
    film = draw_phantom(ROWS, COLUMNS, seed=seed, opacity="right_lower")
    return np.round(65535 * (1 - film)).astype(np.uint16)


def radiograph(values: NDArray[np.uint16] | None = None, **elements: Any) -> bytes:
    """A DX file, MONOCHROME1, JPEG 2000; keywords set elements."""
    words = stored_values() if values is None else values
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.3.1"
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    dataset.PatientName, dataset.PatientID = NAME, PATIENT_ID
    dataset.StudyDate = STUDY_DATE
    dataset.PatientAge, dataset.PatientSex = "003Y", "F"
    dataset.Modality, dataset.ViewPosition, dataset.BodyPartExamined = "DX", "PA", "CHEST"
    dataset.PatientOrientation = ["L", "F"]
    dataset.ImagerPixelSpacing = [SPACING_MM, SPACING_MM]
    dataset.Rows, dataset.Columns = words.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME1"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.PixelRepresentation = 0
    dataset.WindowCenter = [centre for centre, _ in WINDOWS.values()]
    dataset.WindowWidth = [width for _, width in WINDOWS.values()]
    dataset.WindowCenterWidthExplanation = list(WINDOWS)
    frame = imagecodecs.jpeg2k_encode(
        words, codecformat="j2k", reversible=True, level=0, bitspersample=16
    )
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].VR = "OB"
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return _file_of(dataset)


def report() -> bytes:
    """A structured report of the first study: no radiograph."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = _REPORT, "1.2.826.0.1.3680043.8.498.9"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.1", "1.2.1.9"
    dataset.SeriesNumber, dataset.Modality = 9, "SR"
    return _file_of(dataset)


def directory() -> bytes:
    """A disc's DICOMDIR, as far as it is looked at."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = MediaStorageDirectoryStorage
    dataset.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.8"
    dataset.FileSetID = "DISC"
    return _file_of(dataset)


def _file_of(dataset: Dataset) -> bytes:
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def disc() -> dict[str, bytes]:
    """Three studies by their paths on a disc, images out of order, and what else lies there."""
    small = stored_values()[::6, ::6]
    files = {"DICOMDIR": directory(), "README.TXT": b"Start the viewer.", "1/report.dcm": report()}
    for study in (1, 2, 3):
        for number, view in ((2, "LL"), (1, "PA")):
            files[f"{study}/{view.lower()}-{study}.dcm"] = radiograph(
                small,
                StudyInstanceUID=f"1.2.{study}",
                SeriesInstanceUID=f"1.2.{study}.1",
                InstanceNumber=number,
                ViewPosition=view,
            )
    return files


def zip_of(files: dict[str, bytes]) -> bytes:
    """An archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def payload(name: str, content: bytes) -> FilePayload:
    """A file as a browser is given it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def refuse_all(page: Page) -> None:
    """Have the server read nothing: what is looked at here is the film, not its reading."""
    reasons = [{"code": "drawn", "words": "This is a drawn picture."}]
    problem = {"type": "/problems/unsuitable-radiograph", "status": 422, "reasons": reasons}
    page.route("**/predict*", lambda route: route.fulfill(status=422, json=problem))
