"""Makes the output forms of a report, and tells which of them a report can take."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pydicom
from pydicom import Dataset

from hilum.reporting.forms import Form, Format
from hilum.reporting.pictures import has_outlines
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


def applicable(report: Report) -> tuple[Format, ...]:
    """The formats that this report can be made as, in the registry's order.

    Parameters
    ----------
    report : Report
    """
    return tuple(each for each in Format if _is_met(each.form, report))


def _is_met(form: Form, report: Report) -> bool:
    """Whether the report has all that a form needs."""
    return (report.source.has_study or not form.needs_study) and (
        not form.needs_outlines or has_outlines(report)
    )


def choose(asked: Sequence[Format], report: Report) -> tuple[Format, ...]:
    """The formats to make: those asked for, each once; all that apply where none is.

    Parameters
    ----------
    asked : sequence of Format
    report : Report
    """
    return tuple(dict.fromkeys(asked)) or applicable(report)


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
    form = wanted.form
    write = form.load_writer(with_identity=with_identity)
    name = f"hilum-{report.film.sha256[:_NAME_DIGITS]}{form.suffix}"
    return Output(wanted, name, form.media_type, _encode(write(report)))


def _encode(written: bytes | Dataset | dict[str, Any]) -> bytes:
    """What a writer returned, as the bytes of a file."""
    if isinstance(written, bytes):
        return written
    if isinstance(written, Dataset):
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, written, enforce_file_format=True)
        return buffer.getvalue()
    return json.dumps(written, ensure_ascii=False, indent=2).encode("utf-8")
