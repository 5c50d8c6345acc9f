"""DICOM object that was read, with the attributes that its results carry over."""

import copy
from dataclasses import dataclass

from pydicom import DataElement, Dataset

from hilum.errors import HilumError
from hilum.imaging import ImageFormat, Radiograph
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.dicom.file import NO_LIMITS, before_pixels
from hilum.imaging.dicom.validity import is_valid_uid
from hilum.isolation import IN_PROCESS, Isolation
from hilum.reporting.errors import ReportError
from hilum.reporting.passed_on import IDENTIFYING, MODALITIES, pass_on

_NO_DICOM = (
    "belongs into the study that a radiograph comes from, and this file is no DICOM: it says "
    "neither the patient nor the study. Ask for pdf, json or fhir, or send the DICOM file."
)
SOURCE_CLASSES = tuple(MODALITIES)
"""SOP classes of radiographs that results can be put beside."""

_UTF8 = "ISO_IR 192"


class _UnusableError(Exception):
    """Why no result can be added to the study: the end of a sentence that an output begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The header of the file that was read, for its results to copy from.

    See `read_source`.

    Attributes
    ----------
    left_out : tuple of str
        Keywords of the elements that are not passed on, because they are not valid.
    invalid_uids : tuple of str
        Keywords of the UIDs that are passed on though they are not valid, such as by a component
        that begins with a zero.
    """

    _header: Dataset | None
    _fault: _UnusableError | None = None
    left_out: tuple[str, ...] = ()
    invalid_uids: tuple[str, ...] = ()

    @property
    def has_study(self) -> bool:
        """Whether results can be added to the study of the file."""
        return self._header is not None

    def header(self, what: str) -> Dataset:
        """Copy the validated header for one output, because writers may change it.

        Parameters
        ----------
        what : str
            Name of the output, for the error message.

        Returns
        -------
        Dataset
            Without pixels.

        Raises
        ------
        ReportError
            The file is no DICOM, or does not say which study it belongs to.
        """
        if self._header is None:
            raise ReportError(f"{what} {self._fault}") from self._fault
        return copy.deepcopy(self._header)


def read_source(content: bytes, film: Radiograph, isolation: Isolation = IN_PROCESS) -> Source:
    """Read the header of a file, for results that join its study.

    What is passed on is listed in `hilum.reporting.passed_on`. Text becomes Unicode, and values
    that are not valid (`hilum.imaging.dicom.validity`) are left out or emptied.

    Parameters
    ----------
    content : bytes
        The file.
    film : Radiograph
        As it was read from the file.
    isolation : Isolation
        Where the file is parsed.

    Returns
    -------
    Source
        Of a file that no result can be put beside, too: its `header` raises and says why.
    """
    if film.format is not ImageFormat.DICOM:
        return Source(None, _UnusableError(_NO_DICOM))
    return isolation.call(_source, content, film.file_size)


def _source(content: bytes, file_size: tuple[int, int]) -> Source:
    try:
        return _usable_source(content, file_size)
    except _UnusableError as exc:
        return Source(None, exc)


def _usable_source(content: bytes, file_size: tuple[int, int]) -> Source:
    try:
        header, left_out = pass_on(before_pixels(content, NO_LIMITS))
    except (HilumError, *DAMAGE) as exc:
        raise _UnusableError("cannot be made: the file's header is damaged.") from exc
    missing = [name for name in IDENTIFYING if not header.get(name)]
    if missing:
        raise _UnusableError(
            "cannot be made: the file does not say which study it belongs to "
            f"({', '.join(missing)} missing or not valid)."
        )
    if header.get("SOPClassUID") not in SOURCE_CLASSES:
        raise _UnusableError("cannot be made: the file is no CR, DX or secondary capture image.")
    header.SpecificCharacterSet = _UTF8
    header.Rows, header.Columns = file_size
    invalid = tuple(name for name in IDENTIFYING if not is_valid_uid(header[name].value))
    return Source(header, left_out=left_out, invalid_uids=invalid)


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
    """Write a date of the header (DA, PS3.5 6.2) as ISO 8601; empty if there is none."""
    text = str(value or "")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 else ""


def for_library(source: Dataset) -> Dataset:
    """The header as highdicom may see it: it warns of a name by quoting it, and goes by modality.

    `hilum.reporting.dicom.stamp.stamp` puts the name back.

    Parameters
    ----------
    source : Dataset
        See `Source.header`.
    """
    # New elements: `update` shares the source's own. The class tells what the picture is, where
    # Modality may be that of a report or of a tomograph.
    changed = {"PatientName": "", "Modality": MODALITIES[source.SOPClassUID]}
    shown = Dataset()
    shown.update(source)
    for name, value in changed.items():
        shown.add(DataElement(source[name].tag, source[name].VR, value))
    return shown
