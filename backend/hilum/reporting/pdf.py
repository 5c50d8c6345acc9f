"""PDF report: image, evidence, text for clinician and patient; further findings if need be."""

import io
import time
from collections.abc import Iterator

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from hilum.reporting.errors import ReportError
from hilum.reporting.identity import identity_line
from hilum.reporting.page import Page
from hilum.reporting.report import Report
from hilum.reporting.second_page import SecondPage
from hilum.reporting.typesetting import register_fonts

# Pictures as bytes: ASCII, which was for seven-bit mail, costs time and a quarter more room.
rl_config.useA85 = 0

_SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76)
"""Scales of type, tried until the films are large enough: 6.8 points is the least for text."""


def write_pdf(report: Report, *, identity: str | None = None) -> bytes:
    """Set the report on one A4 page, or on two if its findings do not fit on one.

    Parameters
    ----------
    identity : str, optional
        Line with the identity of the patient, for a page in the patient's record.

    Returns
    -------
    bytes
        PDF 1.7 with title and language, all fonts embedded; the same for the same report.

    Raises
    ------
    ReportError
        There is more to say than the pages hold.
    """
    register_fonts()
    pages = next(_laid_out(report, identity), None)
    if pages is None:
        raise ReportError(
            "The report does not fit its pages: the texts of the model's card or of the language "
            "are too long."
        )
    buffer = io.BytesIO()
    words, model = report.catalogue, report.facts.model
    canvas = Canvas(buffer, pagesize=A4, invariant=1, lang=words.language, pdfVersion=(1, 7))
    # Invariant output carries a fixed date: the report's own is as reproducible, and true.
    stamp, made = canvas._doc._timeStamp, report.created.utctimetuple()
    stamp.t, stamp.lt, stamp.YMDhms = report.created.timestamp(), time.struct_time(made), made[:6]
    canvas.setTitle(words.say("page.title"))
    canvas.setAuthor("Hilum")
    canvas.setCreator(f"Hilum, {model.name} {model.version}")
    canvas.setSubject(words.say("page.subject", model=model.name, version=model.version))
    canvas.setKeywords(words.say("page.keywords"))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for page in pages:
        page.draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _laid_out(report: Report, identity: str | None) -> Iterator[list[Page | SecondPage]]:
    """Layouts in which everything fits, the best first."""
    for scale in _SCALES:
        page = Page(report, scale, identity)
        if page.fits:
            yield [page]
    if report.words.others:
        for scale in _SCALES:
            page = Page(report, scale, identity, others_apart=True)
            second = SecondPage(report, scale, identity)
            if page.fits and second.fits:
                yield [page, second]


def write_identified_pdf(report: Report) -> bytes:
    """Write the report with the identity of the patient.

    Returns
    -------
    bytes
        As `write_pdf`.

    Raises
    ------
    ReportError
        The file is no DICOM image that results can be put beside, or there is more to say than
        the pages hold.
    """
    source = report.source.header("A page with the patient's name")
    return write_pdf(report, identity=identity_line(report, source))
