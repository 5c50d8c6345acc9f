"""All forms that a report can take, and which of them a file allows."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pydicom
from pydicom import Dataset

from hilum.imaging import ImageFormat
from hilum.reporting.dicom.encapsulated_pdf import identity_line, write_encapsulated_pdf
from hilum.reporting.dicom.secondary_capture import write_secondary_capture
from hilum.reporting.dicom.segmentation import can_segment, write_segmentation
from hilum.reporting.dicom.source import read_source
from hilum.reporting.dicom.structured_report import write_structured_report
from hilum.reporting.errors import ReportError
from hilum.reporting.fhir import write_bundle
from hilum.reporting.formats import Format
from hilum.reporting.pdf import write_pdf
from hilum.reporting.plain_json import as_plain
from hilum.reporting.report import Report

_NAME_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Output:
    """One file.

    Attributes
    ----------
    format : Format
    name : str
        For a folder: from the film's hash, and never from the name of its file.
    media_type : str
    content : bytes
    """

    format: Format
    name: str
    media_type: str
    content: bytes


_DICOM_WRITERS: dict[Format, Callable[[Report], Dataset]] = {
    Format.SR: write_structured_report,
    Format.SEG: write_segmentation,
    Format.SC: write_secondary_capture,
    Format.DICOM_PDF: write_encapsulated_pdf,
}
_SUFFIXES = {
    Format.PDF: (".pdf", "application/pdf"),
    Format.SR: (".sr.dcm", "application/dicom"),
    Format.SEG: (".seg.dcm", "application/dicom"),
    Format.SC: (".sc.dcm", "application/dicom"),
    Format.DICOM_PDF: (".pdf.dcm", "application/dicom"),
    Format.FHIR: (".fhir.json", "application/fhir+json"),
    Format.JSON: (".json", "application/json"),
}


def applicable(report: Report) -> tuple[Format, ...]:
    """The formats that this report can be made as.

    DICOM formats only for a DICOM file that says which study it is of, a segmentation only where
    something was outlined.

    Parameters
    ----------
    report : Report
    """
    wanted = [Format.PDF]
    if _has_study(report):
        wanted += [Format.SR, Format.SC, Format.DICOM_PDF]
        wanted += [Format.SEG] if can_segment(report) else []
    return tuple(sorted({*wanted, Format.FHIR, Format.JSON}, key=list(Format).index))


def make(report: Report, wanted: Format, *, with_identity: bool = False) -> Output:
    """Make one output.

    Parameters
    ----------
    report : Report
    wanted : Format
    with_identity : bool
        Print the patient's name, number and birth date on the PDF. What is made for the study
        itself (DICOM, FHIR) has them as the source has.

    Returns
    -------
    Output

    Raises
    ------
    ReportError
        It cannot be made of this reading; its words say why.
    """
    suffix, media_type = _SUFFIXES[wanted]
    name = f"hilum-{report.film.sha256[:_NAME_DIGITS]}{suffix}"
    return Output(wanted, name, media_type, _content(report, wanted, with_identity=with_identity))


def _content(report: Report, wanted: Format, *, with_identity: bool) -> bytes:
    if wanted is Format.PDF:
        identity = None
        if with_identity:
            identity = identity_line(report, read_source(report, "A page with the patient's name"))
        return write_pdf(report, identity=identity)
    if wanted is Format.FHIR:
        return _json(write_bundle(report))
    if wanted is Format.JSON:
        return _json(as_plain(report))
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, _DICOM_WRITERS[wanted](report), enforce_file_format=True)
    return buffer.getvalue()


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8")


def _has_study(report: Report) -> bool:
    if report.film.format is not ImageFormat.DICOM:
        return False
    try:
        read_source(report, "DICOM results")
    except ReportError:
        return False
    return True


def formats(asked: Sequence[Format], report: Report) -> tuple[Format, ...]:
    """What to make: what was asked for, or all that apply."""
    return tuple(dict.fromkeys(asked)) or applicable(report)
