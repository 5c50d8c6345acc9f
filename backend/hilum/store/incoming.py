"""Classification of a received object from its header, before anything is kept."""

import hashlib
from dataclasses import dataclass, replace
from typing import NamedTuple

from pydicom import Dataset

from hilum.errors import (
    DecodingFailedError,
    DecodingStalledError,
    HilumError,
    ImageTooLargeError,
    WorkersUnavailableError,
)
from hilum.imaging import DecodeLimits, View
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.dicom.elements import whole
from hilum.imaging.dicom.file import DicomFile, before_pixels, data_set_start, take_apart
from hilum.imaging.dicom.header import read_view
from hilum.imaging.dicom.objects import check_transfer_syntax
from hilum.imaging.dicom.validity import is_encodable_uid
from hilum.isolation import IN_PROCESS, Isolation
from hilum.reporting.source import SOURCE_CLASSES
from hilum.store.errors import RefusalCode, RefusedError

READ_CLASSES = SOURCE_CLASSES
"""SOP classes that are read: those that results can be put beside."""

_STORAGE = "1.2.840.10008.5.1.4.1.1."


@dataclass(frozen=True, slots=True)
class Incoming:
    """A DICOM object that arrives.

    Attributes
    ----------
    content : bytes
        A file as of PS3.10.
    sha256 : str
        Of its data set alone: the file meta is each sender's own.
    ignored_because : str or None
        Why it is not to be read, though nothing is wrong with it.
    """

    content: bytes
    sha256: str
    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str = ""
    ignored_because: str | None = None


class Announced(NamedTuple):
    """UIDs of a request, which the data set has to bear out.

    Attributes
    ----------
    sop_class, instance : str or None
        Of C-STORE (PS3.4 B.2.3).
    study : str or None
        That a STOW-RS request is for (PS3.18 10.5.1).
    """

    sop_class: str | None = None
    instance: str | None = None
    study: str | None = None


NOTHING_ANNOUNCED = Announced()


def inspect_incoming(
    content: bytes,
    limits: DecodeLimits,
    announced: Announced = NOTHING_ANNOUNCED,
    *,
    isolation: Isolation = IN_PROCESS,
) -> Incoming:
    """Classify a DICOM file, and decide whether it is read.

    Parameters
    ----------
    content : bytes
        With preamble and file meta.
    isolation : Isolation
        Where the file is parsed.

    Raises
    ------
    RefusedError
        It cannot be accepted; the message quotes no content.
    """
    if len(content) > limits.max_bytes:
        raise RefusedError(
            RefusalCode.OUT_OF_RESOURCES,
            f"The object is over {limits.max_bytes / 2**20:.0f} MB, which is the limit.",
        )
    try:
        found = isolation.call(_inspected, content, limits, announced)
    except (ImageTooLargeError, DecodingFailedError) as exc:
        raise RefusedError(RefusalCode.CANNOT_UNDERSTAND, str(exc)) from exc
    except (WorkersUnavailableError, DecodingStalledError) as exc:
        raise RefusedError(RefusalCode.OUT_OF_RESOURCES, str(exc)) from exc
    return replace(found, content=content)


def names_of(content: bytes, limits: DecodeLimits) -> tuple[str, str]:
    """SOP class and instance of a file, if they can be read.

    Parameters
    ----------
    content : bytes
    """
    try:
        return _names(before_pixels(content, limits))
    except (HilumError, *DAMAGE):
        return "", ""


def _names(dataset: Dataset) -> tuple[str, str]:
    try:
        return str(dataset.get("SOPClassUID") or ""), str(dataset.get("SOPInstanceUID") or "")
    except DAMAGE:
        return "", ""


def _inspected(content: bytes, limits: DecodeLimits, announced: Announced) -> Incoming:
    """Classify a file; the result has no bytes, because they need not be sent back."""
    file = None
    try:
        file = take_apart(content, limits)
        uids = _uids(file, announced)
        ignored_because = _not_read(file, uids[0])
        if ignored_because is None:
            _check_picture(file, limits)
    except (HilumError, *DAMAGE) as exc:
        if file is not None:
            names = _names(file.dataset)
        elif isinstance(exc, ImageTooLargeError):
            # Its header is over a limit, and would be again.
            names = "", ""
        else:
            names = names_of(content, limits)
        raise RefusedError(*_why_refused(exc), names) from exc
    digest = hashlib.sha256(memoryview(content)[data_set_start(content) :]).hexdigest()
    return Incoming(b"", digest, *uids, ignored_because)


def _why_refused(exc: BaseException) -> tuple[RefusalCode, str]:
    if isinstance(exc, RefusedError):
        return exc.code, str(exc)
    if isinstance(exc, ImageTooLargeError):
        return RefusalCode.CANNOT_UNDERSTAND, str(exc)
    return RefusalCode.CANNOT_UNDERSTAND, "The object is truncated or damaged."


def _uids(file: DicomFile, announced: Announced) -> tuple[str, str, str, str]:
    """SOP class, instance, study and series, if present and equal to the announced ones."""
    found = [
        str(file.dataset.get(name) or "")
        for name in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    ]
    if not any(found):
        raise RefusedError(RefusalCode.CANNOT_UNDERSTAND, "The object names no instance.")
    if not all(map(is_encodable_uid, found)):
        raise RefusedError(
            RefusalCode.DOES_NOT_MATCH,
            "The object does not say which class, instance, series and study it is.",
        )
    if announced.study not in (None, found[2]):
        raise RefusedError(RefusalCode.DOES_NOT_MATCH, "The object is of another study.")
    if announced.sop_class not in (None, found[0]) or announced.instance not in (None, found[1]):
        raise RefusedError(
            RefusalCode.DOES_NOT_MATCH, "The object is not the one that was announced."
        )
    return found[0], found[1], found[2], found[3]


def _not_read(file: DicomFile, sop_class: str) -> str | None:
    """Reason for not reading a valid object."""
    if not sop_class.startswith(_STORAGE):
        raise RefusedError(
            RefusalCode.CLASS_NOT_SUPPORTED, "The object is none that is stored, such as an image."
        )
    if sop_class not in READ_CLASSES:
        return "not of a class that is read"
    try:
        check_transfer_syntax(file.transfer_syntax)
    except HilumError as exc:
        raise RefusedError(RefusalCode.SYNTAX_NOT_SUPPORTED, str(exc)) from exc
    if read_view(file.dataset) is View.LATERAL:
        return "a lateral film"
    return None


def _check_picture(file: DicomFile, limits: DecodeLimits) -> None:
    dataset = file.dataset
    rows, columns = whole(dataset, "Rows"), whole(dataset, "Columns")
    if not rows or not columns or file.pixel_data is None:
        raise RefusedError(RefusalCode.CANNOT_UNDERSTAND, "The object ends before its picture.")
    if (whole(dataset, "NumberOfFrames") or 1) > 1:
        raise RefusedError(
            RefusalCode.DOES_NOT_MATCH, "The object holds several frames; its class has one."
        )
    limits.check_size(rows, columns)
