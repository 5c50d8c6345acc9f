"""The registry of output forms: each one's name, file, requirements and writer.

A new form is one module with its writer and one member of `Format`; settings, service, command
and store read the registry. Importing it is cheap: a writer's module, with the libraries that it
needs, is imported when the writer is first used.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    from pydicom import Dataset

    from hilum.reporting.report import Report

    Writer: TypeAlias = Callable[[Report], bytes | Dataset | dict[str, Any]]

_DICOM = "application/dicom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form that a report can take.

    Attributes
    ----------
    name : str
        Its public code: in settings, queries and the store.
    suffix : str
        Of file names.
    address : str
        Last part of its URL below ``/readings/{id}/``.
    writer : str
        ``package.module:function``. The function takes a `Report`, and returns the file's bytes,
        a DICOM data set with file meta information, or a mapping that is written as JSON. It
        raises `ReportError` where the form cannot be made.
    identified_writer : str or None
        Writes the form with the patient's name, number and birth date, where `writer` leaves
        them out.
    needs_study : bool
        Made only for a DICOM file that says which study it belongs to.
    needs_outlines : bool
        Made only where lungs and heart, or the evidence, were outlined.
    shows_film : bool
        Holds the film's pixels, and with them whatever text is burned into these.
    """

    name: str
    suffix: str
    media_type: str
    address: str
    writer: str
    identified_writer: str | None = None
    needs_study: bool = False
    needs_outlines: bool = False
    shows_film: bool = False

    @property
    def is_dicom(self) -> bool:
        """Whether it is a DICOM object, which can be sent to a peer."""
        return self.media_type == _DICOM

    def load_writer(self, *, with_identity: bool = False) -> "Writer":
        """Import the function that writes this form.

        Parameters
        ----------
        with_identity : bool
            Prefer `identified_writer`, where the form has one.
        """
        name = self.identified_writer if with_identity and self.identified_writer else self.writer
        writer: Writer = pkgutil.resolve_name(name)
        return writer


class Format(StrEnum):
    """Format of a report."""

    form: Form
    _value_: str

    def __new__(cls, form: Form) -> Self:
        """Make a member that equals the form's name."""
        member = str.__new__(cls, form.name)
        member._value_ = form.name
        member.form = form
        return member

    PDF = Form(
        name="pdf",
        suffix=".pdf",
        media_type="application/pdf",
        address="report.pdf",
        writer="hilum.reporting.pdf:write_pdf",
        identified_writer="hilum.reporting.pdf:write_identified_pdf",
        shows_film=True,
    )
    SR = Form(
        name="sr",
        suffix=".sr.dcm",
        media_type=_DICOM,
        address="sr",
        writer="hilum.reporting.dicom.structured_report:write_structured_report",
        needs_study=True,
    )
    SEG = Form(
        name="seg",
        suffix=".seg.dcm",
        media_type=_DICOM,
        address="seg",
        writer="hilum.reporting.dicom.segmentation:write_segmentation",
        needs_study=True,
        needs_outlines=True,
    )
    SC = Form(
        name="sc",
        suffix=".sc.dcm",
        media_type=_DICOM,
        address="sc",
        writer="hilum.reporting.dicom.secondary_capture:write_secondary_capture",
        needs_study=True,
        shows_film=True,
    )
    DICOM_PDF = Form(
        name="dicom-pdf",
        suffix=".pdf.dcm",
        media_type=_DICOM,
        address="encapsulated-pdf",
        writer="hilum.reporting.dicom.encapsulated_pdf:write_encapsulated_pdf",
        needs_study=True,
        shows_film=True,
    )
    FHIR = Form(
        name="fhir",
        suffix=".fhir.json",
        media_type="application/fhir+json",
        address="fhir",
        writer="hilum.reporting.fhir:write_bundle",
        shows_film=True,
    )
    JSON = Form(
        name="json",
        suffix=".json",
        media_type="application/json",
        address="figures",
        writer="hilum.reporting.plain_json:as_plain",
    )


DICOM_FORMATS = tuple(each for each in Format if each.form.is_dicom)
"""What can be sent to a peer, by C-STORE or STOW-RS."""
