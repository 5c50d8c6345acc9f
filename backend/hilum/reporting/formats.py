"""The names of all forms that a report can take."""

from enum import StrEnum


class Format(StrEnum):
    """What a report can be made as."""

    PDF = "pdf"
    SR = "sr"
    SEG = "seg"
    SC = "sc"
    DICOM_PDF = "dicom-pdf"
    FHIR = "fhir"
    JSON = "json"
