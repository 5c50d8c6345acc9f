"""Making of the output forms of a report, and which of them apply to it."""

import io
import json
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pydicom
from pydicom import Dataset

from hilum.reporting.errors import ReportError
from hilum.reporting.forms import Form, Format
from hilum.reporting.pictures import has_outlines
from hilum.reporting.report import Report
from hilum.system_faults import system_fault

logger = logging.getLogger(__name__)

_NAME_DIGITS = 12
_NOT_WRITTEN = "could not be written. A value of the header is not valid, or Hilum has an error."


@dataclass(frozen=True, slots=True)
class Output:
    """One file.

    Attributes
    ----------
    name : str
        For a folder: from the film's hash, and never from the name of its file.
    content : bytes
    """

    format: Format
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MissingForm:
    """A form that could not be made.

    Attributes
    ----------
    reason : str
        A sentence, without a value of the file.
    """

    format: Format
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """The forms that were made of a report, and those that could not be."""

    outputs: tuple[Output, ...]
    missing: tuple[MissingForm, ...]


def applicable(report: Report) -> tuple[Format, ...]:
    """The formats that this report can be made as, in the registry's order."""
    return tuple(each for each in Format if _is_met(each.form, report))


def _is_met(form: Form, report: Report) -> bool:
    """Whether the report has all that a form needs."""
    return (report.source.has_study or not form.needs_study) and (
        not form.needs_outlines or has_outlines(report)
    )


def choose(asked: Sequence[Format], report: Report) -> tuple[Format, ...]:
    """Formats to make: the requested ones, each once; default: all that apply."""
    return tuple(dict.fromkeys(asked)) or applicable(report)


def make(report: Report, wanted: Format, *, with_identity: bool = False) -> Output:
    """Make one output.

    Parameters
    ----------
    with_identity : bool
        Print the patient's name, number and birth date on the PDF. What is made for the study
        itself (DICOM, FHIR) has them as the source has.

    Raises
    ------
    ReportError
        It cannot be made of this reading; its words say why. Errors of the libraries that write
        it are among them; errors of the environment, such as a full disk, are raised as they are.
    """
    form = wanted.form
    name = f"hilum-{report.film.sha256[:_NAME_DIGITS]}{form.suffix}"
    try:
        write = form.load_writer(with_identity=with_identity)
        content = _encode(write(report))
    except ReportError:
        raise
    except Exception as exc:
        if system_fault(exc) is not None:
            raise
        # Where it failed, and not the library's message, which may quote the header.
        frames = "".join(traceback.format_tb(exc.__traceback__))
        logger.error("%s: %s\n%s", wanted.value, type(exc).__name__, frames)  # noqa: TRY400
        raise ReportError(f"The {wanted.value} {_NOT_WRITTEN}") from exc
    return Output(wanted, name, form.media_type, content)


def make_each(report: Report, wanted: Sequence[Format], *, with_identity: bool = False) -> Made:
    """Make several outputs; one that cannot be made does not stop the others.

    Parameters
    ----------
    with_identity : bool
        See `make`.
    """
    outputs, missing = [], []
    for each in wanted:
        try:
            outputs.append(make(report, each, with_identity=with_identity))
        except ReportError as exc:
            missing.append(MissingForm(each, str(exc)))
    return Made(tuple(outputs), tuple(missing))


def _encode(written: bytes | Dataset | dict[str, Any]) -> bytes:
    """Encode a writer's result as the bytes of a file."""
    if isinstance(written, bytes):
        return written
    if isinstance(written, Dataset):
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, written, enforce_file_format=True)
        return buffer.getvalue()
    return json.dumps(written, ensure_ascii=False, indent=2).encode("utf-8")
