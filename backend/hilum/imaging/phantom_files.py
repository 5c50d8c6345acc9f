"""Synthetic radiographs as files: images, and DICOM with an invented header."""

import io
from datetime import date
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DICOM_ENDINGS = (".dcm", ".dicom")
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp")

_JPEG_QUALITY = 90
_BITS_STORED = 12
_DETECTOR_WIDTH_MM = 430
_DRAWN_ON = date(2026, 1, 1)


def as_file(pixels: NDArray[np.float32], ending: str) -> bytes:
    """Encode a drawn radiograph.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns), in [0, 1]
    ending : str
        One of `DICOM_ENDINGS` or `PICTURE_ENDINGS`, in any case.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        There is no format with this ending.
    """
    ending = ending.lower()
    if ending in DICOM_ENDINGS:
        return as_dicom(pixels)
    if ending not in PICTURE_ENDINGS:
        raise ValueError(f"no format with the ending {ending!r}")
    buffer = io.BytesIO()
    image = Image.fromarray(np.uint8(np.round(255 * pixels)))
    image.save(buffer, Image.registered_extensions()[ending], quality=_JPEG_QUALITY)
    return buffer.getvalue()


def as_dicom(pixels: NDArray[np.float32]) -> bytes:
    """Encode a drawn radiograph as Digital X-Ray Image for presentation (PS3.3 A.26).

    The patient is made up and says so. The same pixels have the same UIDs.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns), in [0, 1]

    Returns
    -------
    bytes
        Explicit VR little endian, 12 bits, MONOCHROME2.
    """
    # What serves pictures alone starts without it.
    from pydicom import Dataset, dcmwrite
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.sr.codedict import codes
    from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

    highest = (1 << _BITS_STORED) - 1
    stored = np.round(highest * pixels).astype("<u2")
    digest = sha256(stored.tobytes()).hexdigest()
    uids = [UID(f"2.25.{uuid5(NAMESPACE_OID, f'{digest}.{part}').int}") for part in range(3)]
    spacing = f"{_DETECTOR_WIDTH_MM / pixels.shape[1]:.6f}"

    def coded(code: tuple[str, str, str]) -> list[Dataset]:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code
        return [item]

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = uids[2]
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    made.SpecificCharacterSet = "ISO_IR 192"
    made.ImageType = ["DERIVED", "PRIMARY"]
    made.SOPClassUID = DigitalXRayImageStorageForPresentation
    made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID = uids
    made.StudyDate = made.ContentDate = f"{_DRAWN_ON:%Y%m%d}"
    made.StudyTime = made.ContentTime = "120000"
    made.AccessionNumber, made.StudyID = "SYNTHETIC", "1"
    made.SeriesNumber = made.InstanceNumber = 1
    made.Modality, made.PresentationIntentType = "DX", "FOR PRESENTATION"
    made.Manufacturer, made.SeriesDescription = "Hilum", "Synthetic chest phantom"
    made.ReferringPhysicianName = ""
    made.PatientName, made.PatientID = "Synthetic^Phantom", "PHANTOM"
    made.PatientBirthDate, made.PatientSex, made.PatientAge = "20230101", "O", "003Y"
    made.BodyPartExamined, made.ViewPosition = "CHEST", "PA"
    made.PatientOrientation, made.ImageLaterality = ["L", "F"], "U"
    made.AnatomicRegionSequence = coded((codes.SCT.Chest.value, "SCT", codes.SCT.Chest.meaning))
    made.ImagerPixelSpacing = [spacing, spacing]
    made.DetectorType = made.PositionerType = ""
    made.AcquisitionContextSequence = []
    made.BurnedInAnnotation, made.LossyImageCompression = "NO", "00"
    made.PresentationLUTShape, made.RescaleType = "IDENTITY", "US"
    made.RescaleIntercept, made.RescaleSlope = 0, 1
    made.PixelIntensityRelationship, made.PixelIntensityRelationshipSign = "LOG", -1
    made.WindowCenter, made.WindowWidth = (highest + 1) // 2, highest + 1
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns = pixels.shape
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, _BITS_STORED, _BITS_STORED - 1
    made.PixelRepresentation = 0
    made.PixelData = stored.tobytes()
    made["PixelData"].VR = "OW"
    buffer = io.BytesIO()
    dcmwrite(buffer, made, enforce_file_format=True)
    return buffer.getvalue()
