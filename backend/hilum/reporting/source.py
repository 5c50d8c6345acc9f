"""The DICOM object that was read: what its results have to carry on."""

import copy
import io
from collections.abc import Iterator
from dataclasses import dataclass

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

from hilum.imaging import ImageFormat, Radiograph
from hilum.reporting.errors import ReportError

_NO_DICOM = (
    "belongs into the study that a radiograph comes from, and this file is no DICOM: it says "
    "neither whose it is nor of which study. Ask for pdf, json or fhir, or send the DICOM file."
)
SOURCE_CLASSES = (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)
"""SOP classes of radiographs that results can be put beside."""

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


class _UnusableError(Exception):
    """Why no result can be put beside the file: the end of a sentence that an output begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The header of the file that was read, for its results to copy from.

    See `read_source`.
    """

    _header: Dataset | None
    _fault: _UnusableError | None = None

    @property
    def has_study(self) -> bool:
        """Whether results can be put beside the file."""
        return self._header is not None

    def header(self, what: str) -> Dataset:
        """Copy the header, cleaned, for one output: writers may change what they are given.

        Parameters
        ----------
        what : str
            The output that asks, for the error's words.

        Returns
        -------
        Dataset
            Without pixels.

        Raises
        ------
        ReportError
            The file is no DICOM, does not say which study it belongs to, or is of another size
            than what was read.
        """
        if self._header is None:
            raise ReportError(f"{what} {self._fault}") from self._fault
        return copy.deepcopy(self._header)


def read_source(content: bytes, film: Radiograph) -> Source:
    """Read the header of a file whose results are to join its study.

    Text becomes Unicode, values that break their representation's rules are left out or
    emptied, and private elements are dropped: an error of the source is not handed on.

    Parameters
    ----------
    content : bytes
        The file.
    film : Radiograph
        As it was read from the file.

    Returns
    -------
    Source
        Of a file that no result can be put beside, too: its `header` raises and says why.
    """
    try:
        return Source(_usable_header(content, film))
    except _UnusableError as exc:
        return Source(None, exc)


def _usable_header(content: bytes, film: Radiograph) -> Dataset:
    if film.format is not ImageFormat.DICOM:
        raise _UnusableError(_NO_DICOM)
    try:
        found = pydicom.dcmread(io.BytesIO(content), force=True, stop_before_pixels=True)
        found.decode()
        cleaned = _cleaned(found)
    except (InvalidDicomError, AttributeError, LookupError, TypeError, ValueError) as exc:
        raise _UnusableError("cannot be made: the file's header is damaged.") from exc
    missing = [name for name in _IDENTIFYING if not cleaned.get(name)]
    if missing:
        raise _UnusableError(
            "cannot be made: the file does not say which study it belongs to "
            f"({', '.join(missing)} missing or not valid)."
        )
    if cleaned.get("SOPClassUID") not in SOURCE_CLASSES:
        raise _UnusableError("cannot be made: the file is no CR, DX or secondary capture image.")
    if (cleaned.get("Rows"), cleaned.get("Columns")) != film.file_size:
        raise _UnusableError("cannot be made: the picture is not of the size that the header says.")
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


def reference(source: Dataset) -> Dataset:
    """Refer to the radiograph, as an item of a sequence (PS3.3 table 10-11).

    Parameters
    ----------
    source : Dataset
        See `Source.header`.
    """
    item = Dataset()
    item.ReferencedSOPClassUID = source.SOPClassUID
    item.ReferencedSOPInstanceUID = source.SOPInstanceUID
    return item


def iso_date(value: object) -> str:
    """Write a date of the header (DA, PS3.5 6.2) as ISO 8601; empty where there is none."""
    text = str(value or "")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 else ""


def without_names(source: Dataset) -> Dataset:
    """The header as highdicom may see it: it warns of names by quoting them.

    `hilum.reporting.dicom.stamp.stamp` puts them back.

    Parameters
    ----------
    source : Dataset
        See `Source.header`.
    """
    nameless = Dataset()
    nameless.update(source)
    for name in NAMES:
        # A new element: `update` shares the source's own.
        nameless.add(DataElement(source[name].tag, _PEOPLE, ""))
    return nameless
