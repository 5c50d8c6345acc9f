"""The DICOM object that was read: what its results have to carry on."""

import io
from collections.abc import Iterator

import pydicom
from pydicom import DataElement, Dataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)
from pydicom.valuerep import PersonName, validate_value

from hilum.imaging import ImageFormat
from hilum.reporting.errors import ReportError
from hilum.reporting.report import Report

NO_DICOM = (
    "{what} belongs into the study that a radiograph comes from, and this file is no DICOM: it "
    "says neither whose it is nor of which study. Ask for pdf, json or fhir, or send the DICOM "
    "file."
)
_KINDS = (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)
_IDENTIFYING = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
# Of type 2: there, though perhaps empty (PS3.3 C.7.1.1, C.7.2.1).
_MAY_BE_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "StudyID", "AccessionNumber", "ReferringPhysicianName", "Manufacturer",
)  # fmt: skip
NAMES = ("PatientName", "ReferringPhysicianName")
_SEXES = ("M", "F", "O", "")
_UTF8 = "ISO_IR 192"
_PEOPLE = "PN"
_NOT_TEXT = ("SQ", "OB", "OW", "OF", "OD", "OL", "OV", "UN", "AT", "US", "SS", "UL", "SL")
_LAST_HEADER_GROUP = 0x5000
"""Curves, overlays and pixels begin here: they stay with the source."""


def read_source(report: Report, what: str) -> Dataset:
    """Read the header of the radiograph, cleaned for its results to copy from.

    Text becomes Unicode, values that break their representation's rules are left out or
    emptied, and private elements are dropped: an error of the source is not handed on.

    Parameters
    ----------
    report : Report
    what : str
        The output that asks, for the error's words.

    Returns
    -------
    Dataset
        Without pixels.

    Raises
    ------
    ReportError
        The file is no DICOM, does not say which study it belongs to, or is of another size than
        what was read.
    """
    if report.film.format is not ImageFormat.DICOM:
        raise ReportError(NO_DICOM.format(what=what))
    try:
        found = pydicom.dcmread(io.BytesIO(report.content), force=True, stop_before_pixels=True)
        found.decode()
        cleaned = _cleaned(found)
    except (InvalidDicomError, AttributeError, LookupError, TypeError, ValueError) as exc:
        raise ReportError(f"{what} cannot be made: the file's header is damaged.") from exc
    missing = [name for name in _IDENTIFYING if not cleaned.get(name)]
    if missing:
        raise ReportError(
            f"{what} cannot be made: the file does not say which study it belongs to "
            f"({', '.join(missing)} missing or not valid)."
        )
    if cleaned.get("SOPClassUID") not in _KINDS:
        raise ReportError(
            f"{what} cannot be made: the file is no CR, DX or secondary capture image."
        )
    if (cleaned.get("Rows"), cleaned.get("Columns")) != (report.film.rows, report.film.columns):
        raise ReportError(f"{what} cannot be made: the picture was turned before it was read.")
    return cleaned


def _cleaned(found: Dataset) -> Dataset:
    cleaned = Dataset()
    for element in _sound(found):
        cleaned.add(element)
    for name in _MAY_BE_EMPTY:
        if name not in cleaned:
            setattr(cleaned, name, None if name == "PatientBirthDate" else "")
    if cleaned.PatientSex not in _SEXES:
        cleaned.PatientSex = ""
    cleaned.SpecificCharacterSet = _UTF8
    return cleaned


def _sound(found: Dataset) -> Iterator[DataElement]:
    """Elements whose values keep the rules of their representation (PS3.5 6.2)."""
    for tag in found.keys():  # noqa: SIM118 - a data set yields elements, and decodes them all
        if tag.is_private or tag.group >= _LAST_HEADER_GROUP:
            continue
        element = found[tag]
        if element.VR not in _NOT_TEXT:
            values = element.value if element.VM > 1 else [element.value]
            try:
                for value in values:
                    validate_value(element.VR, _plain(value), pydicom.config.RAISE)
            except ValueError:
                continue
        if element.VR == _PEOPLE and element.VM == 1:
            element = DataElement(element.tag, _PEOPLE, PersonName(str(element.value)))
        yield element


def _plain(value: object) -> object:
    """As `validate_value` takes it: text for all but numbers."""
    return value if value is None or isinstance(value, int | float) else str(value)


def without_names(source: Dataset) -> Dataset:
    """The header as highdicom may see it: it warns of names by quoting them.

    `hilum.reporting.dicom.stamp.stamp` puts them back.

    Parameters
    ----------
    source : Dataset
        See `read_source`.
    """
    nameless = Dataset()
    nameless.update(source)
    for name in NAMES:
        # A new element: `update` shares the source's own.
        nameless.add(DataElement(source[name].tag, _PEOPLE, ""))
    return nameless
